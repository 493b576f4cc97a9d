import { defineChannel, defineDoor, defineVendor, parseLosslessJson } from '@lienmach/adapter-kit';
import { ZaloSettings } from './zalo.config.js';
import { normaliseZalo } from './zalo.normalise.js';
import { readZalo, type ZaloPayload } from './zalo.payload.js';
import { verifyZalo } from './zalo.signature.js';

const webhook = defineDoor<ZaloSettings, ZaloPayload>({
  path: '/webhooks/zalo/:account',
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify: ({ body, headers }, { settings }) => verifyZalo(body, headers['x-zalo-signature'], settings.secret),
  parse: ({ body }) => readZalo(parseLosslessJson(body)),
  normalise: normaliseZalo,
});

export const zalo = defineChannel({
  name: 'zalo',
  defaultPort: 3102,
  vendors: [
    defineVendor<ZaloSettings>({
      name: 'zalo',
      settings: ZaloSettings,
      secrets: ['secret'],
      answerWithinSeconds: 5,
      doors: [webhook],
    }),
  ],
});
