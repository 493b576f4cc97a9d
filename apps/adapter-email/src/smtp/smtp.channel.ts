import { defineVendor } from '@lienmach/adapter-kit';
import { mailOut } from '../mail.sender.js';
import { OUTBOUND_SECRETS } from '../outbound-mail.config.js';
import { ownMailboxes } from '../own-mailboxes.js';
import { wholeMailDoor } from '../whole-mail-door.js';
import { SmtpDoorSettings } from './smtp.config.js';
import { startSmtpDoor } from './smtp.server.js';

export const smtp = defineVendor<SmtpDoorSettings>({
  name: 'smtp',
  settings: SmtpDoorSettings,
  secrets: [...OUTBOUND_SECRETS],
  answerWithinSeconds: 60,
  ownNumbers: ownMailboxes,
  doors: [],
  server: { door: wholeMailDoor('/smtp/:account'), start: startSmtpDoor },
  ...mailOut,
});
