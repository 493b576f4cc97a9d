import { defineChannel, defineDoor, defineVendor, parseLosslessJson } from '@lienmach/adapter-kit';
import { SmsSettings } from './sms.config.js';
import { normaliseSms } from './sms.normalise.js';
import { readSms, type SmsPayload } from './sms.payload.js';
import { verifySms } from './sms.signature.js';

const webhook = defineDoor<SmsSettings, SmsPayload>({
  path: '/webhooks/sms/:account',
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify: ({ body, headers }, { settings }) => verifySms(body, headers['x-sms-signature'], settings.secret),
  parse: ({ body }) => readSms(parseLosslessJson(body)),
  normalise: normaliseSms,
});

export const sms = defineChannel({
  name: 'sms',
  defaultPort: 3104,
  vendors: [
    defineVendor<SmsSettings>({
      name: 'sms',
      settings: SmsSettings,
      secrets: ['secret'],
      answerWithinSeconds: 5,
      doors: [webhook],
    }),
  ],
});
