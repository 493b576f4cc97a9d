import { isAscii, isUtf8 } from 'node:buffer';
import { MalformedPayload } from '@lienmach/contracts';

/** Vendors nest a dozen levels; what goes deeper is made to exhaust a stack. */
const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const NINE = 0x39;
const ZERO = 0x30;
/** The least number of digits that a number beyond 2^53 has. */
const LONG = 16;
const INTEGER = /^-?[1-9]\d*$/;
const QUOTE_BYTE = Buffer.from('"');

/**
 * Reads JSON from a vendor's raw bytes. Whole numbers that JavaScript would round (beyond ±(2^53 − 1)) become strings with the very digits, others stay numbers.
 * @throws MalformedPayload for broken UTF-8, broken JSON and nesting deeper than `maxDepth`
 */
export function parseLosslessJson(bytes: Buffer, { maxDepth = MAX_DEPTH } = {}): unknown {
  // vendors that escape everything else send ASCII, which is decoded ten times as fast
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  if (encoding === 'utf8' && !isUtf8(bytes)) throw new MalformedPayload('the body is not UTF-8');
  const value = parse(bytes, encoding);
  // the rounded ones are found in the result: that is a fraction of the work of looking for them in the bytes
  if (!hasRounded(value, maxDepth)) return value;
  const large = largeIntegers(bytes);
  return large.length === 0 ? value : parse(quoted(bytes, large), encoding);
}

function parse(bytes: Buffer, encoding: 'latin1' | 'utf8'): unknown {
  try {
    return JSON.parse(bytes.toString(encoding));
  } catch (error) {
    throw new MalformedPayload(`the body is not JSON: ${(error as Error).message.slice(0, 80)}`);
  }
}

/** Whether a number in it may stand for other digits; bounds the nesting on the way. */
function hasRounded(value: unknown, depthLeft: number): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return false;
  if (depthLeft === 0) throw new MalformedPayload('the body is nested too deep');
  let found = false;
  if (Array.isArray(value)) {
    for (const item of value) found = hasRounded(item, depthLeft - 1) || found;
  } else {
    for (const key in value) found = hasRounded((value as Record<string, unknown>)[key], depthLeft - 1) || found;
  }
  return found;
}

/** Where in the bytes whole numbers stand that would be rounded, as pairs of start and end. */
function largeIntegers(bytes: Buffer): number[] {
  const large: number[] = [];
  let digits = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte >= ZERO && byte <= NINE) {
      digits++;
    } else {
      if (digits >= LONG) note(bytes, at - digits, at, large);
      digits = 0;
      inString = byte === QUOTE;
    }
  }
  if (digits >= LONG) note(bytes, bytes.length - digits, bytes.length, large);
  return large;
}

function note(bytes: Buffer, from: number, end: number, large: number[]): void {
  const before = bytes[from - 1];
  const start = before === MINUS ? from - 1 : from;
  const after = bytes[end];
  // a fraction or an exponent makes it no whole number
  if (before === 0x2e || before === 0x2b || after === 0x2e || after === 0x65 || after === 0x45) return;
  const token = bytes.toString('latin1', start, end);
  if (INTEGER.test(token) && !Number.isSafeInteger(Number(token))) large.push(start, end);
}

function quoted(bytes: Buffer, large: readonly number[]): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const at of large) {
    parts.push(bytes.subarray(done, at), QUOTE_BYTE);
    done = at;
  }
  return Buffer.concat([...parts, bytes.subarray(done)]);
}
