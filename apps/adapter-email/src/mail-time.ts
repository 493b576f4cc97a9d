/** A zone at the end, a comment after it passed over. */
const ZONE = /(?:[+-]\d{4}|\b(?:GMT|UTC?|Z|[ECMP][SD]T))\s*(?:\([^)]*\)\s*)*$/;

/** Milliseconds since 1970 of a `Date` header; what names no zone is Vietnamese time. Null for what is no date. */
export function mailTime(text: string | null): number | null {
  if (!text) return null;
  const plain = text
    .slice(0, 200)
    .replace(/\([^()]*\)/g, ' ')
    .trim();
  const time = Date.parse(ZONE.test(plain) ? plain : `${plain} +0700`);
  return Number.isNaN(time) ? null : time;
}
