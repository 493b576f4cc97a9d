import { asObject, asText, required } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';

/** A webhook body: `{object: "page", entry: [{id, time, messaging | standby | changes}]}`. */
export interface FacebookPayload {
  readonly object: string;
  readonly entries: readonly unknown[];
}

/** Years of the vendor's seconds end before its milliseconds begin. */
const SECONDS_END = 1e12;
const LAST_TIME = 8.64e15;

/** Milliseconds since 1970, of a number or a string, in seconds or in milliseconds; zero means none. */
export function asTime(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !(number > 0)) return null;
  const time = number < SECONDS_END ? number * 1000 : number;
  return time <= LAST_TIME ? Math.trunc(time) : null;
}

/** Reads what holds for every body; the entries are read one by one, so that a broken one loses no other. */
export function readPayload(value: unknown): FacebookPayload {
  const body = required(asObject(value), 'the body is no object');
  const object = required(asText(body['object']), 'the body says of no object what it is about');
  if (!Array.isArray(body['entry'])) throw new MalformedPayload('entry is no list');
  return { object, entries: body['entry'] };
}
