import { defineChannel, defineDoor, defineVendor, parseLosslessJson } from '@lienmach/adapter-kit';
import { EmailSettings } from './email.config.js';
import { normaliseEmail } from './email.normalise.js';
import { readEmail, type EmailPayload } from './email.payload.js';
import { verifyEmail } from './email.signature.js';

const webhook = defineDoor<EmailSettings, EmailPayload>({
  path: '/webhooks/email/:account',
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify: ({ body, headers }, { settings }) => verifyEmail(body, headers['x-email-signature'], settings.secret),
  parse: ({ body }) => readEmail(parseLosslessJson(body)),
  normalise: normaliseEmail,
});

export const email = defineChannel({
  name: 'email',
  defaultPort: 3103,
  vendors: [
    defineVendor<EmailSettings>({
      name: 'email',
      settings: EmailSettings,
      secrets: ['secret'],
      answerWithinSeconds: 5,
      doors: [webhook],
    }),
  ],
});
