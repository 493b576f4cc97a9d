import type { Pool } from 'pg';
import type { TestAnswer } from './channel.js';

/** A question that this process is to answer. */
export interface AskedTest {
  readonly tenant: string;
  readonly id: string;
  readonly vendor: string;
  readonly account: string;
}

/** After so long nobody waits for the answer any more. */
const PATIENCE_SECONDS = 60;

/** SQL of tests of one channel's accounts. Every call is one statement. */
export class AccountTestRepository {
  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly channel: string,
  ) {}

  /** What has been asked and nobody has begun with. */
  async take(): Promise<AskedTest[]> {
    const { rows } = await this.pool.query<AskedTest>(
      `UPDATE channel.account_test t SET begun_at = clock_timestamp()
       FROM (
         SELECT id, tenant FROM channel.account_test
         WHERE channel = $1 AND begun_at IS NULL AND asked_at > clock_timestamp() - make_interval(secs => $2)
         FOR UPDATE SKIP LOCKED
       ) asked
       WHERE t.id = asked.id AND t.tenant = asked.tenant
       RETURNING t.tenant, t.id, t.vendor, t.account`,
      [this.channel, PATIENCE_SECONDS],
    );
    return rows;
  }

  async answer({ tenant, id }: AskedTest, { ok, detail }: TestAnswer): Promise<void> {
    await this.pool.query(
      `UPDATE channel.account_test SET ok = $3, detail = $4, answered_at = clock_timestamp() WHERE tenant = $1 AND id = $2`,
      [tenant, id, ok, detail],
    );
  }
}
