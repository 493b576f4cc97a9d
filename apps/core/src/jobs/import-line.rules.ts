import { MalformedPayload, type CustomerRecordData } from '@lienmach/contracts';
import { customerRecord, type CustomerRecord } from '../identity/customer-record.rules.js';
import { decode } from '../ingest/steps/decode.step.js';
import { validateRecord } from '../ingest/steps/validate.step.js';

/** Some lines of a body, with the number of the first. */
export interface Part {
  readonly firstLine: number;
  readonly bytes: Buffer;
}

export interface Line {
  /** Counted from 1 over the whole body, empty lines too. */
  readonly line: number;
  readonly bytes: Buffer;
}

const LINE_FEED = 0x0a;
/** Longer than any record: fifty numbers, fifty addresses and a name. */
const LONGEST_LINE = 64 * 1024;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const SPACES: ReadonlySet<number> = new Set(Buffer.from(' \t\r\n'));

/** The lines that are not empty. */
export function* linesOf({ firstLine, bytes }: Part): Generator<Line> {
  let line = firstLine;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(LINE_FEED, from);
    const to = end === -1 ? bytes.length : end;
    const own = bytes.subarray(from, to);
    if (!isEmpty(own)) yield { line, bytes: own };
    from = to + 1;
  }
}

/** Cuts a body into parts of so many lines that are not empty, and counts those. */
export function partsOf(body: Buffer, linesEach: number): { parts: Part[]; total: number } {
  const parts: Part[] = [];
  const begin = body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let [total, held, from, firstLine, line] = [0, 0, begin, 1, 1];
  for (let start = begin; start < body.length; line += 1) {
    const end = body.indexOf(LINE_FEED, start);
    const next = end === -1 ? body.length : end + 1;
    if (!isEmpty(body.subarray(start, next))) held += 1;
    if (held === linesEach || next === body.length) {
      if (held > 0) parts.push({ firstLine, bytes: body.subarray(from, next) });
      total += held;
      [held, from, firstLine] = [0, next, line + 1];
    }
    start = next;
  }
  return { parts, total };
}

/** @throws MalformedPayload with what is wrong with the line */
export function readLine({ bytes }: Line): CustomerRecord {
  if (bytes.length > LONGEST_LINE) throw new MalformedPayload(`is longer than ${LONGEST_LINE} bytes`);
  const { event } = decode<CustomerRecordData>(bytes);
  validateRecord(event);
  return customerRecord(event);
}

function isEmpty(bytes: Buffer): boolean {
  return bytes.every((byte) => SPACES.has(byte));
}
