import type { IdentifierClass, IdentifierRef } from '@lienmach/contracts';
import { normaliseEmail } from './email.js';
import { normalisePhone } from './phone.js';

/** Mailboxes that a role reads, or nobody: whoever writes from one proves nothing about a person (rule I6). */
const ROLE_MAILBOXES: ReadonlySet<string> = new Set(
  (
    'abuse accounting admin administrator alert alerts billing bounce bounces careers contact cskh daemon dathang donhang enquiries feedback ' +
    'hello help helpdesk hi hostmaster hotro hr info ketoan khachhang kinhdoanh lienhe mail mailer-daemon marketing news newsletter noc ' +
    'notification notifications notify office order orders postmaster root sales security service support system team tuvan tuyendung webmaster'
  ).split(' '),
);
const NO_REPLY = /^(?:no|not|do[-_.]?not|dont|khong)[-_.]?(?:reply|response|traloi)/;

const ownByList = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Compares numbers and addresses of the business in any notation with normalised values; the list is read once. */
export function ownValues(ownNumbers: readonly string[]): ReadonlySet<string> {
  const known = ownByList.get(ownNumbers);
  if (known) return known;
  const values = ownNumbers.flatMap((text) => {
    const email = normaliseEmail(text);
    const phone = normalisePhone(text);
    return [...(email ? [email] : []), ...(phone.kind === 'invalid' ? [] : [phone.value])];
  });
  const set = new Set(values);
  ownByList.set(ownNumbers, set);
  return set;
}

/** Numbers that people type when they don't want to give one, national part without the leading 0. */
const isMadeUp = (digits: string): boolean => /^(\d)\1+$/.test(digits) || '1234567890'.startsWith(digits);

function isBlockedPhone(value: string): boolean {
  // withheld callers, extensions and service numbers have no E.164 value
  if (!/^\+\d{8,15}$/.test(value)) return true;
  const national = value.startsWith('+84') ? value.slice(3) : value.slice(1);
  return isMadeUp(national);
}

function isBlockedMailbox(value: string): boolean {
  const local = value.slice(0, value.lastIndexOf('@')).toLowerCase();
  return NO_REPLY.test(local) || ROLE_MAILBOXES.has(local.split('+')[0]!);
}

/**
 * The class that an identifier has from the beginning (rule I6): `blocked` for what can never stand for one person, else `personal`.
 * Evidence may make it `shared` later.
 * @param identifier normalised, as events carry it
 * @param ownNumbers numbers and addresses of the business, in any notation; pass the same array again, it is read once
 */
export function initialClass(
  identifier: Pick<IdentifierRef, 'type' | 'value'>,
  ownNumbers: readonly string[],
): Extract<IdentifierClass, 'personal' | 'blocked'> {
  const { type, value } = identifier;
  if (type !== 'phone' && type !== 'email') return 'personal';
  if (ownValues(ownNumbers).has(value)) return 'blocked';
  return (type === 'phone' ? isBlockedPhone(value) : isBlockedMailbox(value)) ? 'blocked' : 'personal';
}
