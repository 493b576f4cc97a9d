import { decodeCursor, encodeCursor, isTime } from '../api/cursor.js';
import { isUuid } from '../api/uuid.js';

const LIST = 'timeline';

/**
 * A place in a timeline, newest first. Of one moment the item comes before the switch of channels that it made: `rank` 1 is an item, 0 a switch.
 * Places are made of event times and hashes, so that rows which arrive while somebody pages move nothing.
 */
export interface TimelinePosition {
  /** Event time, milliseconds. */
  readonly at: number;
  readonly rank: 0 | 1;
  readonly hash: string;
}

/** What lies strictly after a position, of items and of switches: (at, hash) below these. */
export interface Bounds {
  readonly itemsBefore: readonly [at: string, hash: string];
  readonly switchesBefore: readonly [at: string, hash: string];
}

const LEAST = '00000000-0000-0000-0000-000000000000';
const GREATEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export function boundsAfter(position: TimelinePosition | undefined): Bounds {
  if (!position) return { itemsBefore: ['infinity', GREATEST], switchesBefore: ['infinity', GREATEST] };
  const at = new Date(position.at).toISOString();
  return position.rank === 1
    ? { itemsBefore: [at, position.hash], switchesBefore: [at, GREATEST] }
    : { itemsBefore: [at, LEAST], switchesBefore: [at, position.hash] };
}

/** Newest first. */
export function comparePositions(a: TimelinePosition, b: TimelinePosition): number {
  return b.at - a.at || b.rank - a.rank || (a.hash < b.hash ? 1 : a.hash > b.hash ? -1 : 0);
}

export const encodePosition = ({ at, rank, hash }: TimelinePosition): string => encodeCursor(LIST, at, rank, hash);

/** @throws Problem 422 */
export function decodePosition(cursor: string | undefined): TimelinePosition | undefined {
  const parts = decodeCursor(LIST, cursor, [
    isTime,
    (rank) => rank === 0 || rank === 1,
    (hash) => typeof hash === 'string' && isUuid(hash),
  ]);
  return parts && { at: parts[0] as number, rank: parts[1] as 0 | 1, hash: parts[2] as string };
}
