import { MalformedPayload } from '@lienmach/contracts';

/** An object of a vendor's, none of whose fields can be trusted to be there. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asObject = (value: unknown): Json | undefined => (isObject(value) ? value : undefined);

/** Text that is not empty. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An id as text or as a number; a number beyond 2^53 was rounded by whoever made it, and is nobody's. */
export function asId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  return asText(value);
}

/** A field without which the vendor's event is none. @throws MalformedPayload */
export function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new MalformedPayload(what);
  return value;
}

/** Joins the parts of a composed key; a part that the vendor left out stays empty. */
export const composedKey = (...parts: readonly (string | number | null)[]): string =>
  parts.map((part) => part ?? '').join('|');
