import { timingSafeEqual } from 'node:crypto';

/** Whether two texts are the same, compared in constant time. */
export function sameText(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
