import { MalformedPayload } from '@lienmach/contracts';
import { headerText, headerValue, type HeaderValue } from './header-text.js';
import { decodeTransfer } from './transfer-encoding.js';

/** Nobody writes more by hand; what has more was made to exhaust a reader. */
const MOST_HEAD_BYTES = 256 * 1024;
const MOST_PARTS = 500;
const MOST_NESTING = 20;
/** Of the line of a delimiter after the boundary itself. */
const LONGEST_PADDING = 200;

const EMPTY = Buffer.alloc(0);
const LF = 0x0a;
const DASH = 0x2d;

/** The headers of a mail or of a part, in order; names in lower case, values one character for each byte, unfolded. */
export class MimeHeaders {
  constructor(readonly entries: readonly (readonly [name: string, value: string])[]) {}

  /** Bytes of the first header of that name. */
  raw(name: string): string | null {
    return this.entries.find(([each]) => each === name)?.[1] ?? null;
  }

  /** The first header of that name as people read it. */
  text(name: string): string | null {
    const raw = this.raw(name);
    return raw === null ? null : headerText(raw);
  }

  all(name: string): string[] {
    return this.entries.filter(([each]) => each === name).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.entries.some(([each]) => each === name);
  }

  value(name: string): HeaderValue {
    return headerValue(this.raw(name) ?? '');
  }
}

/** One part of a mail; the mail itself is one. */
export interface MimePart {
  readonly headers: MimeHeaders;
  /** `text/plain` */
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
  /** `inline`, `attachment` or empty. */
  readonly disposition: string;
  /** As the sender wrote it: never to be used as a path. */
  readonly fileName: string | null;
  /** Without angle brackets. */
  readonly contentId: string | null;
  /** Decoded; empty for a multipart. */
  readonly body: Buffer;
  /** Of a multipart; a message inside is a part with one child, that message. */
  readonly children: readonly MimePart[];
}

interface Budget {
  parts: number;
}

/** @throws MalformedPayload for what was made to exhaust a reader; anything else is read as well as it can be */
export function parseMime(bytes: Buffer): MimePart {
  return parsePart(bytes, { parts: MOST_PARTS }, 0, 'text/plain');
}

function parsePart(bytes: Buffer, budget: Budget, depth: number, defaultType: string): MimePart {
  if (budget.parts-- === 0) throw new MalformedPayload(`a mail of more than ${MOST_PARTS} parts`);
  if (depth > MOST_NESTING) throw new MalformedPayload(`a mail nested deeper than ${MOST_NESTING} levels`);
  const { head, body } = splitHead(bytes);
  const headers = parseHeaders(head);
  const content = headers.value('content-type');
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(content.value) ? content.value : defaultType;
  const disposition = headers.value('content-disposition');
  const encoding = headers.value('content-transfer-encoding').value;
  const boundary = content.params.get('boundary');
  const part = {
    headers,
    type,
    params: content.params,
    disposition: disposition.value,
    fileName: disposition.params.get('filename') || content.params.get('name') || null,
    contentId: headers.raw('content-id')?.replace(/[<>\s]/g, '') || null,
  };
  if (type.startsWith('multipart/') && boundary) {
    const inner = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    const children = splitMultipart(body, boundary).map((each) => parsePart(each, budget, depth + 1, inner));
    return { ...part, body: EMPTY, children };
  }
  const decoded = decodeTransfer(body, encoding);
  const children =
    type === 'message/rfc822' || type === 'message/global' ? [parsePart(decoded, budget, depth + 1, 'text/plain')] : [];
  return { ...part, body: decoded, children };
}

function splitHead(bytes: Buffer): { head: Buffer; body: Buffer } {
  // a part without headers begins with its empty line
  if (bytes[0] === LF) return { head: EMPTY, body: bytes.subarray(1) };
  if (bytes[0] === 0x0d && bytes[1] === LF) return { head: EMPTY, body: bytes.subarray(2) };
  let end = -1;
  let next = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    const width = bytes[at + 1] === LF ? 1 : bytes[at + 1] === 0x0d && bytes[at + 2] === LF ? 2 : 0;
    if (width === 0) continue;
    end = at;
    next = at + 1 + width;
    break;
  }
  const head = end < 0 ? bytes : bytes.subarray(0, end);
  if (head.length > MOST_HEAD_BYTES) throw new MalformedPayload('the headers of a mail are too long');
  return { head, body: end < 0 ? EMPTY : bytes.subarray(next) };
}

/** Lines that are no header, such as the `From ` of a mailbox file, are passed over. */
export function parseHeaders(head: Buffer): MimeHeaders {
  const lines = head
    .toString('latin1')
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/);
  const entries = lines.flatMap((line) => {
    const match = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/s.exec(line);
    return match ? [[match[1]!.toLowerCase(), match[2]!.trim()] as const] : [];
  });
  return new MimeHeaders(entries);
}

/** The parts between the delimiters, as bytes; a missing last delimiter ends with the body. */
export function splitMultipart(body: Buffer, boundary: string): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: Buffer[] = [];
  let start = -1;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== LF) continue;
    const after = at + delimiter.length;
    const closes = body[after] === DASH && body[after + 1] === DASH;
    const found = body.indexOf(LF, after);
    const lineEnd = found < 0 ? body.length : found;
    // another boundary may begin with this one
    if (lineEnd - after > LONGEST_PADDING) continue;
    if (body.toString('latin1', closes ? after + 2 : after, lineEnd).trim() !== '') continue;
    if (start >= 0) parts.push(body.subarray(start, Math.max(start, withoutLineEnd(body, at))));
    if (closes || found < 0) return parts;
    if (parts.length > MOST_PARTS) throw new MalformedPayload(`a body of more than ${MOST_PARTS} parts`);
    start = lineEnd + 1;
  }
  if (start >= 0 && start < body.length) parts.push(body.subarray(start));
  return parts;
}

/** The line end before a delimiter belongs to it. */
function withoutLineEnd(body: Buffer, at: number): number {
  if (at === 0) return 0;
  return body[at - 2] === 0x0d ? at - 2 : at - 1;
}
