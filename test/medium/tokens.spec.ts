import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  TokenLeases,
  TokenRepository,
  type ExchangeOutcome,
  type Renewal,
  type TokenAccount,
} from '@lienmach/accounts';
import { CredentialsExpired, TemporarilyUnavailable } from '@lienmach/contracts';
import { JsonLogger } from '@lienmach/platform';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../support/index.js';

const HOUR = 3_600_000;
const secretsKey = Buffer.alloc(32, 5);
const logger = JsonLogger.create({ name: 'test', level: 'silent' });

/** One pair counts at a time; what is exchanged is kept. */
class Vendor {
  readonly exchanges: string[] = [];
  pair = 1;
  /** Before the answer goes out; what it throws is the caller's. */
  meanwhile: () => Promise<void> = () => Promise.resolve();

  readonly renewal: Renewal = { aheadMs: 5 * HOUR, exchange: (token) => this.exchange(token) };

  private async exchange(refreshToken: string): Promise<ExchangeOutcome> {
    this.exchanges.push(refreshToken);
    if (refreshToken !== `refresh-${this.pair}`) return { kind: 'refused', reason: 'spent' };
    this.pair++;
    const tokens = {
      accessToken: `access-${this.pair}`,
      refreshToken: `refresh-${this.pair}`,
      expiresAt: Date.now() + 25 * HOUR,
    };
    await this.meanwhile();
    return { kind: 'renewed', tokens };
  }
}

describe('tokens in PostgreSQL', () => {
  let database: TestDatabase;
  /** As two processes have them. */
  let pools: [pg.Pool, pg.Pool];
  let vendor: Vendor;

  beforeAll(async () => {
    database = await createDatabase();
    const pool = (): pg.Pool => new pg.Pool({ connectionString: database.url, max: 4 });
    pools = [pool(), pool()];
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });
  beforeEach(async () => {
    await pools[0].query('TRUNCATE channel.token');
    vendor = new Vendor();
  });

  const account = (more: Partial<TokenAccount> = {}): TokenAccount => ({
    tenant: 'demo',
    channel: 'zalo',
    vendor: 'zalo',
    id: 'oa-1',
    version: '1',
    given: { accessToken: null, refreshToken: 'refresh-1' },
    connectUrl: 'https://oauth.example.com/permission',
    ...more,
  });
  const process = (pool = pools[0], leaseMs = 30_000): TokenLeases =>
    new TokenLeases({ repository: new TokenRepository(pool, secretsKey), logger, timing: { leaseMs, pollMs: 20 } });
  const soon = (ms = 10_000) => ({ signal: AbortSignal.timeout(ms) });
  const token = (leases: TokenLeases, of = account(), refused?: string) =>
    leases.accessToken(of, vendor.renewal, { ...soon(), refused });
  const row = async () =>
    (
      await pools[0].query<{ refused: string | null; connect_url: string | null; attempt: string | null }>(
        'SELECT refused, connect_url, attempt FROM channel.token',
      )
    ).rows[0];
  const age = (hours: number) =>
    pools[0].query(`UPDATE channel.token SET expires_at = expires_at - make_interval(hours => $1)`, [hours]);

  it('are exchanged by one of two processes, once, whoever asks', async () => {
    const both = pools.map((pool) => process(pool));
    vendor.meanwhile = () => new Promise((resolve) => setTimeout(resolve, 200));
    const asked = Array.from({ length: 20 }, (_, at) => token(both[at % 2]!));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['access-2']));
    expect(vendor.exchanges).toEqual(['refresh-1']);
    // of what the vendor refuses one new token is got, too
    const refused = Array.from({ length: 20 }, (_, at) => token(both[at % 2]!, account(), 'access-2'));
    expect(new Set(await Promise.all(refused))).toEqual(new Set(['access-3']));
    expect(vendor.exchanges).toEqual(['refresh-1', 'refresh-2']);
  });

  it('are sealed', async () => {
    await token(process());
    const { rows } = await pools[0].query<{ all: string }>(
      `SELECT t::text || encode(pair, 'escape') || encode(given_hash, 'escape') AS all FROM channel.token t`,
    );
    expect(rows[0]?.all).toContain('oa-1');
    expect(rows[0]?.all).not.toMatch(/access-|refresh-/);
  });

  it('are exchanged well before their end, and nobody waits who has one that still counts', async () => {
    const leases = process();
    await token(leases);
    await age(19);
    expect(await token(leases)).toBe('access-2');
    expect(vendor.exchanges).toHaveLength(1);
    await age(1);
    expect(await token(leases)).toBe('access-2');
    await leases.close();
    expect(vendor.exchanges).toEqual(['refresh-1', 'refresh-2']);
    expect(await token(leases)).toBe('access-3');
  });

  it('are committed as tried before the vendor is asked, and used only once they are stored', async () => {
    let attempt: string | null | undefined;
    let other: Promise<unknown> = Promise.resolve();
    vendor.meanwhile = async () => {
      attempt = (await row())?.attempt;
      other = process(pools[1])
        .accessToken(account(), vendor.renewal, soon(150))
        .catch((error: unknown) => error);
      await other;
    };
    expect(await token(process())).toBe('access-2');
    expect(attempt).toEqual(expect.any(String));
    expect(await other).toBeInstanceOf(TemporarilyUnavailable);
    expect((await row())?.attempt).toBeNull();
  });

  it('of a process that never came back are tried once more: refused, the account must be connected anew', async () => {
    vendor.meanwhile = () => new Promise(() => undefined);
    const lost = process().accessToken(account(), vendor.renewal, soon(200));
    await expect(lost).rejects.toThrow(TemporarilyUnavailable);
    // within the lease nobody asks the vendor
    await expect(process(pools[1]).accessToken(account(), vendor.renewal, soon(200))).rejects.toThrow(
      TemporarilyUnavailable,
    );
    expect(vendor.exchanges).toEqual(['refresh-1']);

    const next = process(pools[1], 1);
    await expect(token(next)).rejects.toThrow(CredentialsExpired);
    await expect(token(next)).rejects.toThrow(CredentialsExpired);
    expect(vendor.exchanges).toEqual(['refresh-1', 'refresh-1']);
    expect(await row()).toEqual({ refused: 'spent', connect_url: account().connectUrl, attempt: null });

    vendor.meanwhile = () => Promise.resolve();
    const given = { accessToken: null, refreshToken: 'refresh-2' };
    expect(await token(next, account({ version: '2', given }))).toBe('access-3');
    expect(await row()).toEqual({ refused: null, connect_url: null, attempt: null });
  });

  it('of a process that was slow and not dead count when they come', async () => {
    let answer: () => void = () => undefined;
    vendor.meanwhile = () => new Promise<void>((resolve) => (answer = resolve));
    const slow = process();
    const asked = slow.accessToken(account(), vendor.renewal, soon(50));
    await expect(asked).rejects.toThrow(TemporarilyUnavailable);
    const next = process(pools[1], 1);
    await expect(token(next)).rejects.toThrow(CredentialsExpired);
    answer();
    await slow.close();
    expect(await token(next)).toBe('access-2');
  });

  it('begin anew with other settings, and not for a process that has not seen them yet', async () => {
    const leases = process();
    const given = { accessToken: 'access-9', refreshToken: null };
    await token(leases);
    expect(await token(leases, account({ version: '2', given }))).toBe('access-9');
    expect(await token(process(pools[1]), account({ version: '1' }))).toBe('access-9');
    await expect(token(leases, account({ version: '2', given }), 'access-9')).rejects.toThrow(CredentialsExpired);
    expect(vendor.exchanges).toHaveLength(1);
  });

  it('that the vendor refused are tried once more after any change of the settings', async () => {
    vendor.pair = 7;
    const leases = process();
    await expect(token(leases)).rejects.toThrow('connect the account anew: spent');
    vendor.pair = 1;
    await expect(token(leases)).rejects.toThrow(CredentialsExpired);
    expect(await token(leases, account({ version: '2' }))).toBe('access-2');
  });
});
