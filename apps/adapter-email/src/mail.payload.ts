import type { MailAddress } from './mail-address.js';
import type { MailReport } from './mail-report.js';
import type { MimeHeaders } from './mime-tree.js';

/** A mail whatever way it came, before anything is decided about it. */
export interface Mail {
  readonly headers: MimeHeaders;
  readonly from: MailAddress | null;
  /** One From header with one address: of several nobody can say which was proven. */
  readonly hasOneFrom: boolean;
  readonly replyTo: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string | null;
  /** Text that the sender's program wrote as such; null where there was HTML only. */
  readonly text: string | null;
  readonly html: string | null;
  readonly attachments: readonly MailAttachment[];
  /** Texts of messages inside, for the full text alone. */
  readonly forwarded: readonly string[];
  /** Method of a calendar part, such as REQUEST. */
  readonly calendar: string | null;
  readonly report: MailReport | null;
  /** Text or subject had to be decoded by guess. */
  readonly guessedCharset: boolean;
}

export interface MailAttachment {
  /** As the sender wrote it. */
  readonly fileName: string | null;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly inline: boolean;
  readonly bytes: Buffer;
}

/** Whether somebody proved the From: by a verdict of whoever took the mail in. */
export type Authentication = 'pass' | 'fail' | 'none';

/** What the transport knows of a mail beside the mail. */
export interface MailEnvelope {
  /** MAIL FROM; empty for a bounce, null where the transport does not say. */
  readonly from: string | null;
  /** RCPT TO. */
  readonly to: readonly string[];
  readonly authentication: Authentication;
  /** Stands in for a Message-ID that is missing: the same whenever the mail is delivered again. */
  readonly fallbackId: string;
  /** The vendor's own id and other fields worth keeping. */
  readonly vendorData: Readonly<Record<string, unknown>>;
}
