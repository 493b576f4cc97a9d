import { domainToASCII } from 'node:url';

/** A local part as people have it: no quotes, no dot at an end or twice in a row. */
const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/**
 * An e-mail address with its domain folded to lower case and to ASCII (rule I14); the local part as written, dots and case untouched.
 * Null when it is none. Equal addresses give equal values, and a value gives itself.
 */
export function normaliseEmail(text: string): string | null {
  const address = text.trim().replace(/^mailto:/i, '');
  const at = address.lastIndexOf('@');
  if (at < 1 || address.length > 254) return null;
  const local = address.slice(0, at).normalize('NFC');
  const domain = domainToASCII(address.slice(at + 1)).toLowerCase();
  if (local.length > 64 || !LOCAL.test(local) || domain.length > 253 || !DOMAIN.test(domain)) return null;
  return `${local}@${domain}`;
}
