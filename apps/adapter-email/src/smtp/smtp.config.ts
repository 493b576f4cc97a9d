import { OutboundMailSettings } from '../outbound-mail.config.js';

/** The account's id is the mailbox that mail is sent to; a plus part before its @ may follow the name. */
export class SmtpDoorSettings extends OutboundMailSettings {}
