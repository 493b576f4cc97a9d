import { defineDoor, defineVendor, parseLosslessJson, type Door } from '@lienmach/adapter-kit';
import { MAIL_BODY } from '../mail-door.js';
import { mailOut } from '../mail.sender.js';
import { OUTBOUND_SECRETS } from '../outbound-mail.config.js';
import { ownMailboxes } from '../own-mailboxes.js';
import { MailgunSettings } from './mailgun.config.js';
import { normaliseMailgunEvent, normaliseMailgunMail } from './mailgun.normalise.js';
import {
  proofInForm,
  proofInJson,
  readMailgunEvent,
  readMailgunMail,
  type MailgunEvent,
  type MailgunMail,
} from './mailgun.payload.js';
import { TokenMemory, verifyMailgun, type MailgunProof } from './mailgun.signature.js';

const PATH = '/webhooks/email/mailgun/:account';
const tokens = new TokenMemory();

const verifiedBy =
  (
    proofIn: (request: Parameters<Door<MailgunSettings>['verify']>[0]) => MailgunProof | null,
  ): Door<MailgunSettings>['verify'] =>
  (request, { settings }) => {
    const proof = proofIn(request);
    return proof !== null && verifyMailgun(proof, settings.signingKey) && tokens.admits(proof.token, request.body);
  };

const inbound: Door<MailgunSettings, MailgunMail> = {
  path: PATH,
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/x-www-form-urlencoded', 'multipart/form-data'],
  maxBodyBytes: MAIL_BODY,
  verify: verifiedBy(proofInForm),
  parse: readMailgunMail,
  normalise: (payload, _accounts, _request, owner) => normaliseMailgunMail(payload, owner),
};

/** A route whose address ends so posts the mail whole. */
const mime: Door<MailgunSettings, MailgunMail> = { ...inbound, path: `${PATH}/mime` };

const events = defineDoor<MailgunSettings, MailgunEvent>({
  path: `${PATH}/events`,
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify: verifiedBy(proofInJson),
  parse: ({ body }) => readMailgunEvent(parseLosslessJson(body)),
  normalise: (payload, _accounts, _request, owner) => normaliseMailgunEvent(payload, owner),
});

export const mailgun = defineVendor<MailgunSettings>({
  name: 'mailgun',
  settings: MailgunSettings,
  secrets: ['signingKey', ...OUTBOUND_SECRETS],
  answerWithinSeconds: 15,
  ownNumbers: ownMailboxes,
  doors: [defineDoor(inbound), defineDoor(mime), events],
  ...mailOut,
});
