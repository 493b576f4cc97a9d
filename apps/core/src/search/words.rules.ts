import { createHash } from 'node:crypto';
import { toE164 } from '@lienmach/identifiers';

/** Letters without their marks, capitals and typographic variants; the same as `core.folded` in SQL, which folds the names of identifiers. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[đð]/g, 'd');
}

/** A longer text is found by its beginning. */
const LONGEST_TEXT = 20_000;
const MOST_WORDS = 1_000;
const LONGEST_WORD = 60;

const WORD = /[\p{L}\p{N}]+/gu;
/** Of a code like DH1024. */
const PART = /\p{L}+|\p{N}+/gu;
/** Digits with what people write between them. */
const NUMBER = /\d(?:[ .\-()/]{0,2}\d){2,}/g;
const LONE_NUMBER = /(?<![\p{L}\p{N}])\+?\d(?:[ .\-()/]{0,2}\d){2,}(?![\p{L}\p{N}])/gu;
const SHORTEST_TELEPHONE = 8;
const LONGEST_TELEPHONE = 15;
/** Of a telephone number; the same as in `core.identifier_words`. */
const SHORTEST_ENDING = 3;

const tags = new Map<string, string>();

/**
 * Begins every word, so that an index over all tenants holds each tenant's words by themselves; the same as in `core.identifier_words`. Two tenants may share one:
 * it is no bound, only a place.
 */
function tagOf(tenant: string): string {
  let tag = tags.get(tenant);
  if (tag === undefined) {
    tag = createHash('md5').update(tenant).digest('hex').slice(0, 5);
    tags.set(tenant, tag);
  }
  return tag;
}

/** Words of a text, folded: also the parts of codes, and of what may be a telephone number every ending, by whose beginnings any part of it is found. */
export function wordsOf(text: string): string[] {
  const folded = foldText(text.slice(0, LONGEST_TEXT));
  const words = new Set(folded.match(WORD)?.slice(0, MOST_WORDS).map(cut));
  // every message comes through here, and most have no digits
  if (!/\d/.test(folded)) return [...words];

  for (const word of [...words]) if (/\d/.test(word)) for (const part of word.match(PART)!) words.add(part);
  for (const [number] of folded.matchAll(NUMBER)) {
    const digits = number.replace(/\D/g, '');
    if (digits.length < SHORTEST_TELEPHONE || digits.length > LONGEST_TELEPHONE) continue;
    for (const notation of [digits, telephoneOf(digits) ?? digits]) {
      for (let at = 0; at <= notation.length - SHORTEST_ENDING; at += 1) words.add(notation.slice(at));
    }
    if (words.size >= MOST_WORDS) break;
  }
  return [...words];
}

const cut = (word: string): string => (word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word);

/** A telephone number as it is dialled at home. */
function telephoneOf(text: string): string | null {
  return toE164(text)?.replace(/^\+84/, '0').replace(/^\+/, '') ?? null;
}

/** A text as PostgreSQL's tsvector; null when there is nothing to find it by. */
export function vectorOf(tenant: string, text: string): string | null {
  const words = wordsOf(text);
  if (words.length === 0) return null;
  const tag = tagOf(tenant);
  return words.map((word) => tag + word).join(' ');
}

/** What somebody asked for. */
export interface Wanted {
  /** As PostgreSQL's tsquery. */
  readonly query: string;
  /** A code, or a part of a number, such as stands in messages; a whole telephone number is none. */
  readonly isCode: boolean;
}

/** Fewer letters and digits are in everything. */
export const SHORTEST_QUERY = 2;

/**
 * Every word must be there. Codes and numbers are found by their beginning, telephone numbers by any part, and the last word, which may still be typed, by its beginning too.
 * @returns null when there is too little to search for
 */
export function wantedOf(tenant: string, q: string): Wanted | null {
  const folded = foldText(q);
  const terms: string[] = [];
  let end = 0;
  for (const { 0: number, index } of folded.matchAll(LONE_NUMBER)) {
    terms.push(...wordTerms(folded.slice(end, index)), numberTerm(number));
    end = index + number.length;
  }
  const last = wordTerms(folded.slice(end));
  terms.push(...last.slice(0, -1), ...last.slice(-1).map((term) => (/^\p{L}{3,}$/u.test(term) ? `${term}:*` : term)));
  if ((folded.match(/[\p{L}\p{N}]/gu) ?? []).length < SHORTEST_QUERY) return null;
  const tag = tagOf(tenant);
  return {
    query: terms.join(' & ').replace(WORD, (word) => tag + word),
    isCode: /\d{3}/.test(folded) && telephoneOf(q) === null,
  };
}

function wordTerms(text: string): string[] {
  return (text.match(WORD) ?? []).map((whole) => {
    const word = cut(whole);
    const parts = word.match(PART)!;
    return parts.length > 1 ? `(${word}:* | ${parts.join(' & ')}:*)` : word;
  });
}

/** As one number, whatever stands between its digits, or as several. */
function numberTerm(text: string): string {
  const digits = text.replace(/\D/g, '');
  const whole = new Set([digits, telephoneOf(text) ?? digits]);
  if (/^\+?84/.test(text)) whole.add(`0${digits.slice(2)}`);
  const notations = [...whole].map((number) => `${cut(number)}:*`);
  const parts = text.match(/\d+/g)!;
  return `(${[...notations, ...(parts.length > 1 ? [parts.join(' & ')] : [])].join(' | ')})`;
}
