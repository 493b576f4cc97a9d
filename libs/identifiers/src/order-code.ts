import { RE2JS } from 're2js';

/** A pattern is a line that somebody types, no program. */
const PATTERN_LIMIT = 200;
/** Of a flood of codes only the first count: a text that names more is no customer's. */
export const ORDER_CODE_LIMIT = 20;

const known = new Map<string, RE2JS | null>();

/**
 * Compiled once per pattern; there are about as many patterns as tenants. In the syntax of RE2 (https://github.com/google/re2/wiki/Syntax): no pattern can
 * take more than a time that grows with the text, whatever a customer writes.
 */
function compiled(pattern: string): RE2JS | null {
  let expression = known.get(pattern);
  if (expression === undefined) {
    expression = pattern.length > PATTERN_LIMIT ? null : compile(pattern);
    known.set(pattern, expression);
  }
  return expression;
}

/** The code is the first group; what stands around it is no part of a word. */
function compile(pattern: string): RE2JS | null {
  try {
    // by itself first: a parenthesis of its own may not close ours
    RE2JS.compile(pattern);
    return RE2JS.compile(`(?:^|[^\\p{L}\\p{N}])((?:${pattern}))(?:$|[^\\p{L}\\p{N}])`, RE2JS.CASE_INSENSITIVE);
  } catch {
    return null;
  }
}

/** Whether a text is a pattern of order codes: an expression of RE2's syntax, of at most 200 characters; no look-around, no back-reference. */
export function isOrderCodePattern(pattern: string): boolean {
  return compiled(pattern) !== null;
}

/** A stretch of a text. */
export interface FoundCode {
  readonly code: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Order codes in a text, in its order, the first `ORDER_CODE_LIMIT`. A code never begins or ends inside of a word.
 * @param pattern one that is none finds nothing: whoever sets it is told
 */
export function orderCodesIn(text: string, pattern: string): FoundCode[] {
  const found: FoundCode[] = [];
  const matcher = compiled(pattern)?.matcher(text);
  if (matcher === undefined) return found;
  for (let from = 0; from <= text.length && found.length < ORDER_CODE_LIMIT && matcher.find(from);) {
    const [start, end] = [matcher.start(1), matcher.end(1)];
    if (end > start) found.push({ code: text.slice(start, end), start, end });
    // what stands behind a code may stand before the next
    from = Math.max(end, from + 1);
  }
  return found;
}
