import { defineDoor, defineVendor, type DoorRequest } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';
import { MAIL_BODY } from '../mail-door.js';
import { mailOut } from '../mail.sender.js';
import { OUTBOUND_SECRETS } from '../outbound-mail.config.js';
import { ownMailboxes } from '../own-mailboxes.js';
import { SesSettings } from './ses.config.js';
import { normaliseSns } from './ses.normalise.js';
import { readSns, type SnsMessage } from './ses.payload.js';
import { isCertificateUrl, isOfSameOwner, verifySns } from './ses.signature.js';
import { SnsClient } from './sns.client.js';

const sns = new SnsClient();

/** What the proof needs of a request; undefined for what is nobody's message. */
function signedMessage({ body }: DoorRequest, { topicArn }: SesSettings): SnsMessage | undefined {
  try {
    const message = readSns(body);
    const isOurs = isOfSameOwner(message.topicArn, topicArn) && isCertificateUrl(message.certificateUrl);
    return isOurs ? message : undefined;
  } catch (error) {
    if (error instanceof MalformedPayload) return undefined;
    throw error;
  }
}

/** Received mail and what became of sent mail, by SNS. */
const notifications = defineDoor<SesSettings, SnsMessage>({
  path: '/webhooks/email/ses/:account',
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['text/plain', 'application/json'],
  prepare: (request, { settings }) => {
    const message = signedMessage(request, settings);
    return message && sns.fetchKey(message.certificateUrl);
  },
  verify: (request, { settings }) => {
    const message = signedMessage(request, settings);
    const key = message && sns.key(message.certificateUrl);
    return message !== undefined && key !== undefined && verifySns(message, key);
  },
  parse: ({ body }) => readSns(body),
  normalise: (payload, _accounts, _request, owner) => normaliseSns(payload, owner),
  follow: (_request, _account, { type, subscribeUrl }) =>
    type === 'SubscriptionConfirmation' && subscribeUrl !== null ? sns.confirm(subscribeUrl) : undefined,
  maxBodyBytes: MAIL_BODY,
});

export const ses = defineVendor<SesSettings>({
  name: 'ses',
  settings: SesSettings,
  secrets: [...OUTBOUND_SECRETS],
  answerWithinSeconds: 15,
  ownNumbers: ownMailboxes,
  doors: [notifications],
  ...mailOut,
});
