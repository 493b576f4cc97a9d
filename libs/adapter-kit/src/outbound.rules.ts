import { CredentialsExpired, TemporarilyUnavailable } from '@lienmach/contracts';
import type { SendOutcome } from './outbound-reply.js';

/** What is known for good of a reply. */
export type Settlement = Extract<SendOutcome, { kind: 'sent' | 'failed' | 'unknown' }>;

/** What follows from an attempt; times in milliseconds since 1970. */
export type NextStep =
  | { readonly kind: 'settle'; readonly settlement: Settlement }
  | { readonly kind: 'try-again'; readonly at: number; readonly reason: string }
  | { readonly kind: 'hold-account'; readonly until: number; readonly reason: string };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const FIRST_PAUSE = 2 * SECOND;
const LONGEST_PAUSE = 5 * MINUTE;
/** Of an account for which the vendor names no time. */
const ACCOUNT_PAUSE = 15 * MINUTE;

/** Whether there is a token again costs no call of the vendor. */
const TOKEN_PAUSE = MINUTE;

/** What a sender's error says of the reply; undefined: nothing, so that the vendor may have it. */
export function errorOutcome(error: unknown): SendOutcome | undefined {
  if (error instanceof CredentialsExpired) {
    const reason = `credentials-expired: ${error.message}`;
    return { kind: 'not-taken', reason, holds: 'account', retryAfterMs: TOKEN_PAUSE };
  }
  if (error instanceof TemporarilyUnavailable) {
    return { kind: 'not-taken', reason: error.message, retryAfterMs: error.retryAfterSeconds * SECOND };
  }
  return undefined;
}

/** After so long an answer is no answer any more, and whoever wrote it must know. */
export const GIVE_UP_MS = 4 * 60 * MINUTE;

/** @param attempts that were made, this one included */
export function nextStep(outcome: SendOutcome, attempts: number, requestedAt: number, now: number): NextStep {
  if (outcome.kind !== 'not-taken') return { kind: 'settle', settlement: outcome };
  const { reason, retryAfterMs, holds } = outcome;
  if (holds === 'account') return { kind: 'hold-account', until: now + (retryAfterMs ?? ACCOUNT_PAUSE), reason };
  const at = now + (retryAfterMs ?? Math.min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE));
  if (at - requestedAt > GIVE_UP_MS) return { kind: 'settle', settlement: { kind: 'failed', reason } };
  return { kind: 'try-again', at, reason };
}
