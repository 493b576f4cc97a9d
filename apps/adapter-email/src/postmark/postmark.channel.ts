import { defineDoor, defineVendor, parseLosslessJson } from '@lienmach/adapter-kit';
import { MAIL_BODY } from '../mail-door.js';
import { mailOut } from '../mail.sender.js';
import { OUTBOUND_SECRETS } from '../outbound-mail.config.js';
import { ownMailboxes } from '../own-mailboxes.js';
import { PostmarkSettings } from './postmark.config.js';
import { normalisePostmarkEvent, normalisePostmarkMail } from './postmark.normalise.js';
import { readPostmarkEvent, readPostmarkMail, type PostmarkEvent, type PostmarkMail } from './postmark.payload.js';
import { verifyPostmark } from './postmark.signature.js';

const PATH = '/webhooks/email/postmark/:secret';

const inbound = defineDoor<PostmarkSettings, PostmarkMail>({
  path: PATH,
  methods: ['POST'],
  accountIn: 'path-secret',
  contentTypes: ['application/json'],
  maxBodyBytes: MAIL_BODY,
  verify: verifyPostmark,
  parse: ({ body }) => readPostmarkMail(parseLosslessJson(body)),
  normalise: (payload, _accounts, _request, owner) => normalisePostmarkMail(payload, owner),
});

/** Deliveries, bounces, opens, complaints. */
const events = defineDoor<PostmarkSettings, PostmarkEvent>({
  path: `${PATH}/events`,
  methods: ['POST'],
  accountIn: 'path-secret',
  contentTypes: ['application/json'],
  verify: verifyPostmark,
  parse: ({ body }) => readPostmarkEvent(parseLosslessJson(body)),
  normalise: (payload, _accounts, _request, owner) => normalisePostmarkEvent(payload, owner),
});

export const postmark = defineVendor<PostmarkSettings>({
  name: 'postmark',
  settings: PostmarkSettings,
  secrets: ['secret', ...OUTBOUND_SECRETS],
  answerWithinSeconds: 30,
  ownNumbers: ownMailboxes,
  doors: [inbound, events],
  ...mailOut,
});
