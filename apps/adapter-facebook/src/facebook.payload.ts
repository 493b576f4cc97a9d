import { MalformedPayload } from '@lienmach/contracts';

/** An object of the vendor's, none of whose fields can be trusted to be there. */
export type Json = Readonly<Record<string, unknown>>;

/** A webhook body: `{object: "page", entry: [{id, time, messaging | standby | changes}]}`. */
export interface FacebookPayload {
  readonly object: string;
  readonly entries: readonly unknown[];
}

export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Ids come as a string or as a number, depending on field and age; those beyond 2^53 are strings already. */
export function asId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  return asText(value);
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

/** A field without which the vendor's event is none. */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new MalformedPayload(what);
  return value;
}

/** Reads what holds for every body; the entries are read one by one, so that a broken one loses no other. */
export function readPayload(value: unknown): FacebookPayload {
  const body = required(asObject(value), 'the body is no object');
  const object = required(asText(body['object']), 'the body says of no object what it is about');
  if (!Array.isArray(body['entry'])) throw new MalformedPayload('entry is no list');
  return { object, entries: body['entry'] };
}
