import type { IdentifierRef } from '@lienmach/contracts';
import { normalisePhone, toE164 } from '@lienmach/identifiers';

/** What these rules read of an account. */
export interface OwnNumbers {
  /** As `ownNumbersOf` writes them. */
  readonly ownNumbers: readonly string[];
}

/** E.164 where the number has it, a service number's bare digits, else what digits there are: two notations of one number have one key. */
export function numberKey(number: string): string | null {
  const phone = normalisePhone(number);
  if (phone.kind !== 'invalid') return phone.value;
  return number.replace(/\D/g, '') || null;
}

/** Whether a vendor's text is a whole telephone number, not an extension or a user's name. */
export const isTelephone = (text: string | null): boolean => /^\+?\d{8,15}$/.test(text ?? '');

/** Whether a number is one of the business. */
export function isOwnNumber(number: string, { ownNumbers }: OwnNumbers): boolean {
  const key = numberKey(number);
  return key !== null && ownNumbers.includes(key);
}

/** The customer behind a number; null for withheld callers, extensions, service numbers and our own hotlines. */
export function customerOf(number: string | null, account: OwnNumbers): IdentifierRef | null {
  const value = number === null ? null : toE164(number);
  if (!value || isOwnNumber(value, account)) return null;
  return { type: 'phone', scope: null, value };
}

/** The numbers of an account: its hotlines, and its id where that is a number. */
export function ownNumbersOf({ hotlines = [] }: { hotlines?: readonly string[] }, id: string): string[] {
  return [...(isTelephone(id) ? [id] : []), ...hotlines].flatMap((number) => numberKey(number) ?? []);
}
