import type { EntityManager } from 'typeorm';
import { milliseconds as ms, recordset } from '../database/recordset.js';
import { ERRORS_KEPT, type Job, type JobState, type LineError, type Step } from './job.js';

/** A process that says nothing for so long in the midst of a step has lost it: the server ends its transaction. */
const SILENCE_MS = 30_000;

/** SQL of whoever works jobs, for all tenants. */
export class JobWorkRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Takes the job that has waited longest since its last step; nobody else gets it until this transaction ends, however it ends. */
  async take(kinds: readonly string[]): Promise<Job | undefined> {
    await this.manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${SILENCE_MS}`);
    const rows: Job[] = await this.manager.query(
      `SELECT tenant, id, kind, done, total, refused, actor, cursor, ${ms('at', 'at')} FROM core.job
       WHERE finished_at IS NULL AND next_at <= clock_timestamp() AND kind = ANY($1)
       ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [kinds],
    );
    return rows[0];
  }

  async progress({ tenant, id }: Job, { done, errors, finished, cursor, restMs = 0 }: Step): Promise<void> {
    await this.manager.query(
      `UPDATE core.job SET state = $3, done = done + $4, refused = refused + $5, broken = 0, cursor = coalesce($6, cursor),
         next_at = clock_timestamp() + make_interval(secs => $7 / 1000.0),
         finished_at = CASE WHEN $3 = 'done' THEN clock_timestamp() END
       WHERE tenant = $1 AND id = $2`,
      [tenant, id, (finished ? 'done' : 'running') satisfies JobState, done, errors.length, cursor ?? null, restMs],
    );
  }

  /** Keeps the reasons of the first lines that were refused. */
  async keepErrors({ tenant, id, refused }: Job, errors: readonly LineError[]): Promise<void> {
    const kept = errors.slice(0, Math.max(0, ERRORS_KEPT - refused));
    if (kept.length === 0) return;
    const set = recordset('e', { line: 'integer', reason: 'text' }, kept, 3);
    await this.manager.query(
      `INSERT INTO core.job_error (tenant, job_id, ${set.names}) SELECT $1, $2, e.* FROM ${set.from}`,
      [tenant, id, ...set.parameters],
    );
  }

  /** A step broke: the job rests, twice as long each time. @returns how often it has broken now, one after another */
  async rest({ tenant, id }: Job, firstPauseMs: number, longestPauseMs: number): Promise<number> {
    const rows: { broken: number }[] = await this.manager.query(
      `WITH resting AS (
         UPDATE core.job SET broken = broken + 1,
           next_at = clock_timestamp() + make_interval(secs => least($3 * power(2, broken), $4) / 1000.0)
         WHERE tenant = $1 AND id = $2 AND finished_at IS NULL RETURNING broken
       ) SELECT broken FROM resting`,
      [tenant, id, firstPauseMs, longestPauseMs],
    );
    return rows[0]?.broken ?? 0;
  }

  /** It ends without success. */
  async fail({ tenant, id }: Job, reason: string): Promise<void> {
    await this.manager.query(
      `UPDATE core.job SET state = 'failed', reason = $3, finished_at = clock_timestamp()
       WHERE tenant = $1 AND id = $2 AND finished_at IS NULL`,
      [tenant, id, reason],
    );
  }
}
