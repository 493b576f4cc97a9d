import { defineVendor } from '@lienmach/adapter-kit';
import { mailOut } from '../mail.sender.js';
import { OUTBOUND_SECRETS } from '../outbound-mail.config.js';
import { ownMailboxes } from '../own-mailboxes.js';
import { wholeMailDoor } from '../whole-mail-door.js';
import { startImapClients } from './imap.client.js';
import { ImapSettings } from './imap.config.js';

export const imap = defineVendor<ImapSettings>({
  name: 'imap',
  settings: ImapSettings,
  secrets: ['imap', ...OUTBOUND_SECRETS],
  answerWithinSeconds: 60,
  ownNumbers: ownMailboxes,
  doors: [],
  server: { door: wholeMailDoor('/imap/:account'), start: startImapClients },
  ...mailOut,
});
