import { defineChannel } from '@lienmach/adapter-kit';
import { imap } from './imap/imap.channel.js';
import { mailgun } from './mailgun/mailgun.channel.js';
import { postmark } from './postmark/postmark.channel.js';
import { sendgrid } from './sendgrid/sendgrid.channel.js';
import { ses } from './ses/ses.channel.js';
import { smtp } from './smtp/smtp.channel.js';

export const email = defineChannel({
  name: 'email',
  defaultPort: 3103,
  vendors: [postmark, sendgrid, mailgun, ses, smtp, imap],
});
