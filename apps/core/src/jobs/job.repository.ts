import { Injectable } from '@nestjs/common';
import { milliseconds as ms } from '../database/recordset.js';
import type { Transaction } from '../database/tenant-database.js';
import { ERRORS_KEPT, JOB_CHANNEL, type JobState, type LineError } from './job.js';

export interface JobRow {
  readonly id: string;
  readonly kind: string;
  readonly state: JobState;
  readonly done: number;
  readonly total: number;
  readonly refused: number;
  readonly reason: string | null;
  /** Milliseconds. */
  readonly at: number;
  readonly finishedAt: number | null;
}

/** Jobs as the API asks for them and tells of them. */
@Injectable()
export class JobRepository {
  /** Wakes whoever works jobs, once the transaction stands. */
  async add(
    { query, tenant }: Transaction,
    { id, kind, total, actor, at }: Pick<JobRow, 'id' | 'kind' | 'total' | 'at'> & { actor: string },
  ): Promise<void> {
    await query('INSERT INTO core.job (tenant, id, kind, total, actor, at) VALUES ($1, $2, $3, $4, $5, $6)', [
      tenant,
      id,
      kind,
      total,
      actor,
      new Date(at).toISOString(),
    ]);
    await query('SELECT pg_notify($1, $2)', [JOB_CHANNEL, '']);
  }

  async find({ query, tenant }: Transaction, id: string): Promise<JobRow | undefined> {
    const rows = await query<JobRow>(
      `SELECT id, kind, state, done, total, refused, reason, ${ms('at', 'at')}, ${ms('finished_at', 'finishedAt')}
       FROM core.job WHERE tenant = $1 AND id = $2`,
      [tenant, id],
    );
    return rows[0];
  }

  errors({ query, tenant }: Transaction, id: string): Promise<LineError[]> {
    return query<LineError>(
      `SELECT line, reason FROM core.job_error WHERE tenant = $1 AND job_id = $2 ORDER BY line LIMIT ${ERRORS_KEPT}`,
      [tenant, id],
    );
  }
}
