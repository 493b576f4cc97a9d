import {
  defineDoor,
  defineVendor,
  parseLosslessJson,
  type ChannelAccount,
  type Door,
  type DoorAnswer,
  type DoorRequest,
} from '@lienmach/adapter-kit';
import { accountIdOf, accountOf } from '../door-account.js';
import { ownNumbersOf } from '../party.rules.js';
import { routeCall, type CallQuestion } from './scco.rules.js';
import { StringeeSettings } from './stringee.config.js';
import { normaliseStringee } from './stringee.normalise.js';
import { readStringee, type StringeePayload } from './stringee.payload.js';
import { verifyStringee } from './stringee.signature.js';

const PATH = '/webhooks/call/stringee';
const NOTHING = { events: [], unknown: [], malformed: [] };

const verify: Door<StringeeSettings>['verify'] = (request, { settings }) =>
  verifyStringee(request, settings.signingSecret);

const events: Door<StringeeSettings, StringeePayload> = {
  path: `${PATH}/:account`,
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify,
  parse: ({ body }) => readStringee(parseLosslessJson(body)),
  normalise: (payload, accounts, request) => {
    const account = accountOf(request, accounts);
    return account ? normaliseStringee(payload, account, request.query) : NOTHING;
  },
};

/** eventUrl of an `input` action. */
const dtmf = { ...events, path: `${PATH}/:account/dtmf` };

/**
 * answer_url, and the onFailEventUrl of what we answer there. A question carries no event (what happens to the call comes to the event door), so that it
 * is answered as a handshake: a caller is put through while the broker is away too.
 */
const answer: Door<StringeeSettings, null> = {
  path: `${PATH}/:account/answer`,
  methods: ['GET', 'POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  handshake: (request, accounts) => {
    const account = accounts.find(({ id }) => id === accountIdOf(request));
    return account && verify(request, account) ? answerCall(request, account) : undefined;
  },
  verify,
  parse: () => null,
  normalise: () => NOTHING,
};

function answerCall(request: DoorRequest, account: ChannelAccount<StringeeSettings>): DoorAnswer {
  const eventUrl = `${request.publicUrl}${PATH}/${encodeURIComponent(account.id)}`;
  const question = questionOf(request.query);
  const { from, to } = question;
  const nextUrl = (rung: number) => `${eventUrl}/answer?${new URLSearchParams({ from, to, rung: String(rung) })}`;
  return {
    status: 200,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(routeCall(question, account.settings, { eventUrl, nextUrl })),
  };
}

/** A number asks with from, to, uuid; the project with from, to, userId, callId, custom; our own nextUrl with from, to, rung. */
function questionOf(query: URLSearchParams): CallQuestion {
  return {
    from: query.get('from') || query.get('userId') || '',
    to: query.get('to') ?? '',
    fromInternal: query.get('fromInternal') === 'true',
    custom: query.get('custom') || null,
    rung: Math.max(0, Math.trunc(Number(query.get('rung')))) || 0,
  };
}

export const stringee = defineVendor<StringeeSettings>({
  name: 'stringee',
  settings: StringeeSettings,
  secrets: ['signingSecret', 'apiSecret'],
  answerWithinSeconds: 5,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(events), defineDoor(dtmf), defineDoor(answer)],
});
