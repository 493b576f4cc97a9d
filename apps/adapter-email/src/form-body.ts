import { MalformedPayload } from '@lienmach/contracts';
import type { DoorRequest } from '@lienmach/adapter-kit';
import { decodeText } from './charset.js';
import { headerValue } from './header-text.js';
import { parseHeaders, splitMultipart } from './mime-tree.js';

/** One field of a form as bytes: vendors send fields in charsets of their own. */
export interface FormField {
  readonly bytes: Buffer;
  /** Null for what is no file. */
  readonly fileName: string | null;
  readonly contentType: string | null;
}

/** Vendors send some thirty, and one for each attachment. */
const MOST_FIELDS = 1_000;

/** The fields of a form, multipart or urlencoded; of repeated names the first. */
export class FormBody {
  constructor(private readonly fields: ReadonlyMap<string, FormField>) {}

  get names(): readonly string[] {
    return [...this.fields.keys()];
  }

  field(name: string): FormField | undefined {
    return this.fields.get(name);
  }

  /** @param charset as the vendor names it for this field */
  text(name: string, charset: string | null = null): string | null {
    const field = this.fields.get(name);
    return field ? decodeText(field.bytes, charset).text : null;
  }
}

/** The proof of some vendors is a field: a form is read once for it and for what it says. */
const read = new WeakMap<DoorRequest, FormBody>();

/** @throws MalformedPayload for what is no form */
export function parseForm(request: DoorRequest): FormBody {
  const known = read.get(request);
  if (known) return known;
  const form = parse(request);
  read.set(request, form);
  return form;
}

function parse({ body, headers }: DoorRequest): FormBody {
  const type = headerValue(headers['content-type'] ?? '');
  if (type.value === 'application/x-www-form-urlencoded') return new FormBody(urlencodedFields(body));
  const boundary = type.params.get('boundary');
  if (type.value !== 'multipart/form-data' || !boundary) throw new MalformedPayload('expected a form');
  const fields = new Map<string, FormField>();
  for (const part of splitMultipart(body, boundary)) {
    const [name, field] = multipartField(part);
    if (name !== null && !fields.has(name)) fields.set(name, field);
  }
  if (fields.size === 0) throw new MalformedPayload('the form has no fields');
  return new FormBody(fields);
}

function multipartField(part: Buffer): [name: string | null, field: FormField] {
  const windows = part.indexOf('\r\n\r\n');
  const end = windows >= 0 ? windows : part.indexOf('\n\n');
  const headers = parseHeaders(end < 0 ? part : part.subarray(0, end));
  const { params } = headers.value('content-disposition');
  const bytes = end < 0 ? Buffer.alloc(0) : part.subarray(end + (windows >= 0 ? 4 : 2));
  return [
    params.get('name') ?? null,
    { bytes, fileName: params.get('filename') ?? null, contentType: headers.raw('content-type') },
  ];
}

function urlencodedFields(body: Buffer): Map<string, FormField> {
  const fields = new Map<string, FormField>();
  let start = 0;
  while (start < body.length) {
    const found = body.indexOf(0x26, start);
    const end = found < 0 ? body.length : found;
    const pair = body.subarray(start, end);
    const equals = pair.indexOf(0x3d);
    if (equals > 0) {
      const name = percentDecoded(pair.subarray(0, equals)).toString('utf8');
      const bytes = percentDecoded(pair.subarray(equals + 1));
      if (!fields.has(name)) fields.set(name, { bytes, fileName: null, contentType: null });
      if (fields.size > MOST_FIELDS) throw new MalformedPayload(`a form of more than ${MOST_FIELDS} fields`);
    }
    start = end + 1;
  }
  if (fields.size === 0) throw new MalformedPayload('the form has no fields');
  return fields;
}

const HEX = new Map([...'0123456789abcdefABCDEF'].map((digit) => [digit.charCodeAt(0), parseInt(digit, 16)]));

/** Bytes, not text: what the vendor encoded need not be UTF-8. */
function percentDecoded(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    const high = byte === 0x25 ? HEX.get(bytes[at + 1] ?? -1) : undefined;
    const low = byte === 0x25 ? HEX.get(bytes[at + 2] ?? -1) : undefined;
    if (high !== undefined && low !== undefined) {
      out[length++] = (high << 4) | low;
      at += 2;
    } else out[length++] = byte === 0x2b ? 0x20 : byte;
  }
  return out.subarray(0, length);
}
