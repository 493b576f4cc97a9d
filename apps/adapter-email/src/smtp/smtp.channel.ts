import { defineDoor, defineVendor } from '@lienmach/adapter-kit';
import { MAIL_BODY } from '../mail-door.js';
import { OUTBOUND_SECRETS } from '../outbound-mail.config.js';
import { ownMailboxes } from '../own-mailboxes.js';
import { SmtpDoorSettings } from './smtp.config.js';
import { normaliseSmtpMail } from './smtp.normalise.js';
import { readSmtpMail, type SmtpMail } from './smtp.payload.js';
import { startSmtpDoor } from './smtp.server.js';

const door = defineDoor<SmtpDoorSettings, SmtpMail>({
  path: '/smtp/:account',
  methods: ['POST'],
  accountIn: 'connection',
  contentTypes: ['message/rfc822'],
  maxBodyBytes: MAIL_BODY,
  verify: () => true,
  parse: readSmtpMail,
  normalise: (payload, _accounts, _request, owner) => normaliseSmtpMail(payload, owner),
});

export const smtp = defineVendor<SmtpDoorSettings>({
  name: 'smtp',
  settings: SmtpDoorSettings,
  secrets: [...OUTBOUND_SECRETS],
  answerWithinSeconds: 60,
  ownNumbers: ownMailboxes,
  doors: [],
  server: { door, start: startSmtpDoor },
});
