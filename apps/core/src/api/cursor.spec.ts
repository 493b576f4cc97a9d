import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor, isTime, page } from './cursor.js';
import { Problem } from './problem.js';

const isText = (part: unknown) => typeof part === 'string';
const statusOf = (run: () => unknown): number | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Problem ? error.status : NaN;
  }
};

describe('cursor', () => {
  it('gives back the parts that it was made of, and is fit for a URL', () => {
    const cursor = encodeCursor('people', 1_764_000_000_123, 'Lân & Co');

    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor('people', cursor, [isTime, isText])).toEqual([1_764_000_000_123, 'Lân & Co']);
  });

  it('is absent where none was sent', () => {
    expect(decodeCursor('people', undefined, [isTime])).toBeUndefined();
  });

  it.each([
    ['of another list', encodeCursor('conversations', 1, 'a')],
    ['with a part too few', encodeCursor('people', 1)],
    ['with a time that is none', encodeCursor('people', 1e300, 'a')],
    ['with parts of another kind', encodeCursor('people', 'a', 1)],
    ['that is no JSON', Buffer.from('[').toString('base64url')],
    ['that is JSON but no list', Buffer.from('{"a":1}').toString('base64url')],
    ['that is nothing at all', '***'],
  ])('refuses one %s with 422', (_what, cursor) => {
    expect(statusOf(() => decodeCursor('people', cursor, [isTime, isText]))).toBe(422);
  });
});

describe('page', () => {
  it('has a next page only when a row more than the limit was found', () => {
    const cursorOf = (row: number) => `after ${row}`;

    expect(page([1, 2, 3], 2, cursorOf)).toEqual({ items: [1, 2], next: 'after 2' });
    expect(page([1, 2], 2, cursorOf)).toEqual({ items: [1, 2], next: null });
    expect(page([], 2, cursorOf)).toEqual({ items: [], next: null });
  });
});
