import type { IdentifierRef } from '@lienmach/contracts';
import { normalisePhone } from '@lienmach/identifiers';

/** Who stands at the other end of an SMS. */
export interface Party {
  /** One text for all notations of one number. */
  readonly thread: string;
  /** Null where the sender is nobody's own number. */
  readonly identifier: IdentifierRef | null;
  /** A brandname or a short code: a machine sends, and nobody reads an answer. */
  readonly isMachine: boolean;
}

const LONGEST = 64;
/** `whatsapp:+84…`, as vendors of several channels write it. */
const SCHEME = /^[a-z]+:/;
/** Digits of a whole international number that lacks its `+`. */
const INTERNATIONAL = /^[1-9]\d{9,14}$/;

/** Null where there is no address at all. */
export function partyOf(address: string): Party | null {
  const given = address.trim().slice(0, LONGEST);
  if (given === '') return null;
  const scheme = SCHEME.exec(given)?.[0] ?? '';
  const bare = given.slice(scheme.length).trim();
  // letters are read as digits where people type numbers; here they are a brandname
  if (/\p{L}/u.test(bare)) return { thread: given, identifier: null, isMachine: true };
  const phone = normalisePhone(bare);
  if (phone.kind === 'service') return { thread: scheme + phone.value, identifier: null, isMachine: true };
  const value = phone.kind === 'e164' ? phone.value : foreignNumber(bare);
  if (value === null) return { thread: scheme + (bare.replace(/\D/g, '') || bare), identifier: null, isMachine: false };
  return { thread: scheme + value, identifier: { type: 'phone', scope: null, value }, isMachine: false };
}

function foreignNumber(digits: string): string | null {
  if (!INTERNATIONAL.test(digits)) return null;
  const phone = normalisePhone(`+${digits}`);
  return phone.kind === 'e164' ? phone.value : null;
}

/** The `+` that a vendor leaves out of numbers which it always writes with their country code. */
export const withPlus = (number: string): string => (INTERNATIONAL.test(number) ? `+${number}` : number);

/** The other way: how most vendors want a number. */
export const withoutPlus = (number: string): string => number.replace(/^\+/, '');

/** The numbers among an account's id and senders, in one notation each. */
export function ownNumbersOf(...addresses: readonly (string | undefined)[]): string[] {
  const numbers = addresses.flatMap((address) => {
    if (address === undefined || /\p{L}/u.test(address)) return [];
    const phone = normalisePhone(address);
    return phone.kind === 'invalid' ? [] : [phone.value];
  });
  return [...new Set(numbers)];
}
