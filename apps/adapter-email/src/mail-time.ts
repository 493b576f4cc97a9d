/** A zone at the end, a comment after it passed over. */
const ZONE = /(?:[+-]\d{4}|\b(?:GMT|UTC?|Z|[ECMP][SD]T))\s*(?:\([^)]*\)\s*)*$/;

const DATED = /\d{1,2}[\s-][A-Za-z]{3,9}[\s-]\d{2,4}|[A-Za-z]{3,9}\s+\d{1,2}\s.*\d{4}|\d{4}-\d\d-\d\d/;

/** Milliseconds since 1970 of a `Date` header; what names no zone is Vietnamese time. Null for what is no date. */
export function mailTime(text: string | null): number | null {
  if (!text) return null;
  const plain = text
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .trim();
  // engines read a date into almost any text
  if (!DATED.test(plain)) return null;
  const time = Date.parse(ZONE.test(plain) ? plain : `${plain} +0700`);
  return Number.isNaN(time) ? null : time;
}
