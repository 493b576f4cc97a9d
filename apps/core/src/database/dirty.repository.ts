import { Injectable } from '@nestjs/common';
import type { Transaction } from './tenant-database.js';

/** What `core/ingest` listens to: marks have come that no batch from Kafka brought. */
export const DIRTY_CHANNEL = 'core_dirty';

export interface Mark {
  readonly identifierId: string;
  /** When what happened happened. */
  readonly at: Date;
  /** Evidence came or went: people have to be recomputed. */
  readonly identity: boolean;
  /** An act came: threads and clocks have to be folded again. */
  readonly refold: boolean;
  /** The act, or the undo, that is the reason. */
  readonly actId?: string;
}

/** Marks for whoever turns records into people and conversations. */
@Injectable()
export class DirtyRepository {
  /** Leaves marks and, once the transaction stands, wakes whoever works them off. Returns what tells them again. */
  async mark(transaction: Transaction, marks: readonly Mark[]): Promise<string[]> {
    const rows = await transaction.query<{ seq: string }>(
      `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold, act_id)
       SELECT $1, m.* FROM unnest($2::uuid[], $3::timestamptz[], $4::boolean[], $5::boolean[], $6::uuid[]) AS m
       RETURNING seq`,
      [
        transaction.tenant,
        marks.map(({ identifierId }) => identifierId),
        marks.map(({ at }) => at.toISOString()),
        marks.map(({ identity }) => identity),
        marks.map(({ refold }) => refold),
        marks.map(({ actId }) => actId ?? null),
      ],
    );
    await transaction.query('SELECT pg_notify($1, $2)', [DIRTY_CHANNEL, '']);
    return rows.map(({ seq }) => seq);
  }

  /** Whether any of the marks still waits. */
  async stands(transaction: Transaction, marks: readonly string[]): Promise<boolean> {
    const rows = await transaction.query(
      'SELECT 1 FROM core.dirty WHERE tenant = $1 AND seq = ANY($2::bigint[]) LIMIT 1',
      [transaction.tenant, marks],
    );
    return rows.length > 0;
  }
}
