/** Words of an account that take the place of the usual ones. */
export interface ConsentWords {
  readonly optOutWords?: readonly string[];
  readonly optInWords?: readonly string[];
}

/** `candidate`: a person, or a word of the account's own list, must decide. */
export interface Consent {
  readonly to: 'opted-out' | 'opted-in';
  readonly isCandidate: boolean;
}

/**
 * Twilio's words, and those of Vietnamese operators (Circular 22/2021, operators' own pages). Only a text that is nothing else counts: "Huy" is a name too, and
 * "huỷ đơn" cancels an order.
 */
const OPT_OUT = [
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
  'TC',
  'TU CHOI',
  'HUY',
] as const;
const OPT_IN = ['START', 'UNSTOP'] as const;
const OPT_OUT_CANDIDATES: ReadonlySet<string> = new Set(['TC1', 'TC2', 'TC3', 'TC4', 'TC QC']);
const OPT_IN_CANDIDATES: ReadonlySet<string> = new Set(['DK']);
/** A longer text is no word. */
const LONGEST = 40;

/** Upper case without diacritics, blanks single. */
const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toUpperCase()
    .trim()
    .replace(/\s+/g, ' ');

const holds = (words: readonly string[], word: string): boolean => words.some((each) => fold(each) === word);

/** Whether a customer's whole text asks for no more messages, or for messages again; null for any other text. */
export function consentIn(text: string, { optOutWords = OPT_OUT, optInWords = OPT_IN }: ConsentWords): Consent | null {
  if (text.length > LONGEST) return null;
  const word = fold(text);
  if (word === '') return null;
  if (holds(optOutWords, word)) return { to: 'opted-out', isCandidate: false };
  if (holds(optInWords, word)) return { to: 'opted-in', isCandidate: false };
  if (OPT_OUT_CANDIDATES.has(word)) return { to: 'opted-out', isCandidate: true };
  return OPT_IN_CANDIDATES.has(word) ? { to: 'opted-in', isCandidate: true } : null;
}
