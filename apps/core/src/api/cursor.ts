import { Problem } from './problem.js';

export type CursorPart = string | number;

/** What a part of a cursor must look like: cursors come from outside. */
export type PartCheck = (part: unknown) => boolean;

/**
 * Where a page ended, opaque to the client.
 * @param list the list it belongs to: a cursor of one list is refused by another
 */
export function encodeCursor(list: string, ...parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify([list, ...parts])).toString('base64url');
}

/**
 * The parts of a cursor that `encodeCursor` made; undefined where the client sent none.
 * @throws Problem 422 when it is no such cursor
 */
export function decodeCursor(
  list: string,
  cursor: string | undefined,
  checks: readonly PartCheck[],
): CursorPart[] | undefined {
  if (cursor === undefined) return undefined;
  const [of, ...parts] = parse(cursor);
  if (of !== list || parts.length !== checks.length || !checks.every((check, index) => check(parts[index]))) {
    throw Problem.invalid([{ field: 'cursor', detail: 'is not one that this list gave' }]);
  }
  return parts as CursorPart[];
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return []; // no cursor at all: refused like one of another list
  }
}

/** A page of a list: one row more than asked for was read, to know whether there is a next page. */
export function page<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (last: T) => string,
): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

const LAST_DAY = 8.64e15;
/** Milliseconds since 1970. */
export const isTime: PartCheck = (part) => Number.isSafeInteger(part) && Math.abs(part as number) <= LAST_DAY;
