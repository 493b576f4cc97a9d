import { asObject, asText, required, type Json } from '@lienmach/adapter-kit';

/** A webhook body: one event. */
export interface ZaloPayload {
  readonly event: string;
  readonly body: Json;
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

export function readPayload(value: unknown): ZaloPayload {
  const body = required(asObject(value), 'the body is no object');
  return { event: required(asText(body['event_name']), 'event_name is missing'), body };
}
