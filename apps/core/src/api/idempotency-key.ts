import { createHash } from 'node:crypto';
import { Problem } from './problem.js';

const LONGEST = 255;
const FIELD = 'Idempotency-Key';

/**
 * The key of a request that sends something, at most once.
 * @param header as it was given
 * @param what is sent: `reply`
 * @throws Problem 422
 */
export function idempotencyKey(header: string | undefined, what: string): string {
  if (header && header.length <= LONGEST) return header;
  const detail = `must name this ${what}, in 1 to ${LONGEST} characters: the same key never sends twice`;
  throw Problem.invalid([{ field: FIELD, detail }]);
}

/** What a key stands for: the same request has the same hash. */
export const requestHashOf = (said: readonly unknown[]): Buffer =>
  createHash('sha256').update(JSON.stringify(said)).digest();

/** @throws Problem 422 where the key was given to another request before */
export function requireSameRequest(stored: Buffer, asked: Buffer, what: string): void {
  if (!stored.equals(asked)) throw Problem.invalid([{ field: FIELD, detail: `was used for another ${what}` }]);
}
