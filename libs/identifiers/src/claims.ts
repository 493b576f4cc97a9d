import type { Claim } from '@lienmach/contracts';
import { spelledNumbers } from './digit-words.js';
import { normaliseEmail } from './email.js';
import { ownValues } from './identifier-class.js';
import { ORDER_CODE_LIMIT, orderCodesIn, type FoundCode } from './order-code.js';
import { toE164 } from './phone.js';

export interface ClaimOptions {
  /** The tenant's order codes as an expression (`DH\d{4,}`), see `isOrderCodePattern`; a code never begins or ends inside of a word. */
  readonly orderCodePattern?: string | null | undefined;
  /** Numbers and addresses of the business itself: never a claim. */
  readonly ownNumbers?: readonly string[] | undefined;
  readonly where?: Claim['where'] | undefined;
}

/** Longer texts are read only so far, and of a flood of claims only the first count: a message that names more is no customer's. */
const TEXT_LIMIT = 10_000;
const CLAIM_LIMIT = 20;
const NONE: readonly string[] = [];
/** Reading a number is dear: a text made of digits alone may not hold up the door. */
const CHECK_LIMIT = 100;
/** Stands where something was found that is no phone number. */
const MASK = '\u0001';

const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,253}/gu;
/** Links, but those whose path is a phone number. */
const LINK = /(?:https?:\/\/|www\.)(?!(?:zalo\.me|wa\.me)\/)\S+/gi;
const DATE =
  /(?<![\d./-])(?:(?:0?[1-9]|[12]\d|3[01])([./-])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d([./-])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12]\d|3[01]))(?![./-]?\d)/g;
/** `sdt0912…`: what people write right before a number. */
const LEAD_IN = /(?<!\p{L})(?:s[dđ]t|[dđ]t|tel|phone|zalo|s[ốo]|hotline)(?=[+\d])/giu;
const MONEY = /^\s?(?:₫|đ|d|vn[dđ]|usd|\$|k|tr|triệu|nghìn|ngàn|tỷ|tỉ)(?!\p{L})/iu;

interface Token {
  /** Digits, letters for digits already exchanged. */
  readonly digits: string;
  readonly plus: boolean;
  readonly end: number;
  /** What stands between the token before and this one; null when they can't be one number. */
  readonly gap: string | null;
  /** Part of a word or code. */
  readonly stuck: boolean;
}

const GAP = /^[ \t\u00a0.\-‐-―()·]{1,3}$/u;
/** A gap without a space: what stands on both sides was meant as one number. */
const isTight = (gap: string | null): boolean => gap !== null && !/[ \t\u00a0]/.test(gap);

/** A whole run of digits and letters for digits, at least one digit among them. */
const RUN = /(?<![0-9oOl])[oOl]*[0-9][0-9oOl]*/g;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let lastEnd = -1;
  for (const match of text.matchAll(RUN)) {
    const [run] = match;
    const start = match.index;
    const end = start + run.length;
    const plus = text[start - 1] === '+';
    const before = text.slice(0, start).at(-1) ?? ' ';
    const between = lastEnd < 0 ? null : text.slice(lastEnd, start);
    tokens.push({
      digits: run.replace(/[oO]/g, '0').replace(/l/g, '1'),
      plus,
      end,
      gap: between !== null && GAP.test(between) ? between : null,
      // a lower-case letter may follow (`0912345678nha`), other letters make it a code
      stuck: /[\p{L}_]/u.test(before) || /[\p{Lu}\d_]/u.test(text[end] ?? ' '),
    });
    lastEnd = end;
  }
  return tokens;
}

/** Beginnings that a number has when it is meant as one: plain digits like 912345678 might be anything. */
const mayBegin = ({ digits, plus }: Token): boolean => plus || /^(?:0|84)/.test(digits);

/** What has as many digits as a number has; the rest need not be looked at closely. */
const PLAUSIBLE = /^(?:\+\d{8,15}|0[1-9]\d{8,9}|(?:00)?840?[1-9]\d{8,9})$/;

/** The longest number that begins at a token; the index after its last token. */
function numberAt(
  tokens: readonly Token[],
  first: number,
  text: string,
  read: (number: string) => string | null,
): { value: string; next: number } | undefined {
  const start = tokens[first]!;
  if (start.stuck || !mayBegin(start) || isTight(start.gap)) return undefined;
  let found: { value: string; next: number } | undefined;
  let digits = '';
  for (let index = first; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (index > first && (token.gap === null || token.plus || token.stuck)) break;
    digits += token.digits;
    if (digits.length > 15) break;
    const number = start.plus ? `+${digits}` : digits;
    if (!PLAUSIBLE.test(number) || isTight(tokens[index + 1]?.gap ?? null)) continue;
    if (!/^[+0]/.test(number) && MONEY.test(text.slice(token.end, token.end + 8))) continue;
    const value = read(number);
    if (value) found = { value, next: index + 1 };
  }
  return found;
}

function phonesIn(text: string): string[] {
  const tokens = tokensOf(text);
  const phones: string[] = [];
  let checks = CHECK_LIMIT;
  const read = (number: string): string | null => (checks-- > 0 ? toE164(number) : null);
  for (let index = 0; index < tokens.length;) {
    const found = numberAt(tokens, index, text, read);
    if (found) phones.push(found.value);
    index = found?.next ?? index + 1;
  }
  return phones;
}

function spelledPhones(text: string): string[] {
  return spelledNumbers(text).flatMap((digits) => toE164(digits) ?? []);
}

/** The fewest digits that a number has. */
const FEWEST_DIGITS = 8;
const DIGIT = /[0-9]/g;
const isLetterForDigit = (code: number): boolean => code === 0x6f || code === 0x4f || code === 0x6c;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Whether a text has as many digits as a number, letters for digits among them: one look instead of five expressions, and most texts have fewer. */
function mayHoldPhone(text: string): boolean {
  let digits = 0;
  let end = 0;
  for (DIGIT.lastIndex = 0; digits < FEWEST_DIGITS && DIGIT.test(text); DIGIT.lastIndex = end) {
    let start = DIGIT.lastIndex - 1;
    while (start > end && isLetterForDigit(text.charCodeAt(start - 1))) start--;
    end = DIGIT.lastIndex;
    for (let code = text.charCodeAt(end); isDigit(code) || isLetterForDigit(code); code = text.charCodeAt(end)) end++;
    digits += end - start;
  }
  return digits >= FEWEST_DIGITS;
}

/** A text with a mark in the place of its codes; of a flood of them no further than the last that counts. */
function masked(text: string, codes: readonly FoundCode[]): string {
  let rest = '';
  let last = 0;
  for (const { start, end } of codes) {
    rest += text.slice(last, start) + MASK;
    last = end;
  }
  return codes.length < ORDER_CODE_LIMIT ? rest + text.slice(last) : rest;
}

const WIDE = /[０-９]/g;
const asciiDigits = (text: string): string =>
  text.search(WIDE) < 0 ? text : text.replace(WIDE, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));

/**
 * Phone numbers, e-mail addresses and order codes that a customer's text names, in the order of the text, each once.
 * What is written like a price, a date, a link or a longer number is no phone; service numbers and the business's own are no claim.
 * @param text without markup and control characters
 */
export function findClaims(
  text: string,
  { orderCodePattern, ownNumbers = NONE, where = 'text' }: ClaimOptions = {},
): Claim[] {
  const found = new Map<string, Claim>();
  const add = (type: Claim['type'], value: string): void => {
    if (found.size < CLAIM_LIMIT && !ownValues(ownNumbers).has(value))
      found.set(`${type} ${value}`, { type, value, where });
  };
  const scanned = text.slice(0, TEXT_LIMIT);
  if (/[0-9@０-９]/.test(scanned)) {
    const addresses: string[] = [];
    let rest = asciiDigits(scanned);
    if (orderCodePattern) {
      const codes = orderCodesIn(rest, orderCodePattern);
      for (const { code } of codes) add('order_code', code);
      rest = masked(rest, codes);
    }
    // the expression tries every word of the text
    if (rest.includes('@'))
      rest = rest.replace(EMAIL, (address) => {
        const email = normaliseEmail(address.replace(/\.+$/, ''));
        if (email) addresses.push(email);
        return email ? MASK : address;
      });
    if (mayHoldPhone(rest)) {
      rest = rest.replace(LINK, MASK).replace(DATE, MASK).replace(LEAD_IN, '$& ');
      for (const phone of phonesIn(rest)) add('phone', phone);
    }
    for (const email of addresses) add('email', email);
  }
  for (const phone of spelledPhones(scanned)) add('phone', phone);
  return [...found.values()];
}
