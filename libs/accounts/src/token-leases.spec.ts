import { describe, expect, it, jest } from '@jest/globals';
import { JsonLogger } from '@lienmach/platform';
import type { Renewal, TokenAccount } from './token.js';
import { TokenLeases } from './token-leases.js';
import type { StoredToken, TokenRepository } from './token.repository.js';

const logger = JsonLogger.create({ name: 'test', level: 'silent' });
const account: TokenAccount = {
  tenant: 'demo',
  channel: 'zalo',
  vendor: 'zalo',
  id: 'oa-1',
  version: '1',
  given: { accessToken: null, refreshToken: 'refresh-1' },
  connectUrl: null,
};
const renewed = { accessToken: 'access-2', refreshToken: 'refresh-2', expiresAt: Date.now() + 90_000_000 };

describe('a new pair that the database does not take', () => {
  it('is kept and tried again, and used by nobody until it is stored', async () => {
    let stored: StoredToken = { pair: account.given, generation: '1', expiresAt: null, refused: null };
    let isAway = true;
    const repository = {
      read: () => Promise.resolve(stored),
      claim: () => Promise.resolve(true),
      renew: jest.fn(() => {
        if (isAway) return Promise.reject(new Error('connection refused'));
        stored = { pair: renewed, generation: '2', expiresAt: renewed.expiresAt, refused: null };
        return Promise.resolve();
      }),
    };
    const leases = new TokenLeases({
      repository: repository as unknown as TokenRepository,
      logger,
      timing: { pollMs: 1 },
    });
    const exchange = jest.fn(() => Promise.resolve({ kind: 'renewed' as const, tokens: renewed }));
    const renewal: Renewal = { aheadMs: 0, exchange };
    const signal = AbortSignal.timeout(30);
    await expect(leases.accessToken(account, renewal, { signal })).rejects.toThrow('is being renewed');
    expect(repository.renew.mock.calls.length).toBeGreaterThan(1);
    isAway = false;
    await leases.close();
    expect(await leases.accessToken(account, renewal, { signal: AbortSignal.timeout(1_000) })).toBe('access-2');
    expect(exchange).toHaveBeenCalledTimes(1);
  });
});
