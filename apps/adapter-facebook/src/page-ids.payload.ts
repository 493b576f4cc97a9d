const KEY = '"id"';
/** A body has at most 1000 updates with a handful of ids each. */
const MOST_KEYS = 8_000;
const LONGEST_ID = 32;
const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN = 0x7b;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

function skipSpace(body: string, from: number, step: 1 | -1): number {
  let at = from;
  while (isSpace(body.charCodeAt(at))) at += step;
  return at;
}

/** The id that stands after a key: in quotes or as a bare number. */
function valueAfter(body: string, keyEnd: number): string | undefined {
  const colon = skipSpace(body, keyEnd, 1);
  if (body.charCodeAt(colon) !== COLON) return undefined;
  const value = skipSpace(body, colon + 1, 1);
  const quoted = body.charCodeAt(value) === QUOTE;
  const start = quoted ? value + 1 : value;
  let end = start;
  while (isDigit(body.charCodeAt(end)) && end - start <= LONGEST_ID) end++;
  if (end === start || end - start > LONGEST_ID || (quoted && body.charCodeAt(end) !== QUOTE)) return undefined;
  return body.slice(start, end);
}

/** `"sender":{"id"` and the like: an id inside of a named object, not of an entry. */
function isNested(body: string, key: number): boolean {
  const before = skipSpace(body, key - 1, -1);
  return body.charCodeAt(before) === OPEN && body.charCodeAt(skipSpace(body, before - 1, -1)) === COLON;
}

/**
 * Ids that may be pages' in a body that nobody has verified yet: every digits-only value of a key `id`, those of entries before those of senders.
 * Reads bytes, not JSON: a text that holds such a key has its quotes escaped, so it is no candidate; one more candidate would do no harm.
 */
export function pageIdsIn(bytes: Buffer): string[] {
  // a character is a byte: a string is looked through in a fraction of the time
  const body = bytes.toString('latin1');
  const likely = new Set<string>();
  const nested = new Set<string>();
  let at = body.indexOf(KEY);
  for (let keys = 0; at >= 0 && keys < MOST_KEYS; keys++) {
    const id = valueAfter(body, at + KEY.length);
    if (id !== undefined) (isNested(body, at) ? nested : likely).add(id);
    at = body.indexOf(KEY, at + KEY.length);
  }
  return [...likely, ...[...nested].filter((id) => !likely.has(id))];
}
