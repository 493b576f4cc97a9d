import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { isServiceNumber, presentForm } from './vietnamese-numbering.js';

/** What a text is as a telephone number. */
export type Phone =
  /** `value` in E.164: `+84900000123`. */
  | { readonly kind: 'e164'; readonly value: string }
  /** A number of a service (1900…, short code): bare digits, nobody's own. */
  | { readonly kind: 'service'; readonly value: string }
  | { readonly kind: 'invalid'; readonly reason: 'empty' | 'characters' | 'too-short' | 'too-long' | 'not-assigned' };

const invalid = (reason: (Phone & { kind: 'invalid' })['reason']): Phone => ({ kind: 'invalid', reason });

/** Letters that people type for digits (rule I14), full-width digits, and everything that only separates. */
function clean(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/^\s*tel:/i, '')
    .replace(/[oO]/g, '0')
    .replace(/l/g, '1')
    .replace(/[\s.\-‐-―()[\]·/\p{Cf}]/gu, '');
}

function valid(number: string, country: CountryCode): string | undefined {
  const parsed = parsePhoneNumberFromString(number, { defaultCountry: country, extract: false });
  return parsed?.isValid() ? parsed.number : undefined;
}

/** Digits after the country code or the leading 0, where the text is a number of Vietnam. */
function vietnamese(number: string): string | undefined {
  const international = /^(?:\+|00)84(?<rest>\d*)$/.exec(number) ?? /^84(?<rest>\d{9,})$/.exec(number);
  if (international) return international.groups!['rest']!.replace(/^0/, '');
  if (/^(?:\+|00)/.test(number)) return undefined;
  return number.replace(/^0/, '');
}

/** The usual mobile numbers, all of them valid for libphonenumber (its spec proves it), whose own look takes ten times as long. */
const USUAL_MOBILE = /^(?:3[2-9]|5[689]|7[06-9]|8[1-8]|9[0-8])\d{7}$/;

function normaliseVietnamese(national: string): Phone {
  if (USUAL_MOBILE.test(national)) return { kind: 'e164', value: `+84${national}` };
  if (isServiceNumber(national)) return { kind: 'service', value: national };
  const present = valid(`+84${national}`, 'VN');
  if (present) return { kind: 'e164', value: present };
  const renumbered = presentForm(national);
  const value = renumbered && valid(`+84${renumbered}`, 'VN');
  if (value) return { kind: 'e164', value };
  if (national.length < 9) return invalid('too-short');
  return invalid(national.length > 10 ? 'too-long' : 'not-assigned');
}

/**
 * Reads a telephone number in any notation that people use (rule I14): +84, 84, 0084 or 0 in front, spaces, dots, dashes, brackets, `o` and `l` for digits,
 * numbers from before 2017/2018. Equal numbers give equal values, and a value gives itself.
 * @param options.defaultCountry country of numbers without a country code; Vietnam by default
 */
export function normalisePhone(text: string, { defaultCountry = 'VN' }: { defaultCountry?: CountryCode } = {}): Phone {
  if (text.length > 64) return invalid('too-long');
  const number = clean(text);
  if (number === '') return invalid('empty');
  if (!/^\+?\d+$/.test(number)) return invalid('characters');

  const national = defaultCountry === 'VN' || /^(?:\+|00)84/.test(number) ? vietnamese(number) : undefined;
  if (national !== undefined) return normaliseVietnamese(national);
  const value = valid(number.replace(/^00/, '+'), defaultCountry);
  if (value) return { kind: 'e164', value };
  return invalid(number.length < 8 ? 'too-short' : number.length > 16 ? 'too-long' : 'not-assigned');
}

/** The E.164 value of a text, or null when it is no number, or nobody's own (a service number). */
export function toE164(text: string): string | null {
  const phone = normalisePhone(text);
  return phone.kind === 'e164' ? phone.value : null;
}
