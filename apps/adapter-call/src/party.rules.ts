import type { IdentifierRef } from '@lienmach/contracts';
import { normalisePhone } from '@lienmach/identifiers';

/** What these rules read of an account. */
export interface OwnNumbers {
  readonly id: string;
  readonly ownNumbers: readonly string[];
}

/** E.164 where the number has it; else its digits, so that service numbers (1900…) compare in every notation. */
export function numberKey(number: string): string | null {
  const phone = normalisePhone(number);
  if (phone) return phone;
  const digits = number.replace(/\D/g, '').replace(/^(?:00)?84(?=1[89]00)/, '');
  return digits === '' ? null : digits;
}

/** Whether a vendor's text is a whole telephone number, not an extension or a user's name. */
export const isTelephone = (text: string | null): boolean => /^\+?\d{8,15}$/.test(text ?? '');

/** Whether a number is one of the business: a hotline of the account, or the account itself where its id is a number. */
export function isOwnNumber(number: string, account: OwnNumbers): boolean {
  const key = numberKey(number);
  const ids = isTelephone(account.id) ? [account.id] : [];
  return key !== null && [...ids, ...account.ownNumbers].some((own) => numberKey(own) === key);
}

/** The customer behind a number; null for withheld callers, extensions, service numbers and our own hotlines. */
export function customerOf(number: string | null, account: OwnNumbers): IdentifierRef | null {
  const value = number === null ? null : normalisePhone(number);
  if (!value || isOwnNumber(value, account)) return null;
  return { type: 'phone', scope: null, value };
}
