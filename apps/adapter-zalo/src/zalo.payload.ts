import { MalformedPayload } from '@lienmach/contracts';

/** An object of the vendor's, none of whose fields can be trusted to be there. */
export type Json = Readonly<Record<string, unknown>>;

/** A webhook body: one event. */
export interface ZaloPayload {
  readonly event: string;
  readonly body: Json;
}

export function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Ids come as strings; small ones may come as numbers. */
export function asId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  return asText(value);
}

/** A quantity, as a number or in quotes. */
export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}(\.\d{1,12})?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

const LAST_TIME = 8.64e15;

/**
 * Milliseconds since 1970 of 10 to 16 digits, as a number or in quotes: ten digits are seconds, sixteen microseconds. The vendor's own samples have eleven and
 * twelve, which are milliseconds of long ago; the kit puts receipt in their place.
 */
export function asTime(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{10,16}$/.test(text)) return null;
  const number = Number(text);
  const time = text.length === 10 ? number * 1_000 : text.length === 16 ? Math.trunc(number / 1_000) : number;
  return time <= LAST_TIME ? time : null;
}

/** A field without which the vendor's event is none. */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new MalformedPayload(what);
  return value;
}

export function readPayload(value: unknown): ZaloPayload {
  const body = required(asObject(value), 'the body is no object');
  return { event: required(asText(body['event_name']), 'event_name is missing'), body };
}
