import type { HeaderValue, OutgoingRecord } from './record.js';

type Headers = NonNullable<OutgoingRecord['headers']>;

const NONE = Buffer.from([0]);
/** Names come from outside too: what is remembered of them must not grow for ever. */
const REMEMBERED = 1_000;
const LONGEST_REMEMBERED = 100;
const names = new Map<string, Buffer>();
/** Headers that are the same object with every record are encoded once. */
const frozen = new WeakMap<Headers, Buffer>();

/** Where blocks are put together; one for all, because nothing here waits. Grows to the largest block seen, which the limits of records bound. */
let scratch = Buffer.allocUnsafeSlow(4 * 1024);

/**
 * Headers as a record of version 2 has them (https://kafka.apache.org/documentation/#recordheader): their count, then of each the lengths and bytes of name and
 * value.
 */
export function headerBlock(headers: OutgoingRecord['headers']): Buffer {
  if (!headers) return NONE;
  if (!Object.isFrozen(headers)) return encode(headers);
  let block = frozen.get(headers);
  if (!block) frozen.set(headers, (block = encode(headers)));
  return block;
}

function encode(headers: Headers): Buffer {
  let count = 0;
  for (const name in headers) {
    const value = headers[name]!;
    count += Array.isArray(value) ? value.length : 1;
  }
  let at = varint(count, 0);
  for (const name in headers) {
    const value = headers[name]!;
    if (!Array.isArray(value)) at = pair(name, value, at);
    else for (const one of value) at = pair(name, one, at);
  }
  return Buffer.from(scratch.subarray(0, at));
}

function pair(name: string, value: Exclude<HeaderValue, unknown[]>, at: number): number {
  const named = nameBytes(name);
  ensure(at + named.length);
  named.copy(scratch, at);
  return typeof value === 'string' ? text(value, at + named.length) : bytes(value, at + named.length);
}

/** With its length in front. */
function nameBytes(name: string): Buffer {
  const known = names.get(name);
  if (known) return known;
  const length = Buffer.byteLength(name);
  const made = Buffer.allocUnsafe(length + 5);
  const start = writeVarint(made, length, 0);
  const whole = made.subarray(0, start + made.write(name, start));
  if (names.size < REMEMBERED && name.length <= LONGEST_REMEMBERED) names.set(name, whole);
  return whole;
}

/** Longest text whose length takes one byte. */
const SHORT = 63;

function text(value: string, from: number): number {
  if (value.length <= SHORT) {
    ensure(from + 1 + SHORT);
    const start = from + 1;
    let at = 0;
    // most values are a few ASCII characters, which a call into the runtime takes longer for
    for (; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code >= 0x80) break;
      scratch[start + at] = code;
    }
    if (at === value.length) {
      scratch[from] = 2 * at;
      return start + at;
    }
  }
  const length = Buffer.byteLength(value);
  ensure(from + 5 + length);
  const start = writeVarint(scratch, length, from);
  return start + scratch.write(value, start);
}

function bytes(value: Buffer, from: number): number {
  const at = varint(value.length, from);
  ensure(at + value.length);
  return at + value.copy(scratch, at);
}

function varint(value: number, at: number): number {
  ensure(at + 5);
  return writeVarint(scratch, value, at);
}

/** A length or count, doubled as the format has it (zigzag). */
function writeVarint(to: Buffer, value: number, from: number): number {
  let at = from;
  let rest = value * 2;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) to[at++] = (rest % 128) | 0x80;
  to[at++] = rest;
  return at;
}

function ensure(length: number): void {
  if (length <= scratch.length) return;
  const larger = Buffer.allocUnsafeSlow(length * 2);
  scratch.copy(larger);
  scratch = larger;
}
