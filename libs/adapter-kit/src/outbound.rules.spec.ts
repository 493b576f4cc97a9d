import { describe, expect, it } from '@jest/globals';
import { CredentialsExpired, TemporarilyUnavailable } from '@lienmach/contracts';
import type { SendOutcome } from './outbound-reply.js';
import { errorOutcome, GIVE_UP_MS, nextStep } from './outbound.rules.js';

const NOW = Date.UTC(2026, 10, 20, 2);
const MINUTE = 60_000;
const notTaken = (rest: object = {}): SendOutcome => ({ kind: 'not-taken', reason: 'busy', ...rest });

describe('after an attempt', () => {
  it.each<SendOutcome>([
    { kind: 'sent', ids: ['m_1'] },
    { kind: 'failed', reason: 'blocked' },
    { kind: 'unknown', reason: 'timeout' },
  ])('what is known for good is settled: %j', (outcome) => {
    expect(nextStep(outcome, 1, NOW, NOW)).toEqual({ kind: 'settle', settlement: outcome });
  });

  it.each([
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [8, 256_000],
    [9, 5 * MINUTE],
    [40, 5 * MINUTE],
  ])('what the vendor surely has not, is tried again: the %d. pause is %d ms', (attempts, pause) => {
    expect(nextStep(notTaken(), attempts, NOW, NOW)).toEqual({ kind: 'try-again', at: NOW + pause, reason: 'busy' });
  });

  it('the vendor may say when', () => {
    expect(nextStep(notTaken({ retryAfterMs: 7 }), 9, NOW, NOW)).toMatchObject({ kind: 'try-again', at: NOW + 7 });
  });

  it('it fails when the next attempt would come too late', () => {
    const late = NOW - GIVE_UP_MS + 1_999;
    expect(nextStep(notTaken(), 1, late + 1, NOW)).toMatchObject({ kind: 'try-again' });
    expect(nextStep(notTaken(), 1, late, NOW)).toEqual({
      kind: 'settle',
      settlement: { kind: 'failed', reason: 'busy' },
    });
  });

  it('the whole account may have to wait', () => {
    const hold = (rest: object) => nextStep(notTaken({ holds: 'account', ...rest }), 1, NOW, NOW);
    expect(hold({})).toEqual({ kind: 'hold-account', until: NOW + 15 * MINUTE, reason: 'busy' });
    expect(hold({ retryAfterMs: MINUTE })).toMatchObject({ until: NOW + MINUTE });
  });
});

describe("a sender's error", () => {
  it.each([
    [new CredentialsExpired('connect it'), { reason: 'credentials-expired: connect it', holds: 'account' }],
    [new TemporarilyUnavailable('busy', 30), { reason: 'busy', retryAfterMs: 30_000 }],
  ])('says that nothing was taken: %s', (error, outcome) => {
    expect(errorOutcome(error)).toMatchObject({ kind: 'not-taken', ...outcome });
  });

  it('of any other kind says nothing', () => {
    expect(errorOutcome(new Error('connection lost'))).toBeUndefined();
  });
});
