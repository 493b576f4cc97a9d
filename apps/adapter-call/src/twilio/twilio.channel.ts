import {
  defineDoor,
  defineVendor,
  type ChannelAccount,
  type Door,
  type DoorAnswer,
  type DoorRequest,
} from '@lienmach/adapter-kit';
import { isTelephone, ownNumbersOf } from '../party.rules.js';
import { NO_MORE, routeCall } from './twiml.rules.js';
import { TwilioVoiceSettings } from './twilio.config.js';
import { normaliseTwilio } from './twilio.normalise.js';
import { readTwilio, type TwilioPayload } from './twilio.payload.js';
import { verifyTwilio } from './twilio.signature.js';

const PATH = '/webhooks/call/twilio';
/** Addresses that Twilio is given beside the answer door; what a request says is told by its fields, so that each takes every kind. */
const PLACES = ['status', 'recording', 'gather', 'survey', 'dial-complete', 'voicemail'] as const;

/** How a `<Dial>` ends after which nobody else is rung. */
const TALKED: ReadonlySet<string> = new Set(['completed', 'answered', 'canceled']);

const answerDoor: Door<TwilioVoiceSettings, TwilioPayload> = {
  path: `${PATH}/:account`,
  methods: ['GET', 'POST'],
  accountIn: 'path-id',
  contentTypes: ['application/x-www-form-urlencoded'],
  verify: (request, { settings }) => verifyTwilio(request, settings.authToken),
  parse: readTwilio,
  normalise: (payload, _accounts, request, owner) => normaliseTwilio(payload, owner, request),
  answer: (request, account, payload) => {
    if (payload && (payload.isProgress || payload.recording?.status)) return { status: 200 };
    return twiml(payload && account ? instruct(payload, account, request) : NO_MORE);
  },
};

const twiml = (body: string): DoorAnswer => ({ status: 200, contentType: 'text/xml; charset=utf-8', body });

function instruct(
  { from, to, digits, recording, dial }: TwilioPayload,
  { id, settings }: ChannelAccount<TwilioVoiceSettings>,
  { publicUrl, query }: DoorRequest,
): string {
  const isOver = digits !== null || recording !== null || (dial !== null && TALKED.has(dial.status));
  if (isOver || (dial && from?.startsWith('client:'))) return NO_MORE;
  const rung = dial ? Math.max(0, Math.trunc(Number(query.get('rung') ?? Infinity))) : 0;
  const callerId = [id, ...(settings.hotlines ?? [])].find(isTelephone);
  return routeCall({ from, to, rung }, settings, `${publicUrl}${PATH}/${encodeURIComponent(id)}`, callerId);
}

export const twilio = defineVendor<TwilioVoiceSettings>({
  name: 'twilio',
  settings: TwilioVoiceSettings,
  secrets: ['authToken'],
  answerWithinSeconds: 15,
  ownNumbers: ownNumbersOf,
  doors: [answerDoor, ...PLACES.map((place) => ({ ...answerDoor, path: `${PATH}/:account/${place}` }))].map((door) =>
    defineDoor(door),
  ),
});
