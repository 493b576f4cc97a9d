import { describe, expect, it } from '@jest/globals';
import {
  boundsAfter,
  comparePositions,
  decodePosition,
  encodePosition,
  type TimelinePosition,
} from './timeline-position.js';

const A = 'aaaaaaaa-0000-0000-0000-000000000000';
const B = 'bbbbbbbb-0000-0000-0000-000000000000';
const place = (at: number, rank: 0 | 1, hash: string): TimelinePosition => ({ at, rank, hash });

/** What the repository's comparison of (at, hash) lets through. */
function liesAfter(position: TimelinePosition, of: TimelinePosition): boolean {
  const { itemsBefore, switchesBefore } = boundsAfter(of);
  const [at, hash] = position.rank === 1 ? itemsBefore : switchesBefore;
  const time = new Date(position.at).toISOString();
  return time < at || (time === at && position.hash < hash);
}

describe('timeline position', () => {
  const sorted = [place(2, 1, A), place(1, 1, B), place(1, 1, A), place(1, 0, B), place(1, 0, A), place(0, 1, B)];

  it('is newest first; of one moment items come before switches', () => {
    expect([...sorted].reverse().sort(comparePositions)).toEqual(sorted);
  });

  it('bounds the next page so that nothing is left out and nothing comes twice', () => {
    sorted.forEach((of, index) => {
      expect(sorted.filter((position) => liesAfter(position, of))).toEqual(sorted.slice(index + 1));
    });
  });

  it('travels as a cursor', () => {
    expect(decodePosition(encodePosition(sorted[3]!))).toEqual(sorted[3]);
    expect(decodePosition(undefined)).toBeUndefined();
  });
});
