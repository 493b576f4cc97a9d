import { MalformedPayload } from '@lienmach/contracts';
import { textOf, type Fields } from '@lienmach/adapter-kit';
import { readTime } from './local-time.js';

/** A number, which many PBXs write as text; null where there is none. */
export function numberOf(fields: Fields, name: string): number | null {
  const text = textOf(fields, name);
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new MalformedPayload(`${name} must be a number`);
  return value;
}

/** A length in seconds. */
export function secondsOf(fields: Fields, name: string): number | null {
  const value = numberOf(fields, name);
  if (value !== null && value < 0) throw new MalformedPayload(`${name} must not be negative`);
  return value;
}

/** Seconds since 1970 as milliseconds; 0 stands for what never happened. */
export function epochOf(fields: Fields, name: string): number | null {
  const value = numberOf(fields, name);
  return value === null || value === 0 ? null : value * 1000;
}

/** A date and time, of Vietnam unless it says otherwise; one that cannot be read is none: the event is worth more than its minute. */
export function localTimeOf(fields: Fields, name: string): number | null {
  const text = textOf(fields, name);
  return text === null ? null : readTime(text);
}
