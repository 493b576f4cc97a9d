import { decodeText } from './charset.js';
import { messageId, messageIds } from './mail-address.js';
import { parseHeaders, type MimeHeaders, type MimePart } from './mime-tree.js';

/** What became of one recipient (RFC 3464). */
export interface ReportedRecipient {
  readonly address: string | null;
  /** `failed`, `delayed`, `delivered`, `relayed`, `expanded`. */
  readonly action: string;
  /** Enhanced status code, `5.1.1`. */
  readonly status: string | null;
  readonly diagnostic: string | null;
}

/** The mail that a report is about. */
export interface ReportedMail {
  readonly messageId: string | null;
  /** First of its References, else its In-Reply-To: the thread that it belongs to; null where it began one. */
  readonly root: string | null;
}

export type MailReport =
  | { readonly kind: 'delivery'; readonly recipients: readonly ReportedRecipient[]; readonly original: ReportedMail }
  | { readonly kind: 'disposition'; readonly disposition: string; readonly original: ReportedMail }
  | { readonly kind: 'feedback'; readonly feedback: string; readonly original: ReportedMail };

/** A list in a report that was made to exhaust a reader. */
const MOST_RECIPIENTS = 200;

/** The machine's part of a report (RFC 3464, 5965, 8098); null for what is none. */
export function readReport(root: MimePart): MailReport | null {
  const parts = flattened(root);
  const find = (type: string): MimePart | undefined => parts.find((part) => part.type === type);
  const original = originalOf(parts);
  const delivery = find('message/delivery-status') ?? find('message/global-delivery-status');
  if (delivery) return { kind: 'delivery', recipients: recipientsOf(delivery), original };
  const disposition = find('message/disposition-notification') ?? find('message/global-disposition-notification');
  if (disposition) {
    const fields = parseHeaders(disposition.body);
    const named = messageId(fields.raw('original-message-id'));
    return {
      kind: 'disposition',
      disposition: (fields.text('disposition')?.split(';')[1] ?? '').trim().split('/')[0]!.toLowerCase(),
      original: { ...original, messageId: named ?? original.messageId },
    };
  }
  const feedback = find('message/feedback-report');
  if (!feedback) return null;
  return { kind: 'feedback', feedback: parseHeaders(feedback.body).text('feedback-type') ?? 'other', original };
}

/** Whether these parts are a report's and no attachments. */
export const isReportPart = (type: string): boolean =>
  /^message\/(?:(?:global-)?(?:delivery-status|disposition-notification)|feedback-report)$/.test(type) ||
  type === 'text/rfc822-headers' ||
  type === 'message/global-headers';

function flattened(part: MimePart): MimePart[] {
  return [part, ...part.children.flatMap(flattened)];
}

function recipientsOf({ body }: MimePart): ReportedRecipient[] {
  // the first block is about the whole mail, each further one about a recipient
  const [, ...blocks] = body.toString('latin1').split(/\r?\n[ \t]*\r?\n/);
  return blocks.slice(0, MOST_RECIPIENTS).flatMap((block) => {
    const fields = parseHeaders(Buffer.from(block, 'latin1'));
    const action = fields.text('action')?.toLowerCase();
    if (!action) return [];
    return [
      {
        address: typed(fields.text('original-recipient') ?? fields.text('final-recipient')),
        action,
        status: /\d\.\d{1,3}\.\d{1,3}/.exec(fields.text('status') ?? '')?.[0] ?? null,
        diagnostic: typed(fields.text('diagnostic-code')),
      },
    ];
  });
}

/** `rfc822; a@b.example` → `a@b.example`. */
function typed(text: string | null): string | null {
  if (text === null) return null;
  const semicolon = text.indexOf(';');
  return text.slice(semicolon + 1).trim() || null;
}

function originalOf(parts: readonly MimePart[]): ReportedMail {
  const headers = originalHeaders(parts);
  if (!headers) return { messageId: null, root: null };
  return {
    messageId: messageId(headers.raw('message-id')),
    root: messageIds(headers.raw('references'))[0] ?? messageIds(headers.raw('in-reply-to'))[0] ?? null,
  };
}

function originalHeaders(parts: readonly MimePart[]): MimeHeaders | null {
  const whole = parts.find(({ type, children }) => /^message\/(?:rfc822|global)$/.test(type) && children.length > 0);
  if (whole) return whole.children[0]!.headers;
  const alone = parts.find(({ type }) => type === 'text/rfc822-headers' || type === 'message/global-headers');
  return alone ? parseHeaders(alone.body) : null;
}

/** A sentence for whoever reads why a mail did not arrive. */
export function reasonOf({ address, status, diagnostic }: ReportedRecipient): string {
  const text = [address, status, diagnostic && decodeText(Buffer.from(diagnostic)).text].filter(Boolean).join(': ');
  return (text || 'not delivered').slice(0, 1_000);
}
