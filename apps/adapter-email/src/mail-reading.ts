import { decodeText } from './charset.js';
import { htmlToText } from './html-text.js';
import { addressesIn, parseAddresses, type MailAddress } from './mail-address.js';
import { isReportPart, readReport, type MailReport } from './mail-report.js';
import type { Mail, MailAttachment } from './mail.payload.js';
import { MimeHeaders, parseMime, type MimePart } from './mime-tree.js';

/** Texts past this are cut: an event has to fit into its record beside the stripped text. */
export const LONGEST_TEXT = 400_000;

interface Collected {
  readonly texts: string[];
  readonly htmls: string[];
  readonly attachments: MailAttachment[];
  readonly forwarded: string[];
  calendar: string | null;
  guessed: boolean;
}

/** Reads a whole mail (RFC 5322). */
export function readMail(bytes: Buffer): Mail {
  const root = parseMime(bytes);
  const found: Collected = {
    texts: [],
    htmls: [],
    attachments: [],
    forwarded: [],
    calendar: null,
    guessed: false,
  };
  const isReport = root.type === 'multipart/report';
  collect(root, found, isReport);
  const subject = root.headers.raw('subject');
  return {
    ...headFields(root.headers),
    text: found.texts.length > 0 ? found.texts.join('\n\n').slice(0, LONGEST_TEXT) : null,
    html: found.htmls.length > 0 ? found.htmls.join('\n') : null,
    attachments: found.attachments,
    forwarded: found.forwarded,
    calendar: found.calendar,
    report: isReport ? readReport(root) : null,
    guessedCharset: found.guessed || (subject !== null && decodeText(Buffer.from(subject, 'latin1')).guessed),
  };
}

type HeadFields = Pick<Mail, 'headers' | 'from' | 'hasOneFrom' | 'replyTo' | 'to' | 'cc' | 'subject'>;

/** What the headers alone say. */
export function headFields(headers: MimeHeaders): HeadFields {
  const written = headers.all('from');
  const senders = parseAddresses(written[0] ?? null);
  return {
    headers,
    from: senders[0] ?? parseAddresses(headers.raw('sender'))[0] ?? null,
    hasOneFrom: written.length === 1 && senders.length === 1,
    replyTo: parseAddresses(headers.raw('reply-to')),
    to: parseAddresses(headers.raw('to')),
    cc: parseAddresses(headers.raw('cc')),
    subject: headers.text('subject')?.slice(0, 2_000) ?? null,
  };
}

/** A mail that a vendor has taken apart. Its texts are decoded already. */
export function assembledMail(parts: {
  readonly headers: MimeHeaders;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly cc?: string | null;
  readonly subject?: string | null;
  readonly text?: string | null;
  readonly html?: string | null;
  readonly attachments: readonly MailAttachment[];
}): Mail {
  const head = headFields(parts.headers);
  const given = addressesIn(parts.from ?? '');
  const isReport = parts.headers.value('content-type').value === 'multipart/report';
  const listed = (found: readonly MailAddress[], text: string | null | undefined): readonly MailAddress[] =>
    found.length > 0 ? found : addressesIn(text ?? '');
  return {
    ...head,
    from: head.from ?? given[0] ?? null,
    hasOneFrom: parts.headers.has('from') ? head.hasOneFrom : given.length === 1,
    to: listed(head.to, parts.to),
    cc: listed(head.cc, parts.cc),
    subject: (head.subject || parts.subject) ?? null,
    text: parts.text?.trim() ? parts.text.slice(0, LONGEST_TEXT) : null,
    html: parts.html?.trim() ? parts.html : null,
    attachments: parts.attachments,
    forwarded: [],
    calendar: parts.attachments.some(({ contentType }) => contentType === 'text/calendar') ? 'REQUEST' : null,
    report: isReport ? reportIn(parts.attachments) : null,
    guessedCharset: false,
  };
}

/** Headers that a vendor gives as text. */
export function textHeaders(entries: readonly (readonly [name: string, value: string])[]): MimeHeaders {
  return new MimeHeaders(
    entries.map(([name, value]) => [name.toLowerCase(), Buffer.from(value, 'utf8').toString('latin1')]),
  );
}

/** A report that a vendor has taken apart: its machine's parts come as files. */
function reportIn(attachments: readonly MailAttachment[]): MailReport | null {
  const part = (type: string, body: Buffer, children: readonly MimePart[]): MimePart => ({
    headers: new MimeHeaders([]),
    type,
    params: new Map(),
    disposition: '',
    fileName: null,
    contentId: null,
    body,
    children,
  });
  const parts = attachments.map(({ contentType, bytes }) =>
    part(contentType, bytes, contentType === 'message/rfc822' ? [parseMime(bytes)] : []),
  );
  return readReport(part('multipart/report', Buffer.alloc(0), parts));
}

function collect(part: MimePart, found: Collected, inReport: boolean): void {
  if (part.type === 'multipart/alternative') return collectAlternative(part, found, inReport);
  if (part.type.startsWith('multipart/') && part.children.length > 0) {
    for (const child of part.children) collect(child, found, inReport);
    return;
  }
  if (inReport && isReportPart(part.type)) return;
  // what is inside of a report is our own mail come back
  if (part.children.length > 0) return inReport ? undefined : attachMessage(part, found);
  const isBody = part.disposition !== 'attachment' && part.fileName === null;
  if (isBody && part.type === 'text/html') return void found.htmls.push(textOf(part, found));
  if (part.type === 'text/calendar') found.calendar = (part.params.get('method') ?? 'PUBLISH').toUpperCase();
  else if (isBody && isPlain(part)) return void found.texts.push(textOf(part, found));
  attach(part, found);
}

/** Of several renderings of one thing the last plain one and the last HTML one; calendars and files beside them stay. */
function collectAlternative(part: MimePart, found: Collected, inReport: boolean): void {
  const [texts, htmls] = [found.texts.length, found.htmls.length];
  for (const child of part.children) collect(child, found, inReport);
  found.texts.splice(texts, Math.max(0, found.texts.length - texts - 1));
  found.htmls.splice(htmls, Math.max(0, found.htmls.length - htmls - 1));
}

/** Vietnamese senders' programs name types that nobody knows for what is text all the same. */
const isPlain = ({ type }: MimePart): boolean =>
  /^text\/(?:plain|enriched|markdown|x-[\w-]+)$/.test(type) || type.startsWith('multipart/');

function textOf(part: MimePart, found: Collected): string {
  const { text, guessed } = decodeText(part.body, part.params.get('charset') ?? null);
  found.guessed ||= guessed;
  const isFlowed = part.type === 'text/plain' && part.params.get('format')?.toLowerCase() === 'flowed';
  return isFlowed ? unflowed(text, part.params.get('delsp')?.toLowerCase() === 'yes') : text;
}

/** Joins soft-broken lines of one quote depth (RFC 3676). */
export function unflowed(text: string, deletesSpace: boolean): string {
  const lines: { depth: number; text: string; open: boolean }[] = [];
  for (const line of text.split('\n')) {
    const quotes = /^>*/.exec(line)![0].length;
    const content = line.slice(quotes).replace(/^ /, '');
    const isOpen = content.endsWith(' ') && content !== '-- ';
    const part = isOpen && deletesSpace ? content.slice(0, -1) : content;
    const last = lines.at(-1);
    if (last?.open && last.depth === quotes && content !== '-- ') {
      last.text += part;
      last.open = isOpen;
    } else lines.push({ depth: quotes, text: part, open: isOpen });
  }
  return lines.map(({ depth, text: content }) => (depth > 0 ? `${'>'.repeat(depth)} ${content}` : content)).join('\n');
}

function attach(part: MimePart, found: Collected): void {
  if (part.body.length === 0 && part.fileName === null) return;
  found.attachments.push({
    fileName: part.fileName,
    contentType: part.type.startsWith('multipart/') ? 'application/octet-stream' : part.type,
    contentId: part.contentId,
    inline: part.contentId !== null && part.disposition !== 'attachment',
    bytes: part.body,
  });
}

/** A message inside is a file, and its words stand in the full text. */
function attachMessage(part: MimePart, found: Collected): void {
  attach(part, found);
  const inner = part.children[0]!;
  const nested: Collected = { texts: [], htmls: [], attachments: [], forwarded: [], calendar: null, guessed: false };
  collect(inner, nested, false);
  const words = nested.texts.length > 0 ? nested.texts.join('\n\n') : htmlToText(nested.htmls.join('\n'));
  const { headers } = inner;
  const head = ['From', 'Date', 'Subject', 'To'].flatMap((name) => {
    const value = headers.text(name.toLowerCase());
    return value ? [`${name}: ${value}`] : [];
  });
  found.forwarded.push([...head, '', words, ...nested.forwarded].join('\n').trim().slice(0, LONGEST_TEXT));
}
