import { defineDoor, defineVendor, fieldsOf, type Door } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { SpeedsmsSettings } from './speedsms.config.js';
import { normaliseSpeedsms } from './speedsms.normalise.js';
import { readSpeedsms, type SpeedsmsPayload } from './speedsms.payload.js';
import { sendBySpeedsms } from './speedsms.sender.js';
import { verifySpeedsms } from './speedsms.signature.js';

const PATH = '/webhooks/sms/speedsms/:secret';

const messages: Door<SpeedsmsSettings, SpeedsmsPayload> = {
  path: PATH,
  methods: ['POST'],
  accountIn: 'path-secret',
  contentTypes: ['application/json'],
  verify: verifySpeedsms,
  parse: (request) => readSpeedsms(fieldsOf(request)),
  normalise: (payload, _accounts, request, owner) => normaliseSpeedsms(payload, owner, request.receivedAt),
};

export const speedsms = defineVendor<SpeedsmsSettings>({
  name: 'speedsms',
  settings: SpeedsmsSettings,
  secrets: ['secret', 'accessToken'],
  answerWithinSeconds: 10,
  ownNumbers: ({ sender }, id) => ownNumbersOf(id, sender),
  doors: [defineDoor(messages), defineDoor({ ...messages, path: `${PATH}/status` })],
  send: sendBySpeedsms,
});
