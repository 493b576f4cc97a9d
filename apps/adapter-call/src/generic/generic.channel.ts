import { MalformedPayload } from '@lienmach/contracts';
import { defineDoor, defineVendor, parseLosslessJson, type DoorAnswer } from '@lienmach/adapter-kit';
import { accountOf } from '../door-account.js';
import { ownNumbersOf } from '../party.rules.js';
import { GenericCallSettings } from './generic.config.js';
import { normaliseGeneric } from './generic.normalise.js';
import { GENERIC_EVENTS, isGenericEvent, readGeneric, type GenericPayload } from './generic.payload.js';
import { verifyGeneric } from './generic.signature.js';

/** Our own documented door for any PBX: docs/call-door.md. */
const events = defineDoor<GenericCallSettings, GenericPayload>({
  path: '/webhooks/call/generic/:account',
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify: ({ body, headers }, { settings }) => verifyGeneric(body, headers['x-lienmach-signature'], settings.secret),
  parse: ({ body }) => read(body),
  normalise: (payload, accounts, request) => {
    const account = accountOf(request, accounts);
    return account ? normaliseGeneric(payload, account) : { events: [], unknown: [], malformed: [] };
  },
  answer: ({ body }, _account, payload) => outcome(body, payload),
});

function read(body: Buffer): GenericPayload {
  const payload = readGeneric(parseLosslessJson(body));
  if ('problems' in payload) throw new MalformedPayload(payload.problems.join('; '));
  return payload;
}

/** Whoever connects a PBX sees from the answer what became of the event; the status is 200 for whatever is signed and stored. */
function outcome(body: Buffer, payload: GenericPayload | undefined): DoorAnswer {
  const problems = payload ? unknownKind(payload) : unreadable(body);
  return {
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(problems.length === 0 ? { accepted: true } : { accepted: false, problems }),
  };
}

const unknownKind = ({ event }: GenericPayload): string[] =>
  isGenericEvent(event.event) ? [] : [`event must be one of ${Object.keys(GENERIC_EVENTS).join(', ')}`];

function unreadable(body: Buffer): string[] {
  try {
    const payload = readGeneric(parseLosslessJson(body));
    return 'problems' in payload ? payload.problems : [];
  } catch (error) {
    if (error instanceof MalformedPayload) return [error.message];
    throw error;
  }
}

export const generic = defineVendor<GenericCallSettings>({
  name: 'generic',
  settings: GenericCallSettings,
  secrets: ['secret'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [events],
});
