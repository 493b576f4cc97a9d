import { createHmac } from 'node:crypto';
import type { Pool } from 'pg';
import { accountKey } from './account.js';
import { openStored } from './account-secrets.js';
import { seal } from './secret-box.js';
import type { NewTokens, TokenAccount, TokenPair } from './token.js';

/** How the tokens of an account stand. */
export interface StoredToken {
  readonly pair: TokenPair;
  /** Grows with every pair. */
  readonly generation: string;
  /** Of the access token, milliseconds since 1970; null: nobody said. */
  readonly expiresAt: number | null;
  /** Why the vendor gives no new pair for the present settings; null: nothing is known against it. */
  readonly refused: string | null;
}

interface TokenRow extends Omit<StoredToken, 'pair'> {
  readonly pair: Buffer;
  /** An administrator has given another pair since. */
  readonly outdated: boolean;
}

const KEY = 'tenant = $1 AND channel = $2 AND vendor = $3 AND account = $4';
const keyOf = ({ tenant, channel, vendor, id }: TokenAccount): string[] => [tenant, channel, vendor, id];

/** SQL of accounts' tokens. Every call is one statement, committed when it answers. */
export class TokenRepository {
  /** @param secretsKey 32 bytes */
  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly secretsKey: Buffer,
  ) {}

  /** @returns undefined where there is none yet, or where the settings have another pair since */
  async read(account: TokenAccount): Promise<StoredToken | undefined> {
    const { rows } = await this.pool.query<TokenRow>(
      `SELECT pair, generation, (extract(epoch FROM expires_at) * 1000)::float8 AS "expiresAt",
              CASE WHEN refused_version = $5 THEN refused END AS refused, given_hash <> $6 AND given_version < $5 AS outdated
         FROM channel.token WHERE ${KEY}`,
      [...keyOf(account), account.version, this.hash(account.given)],
    );
    const [row] = rows;
    if (!row || row.outdated) return undefined;
    const { pair, generation, expiresAt, refused } = row;
    const opened = openStored(this.secretsKey, purposeOf(account), pair).toString('utf8');
    return { pair: JSON.parse(opened) as TokenPair, generation, expiresAt, refused };
  }

  /**
   * Begins with the pair of the settings where there is none yet, and anew where an administrator has given another. A process that has not yet seen the
   * newest settings changes nothing.
   */
  async begin(account: TokenAccount): Promise<void> {
    await this.pool.query(
      `INSERT INTO channel.token AS t (tenant, channel, vendor, account, given_hash, given_version, pair) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (account, vendor, channel, tenant) DO UPDATE
         SET given_hash = $5, given_version = $6, pair = $7, generation = t.generation + 1, expires_at = NULL, renewed_at = NULL,
             attempt = NULL, attempt_at = NULL, refused = NULL, refused_version = NULL, connect_url = NULL
         WHERE t.given_hash <> $5 AND t.given_version < $6`,
      [...keyOf(account), this.hash(account.given), account.version, this.seal(account, account.given)],
    );
  }

  /**
   * Takes the right to exchange this pair, for as long as the lease. An attempt that outlived its lease is given up for lost.
   * @returns false: somebody else is at it, or was faster
   */
  async claim(account: TokenAccount, generation: string, attempt: string, leaseMs: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE channel.token SET attempt = $6, attempt_at = clock_timestamp()
        WHERE ${KEY} AND generation = $5 AND (attempt IS NULL OR attempt_at < clock_timestamp() - make_interval(secs => $7))
          AND (refused IS NULL OR refused_version <> $8)`,
      [...keyOf(account), generation, attempt, leaseMs / 1_000, account.version],
    );
    return (rowCount ?? 0) > 0;
  }

  /** The vendor surely was not asked. */
  async release(account: TokenAccount, attempt: string): Promise<void> {
    await this.pool.query(`UPDATE channel.token SET attempt = NULL, attempt_at = NULL WHERE ${KEY} AND attempt = $5`, [
      ...keyOf(account),
      attempt,
    ]);
  }

  /** A pair that the vendor gave counts, whatever was thought of the exchange meanwhile. */
  async renew(account: TokenAccount, generation: string, { expiresAt, ...pair }: NewTokens): Promise<void> {
    await this.pool.query(
      `UPDATE channel.token SET pair = $6, generation = generation + 1, expires_at = $7, renewed_at = clock_timestamp(),
              attempt = NULL, attempt_at = NULL, refused = NULL, refused_version = NULL, connect_url = NULL
        WHERE ${KEY} AND generation = $5`,
      [
        ...keyOf(account),
        generation,
        this.seal(account, pair),
        expiresAt === null ? null : new Date(expiresAt).toISOString(),
      ],
    );
  }

  async refuse(account: TokenAccount, attempt: string, reason: string): Promise<void> {
    await this.pool.query(
      `UPDATE channel.token SET refused = $6, refused_version = $7, connect_url = $8, attempt = NULL, attempt_at = NULL
        WHERE ${KEY} AND attempt = $5`,
      [...keyOf(account), attempt, reason, account.version, account.connectUrl],
    );
  }

  private seal(account: TokenAccount, pair: TokenPair): Buffer {
    return seal(this.secretsKey, purposeOf(account), Buffer.from(JSON.stringify(pair)));
  }

  /** Keyed: it is to tell nothing about the tokens. */
  private hash({ accessToken, refreshToken }: TokenPair): Buffer {
    return createHmac('sha256', this.secretsKey)
      .update(JSON.stringify([accessToken, refreshToken]))
      .digest();
  }
}

const purposeOf = (account: TokenAccount): string => `token|${accountKey(account)}`;
