import { cleanText } from './charset.js';
import { htmlBeforeQuote, htmlToText } from './html-text.js';
import type { Mail } from './mail.payload.js';
import { LONGEST_TEXT } from './mail-reading.js';
import { replyText } from './reply-text.js';

/** A mail's words. */
export interface MailText {
  /** Without quotes and signature; null where there are none. */
  readonly text: string | null;
  readonly fullText: string | null;
}

/** The plain text where the sender's program wrote one, else the HTML made readable; messages inside stand in the full text. */
export function mailText({ text, html, forwarded }: Pick<Mail, 'text' | 'html' | 'forwarded'>): MailText {
  const plain = text === null ? '' : cleanText(text).trim();
  const whole = plain || (html === null ? '' : htmlToText(html));
  const before = plain === '' && html !== null ? htmlBeforeQuote(html) : null;
  const own = replyText(before === null ? whole : htmlToText(before));
  const full = [whole, ...forwarded.map((message) => `---\n${message}`)].filter(Boolean).join('\n\n');
  return { text: own || null, fullText: full.slice(0, LONGEST_TEXT) || null };
}
