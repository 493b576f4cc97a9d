import type { SendOutcome } from './outbound-reply.js';

/** @param reason a word that programs go by, a colon, and what an agent can do about it */
export const failed = (reason: string): SendOutcome => ({ kind: 'failed', reason });

/** Not taken, and tried again: after so many milliseconds, or after a pause that grows. */
export const later = (reason: string, retryAfterMs?: number): SendOutcome => ({
  kind: 'not-taken',
  reason,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** Not taken, for a reason that holds for everything of the account: until its settings change, or so many milliseconds have passed. */
export const heldBy = (reason: string, retryAfterMs?: number): SendOutcome => ({
  kind: 'not-taken',
  reason,
  holds: 'account',
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});

/** The outcome where a vendor, or a proxy on the way, answered nothing that tells it: the reply may have gone through. */
export const unclear = (vendor: string, status: number): SendOutcome => ({
  kind: 'unknown',
  reason: `${vendor} answered ${status} without saying what became of it`,
});
