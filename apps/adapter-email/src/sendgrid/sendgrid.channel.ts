import { defineDoor, defineVendor, parseLosslessJson, type Door } from '@lienmach/adapter-kit';
import { MAIL_BODY } from '../mail-door.js';
import { mailOut } from '../mail.sender.js';
import { OUTBOUND_SECRETS } from '../outbound-mail.config.js';
import { ownMailboxes } from '../own-mailboxes.js';
import { SendgridSettings } from './sendgrid.config.js';
import { normaliseSendgridEvents, normaliseSendgridMail } from './sendgrid.normalise.js';
import { readSendgridEvents, readSendgridMail, type SendgridEvents, type SendgridMail } from './sendgrid.payload.js';
import { verifySendgrid } from './sendgrid.signature.js';

const PATH = '/webhooks/email/sendgrid/:secret';

const verify: Door<SendgridSettings>['verify'] = (request, { settings }) =>
  verifySendgrid(request, settings.verificationKey);

/** Inbound Parse, its fields taken apart or the mail whole. */
const inbound = defineDoor<SendgridSettings, SendgridMail>({
  path: PATH,
  methods: ['POST'],
  accountIn: 'path-secret',
  contentTypes: ['multipart/form-data'],
  maxBodyBytes: MAIL_BODY,
  verify,
  parse: readSendgridMail,
  normalise: (payload, _accounts, { body }, owner) => normaliseSendgridMail(payload, body, owner),
});

/** Event Webhook. */
const events = defineDoor<SendgridSettings, SendgridEvents>({
  path: `${PATH}/events`,
  methods: ['POST'],
  accountIn: 'path-secret',
  contentTypes: ['application/json'],
  verify,
  parse: ({ body }) => readSendgridEvents(parseLosslessJson(body)),
  normalise: (payload, _accounts, _request, owner) => normaliseSendgridEvents(payload, owner),
});

export const sendgrid = defineVendor<SendgridSettings>({
  name: 'sendgrid',
  settings: SendgridSettings,
  secrets: ['secret', ...OUTBOUND_SECRETS],
  answerWithinSeconds: 15,
  ownNumbers: ownMailboxes,
  doors: [inbound, events],
  ...mailOut,
});
