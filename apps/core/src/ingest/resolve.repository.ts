import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';

/** A mark that transaction 1, or an agent's act, left behind. */
export interface Mark {
  readonly seq: string;
  readonly tenant: string;
  readonly identifierId: string | null;
  readonly threadId: string | null;
  readonly threadKey: string | null;
  readonly itemId: string | null;
  /** The event to publish; null when it has been published before, or when the mark comes of no event. */
  readonly eventId: string | null;
  /** The agent's act, or undo, that left the mark. */
  readonly actId: string | null;
  readonly identity: boolean;
  readonly refold: boolean;
  /** A change of the rules left it. */
  readonly byRules: boolean;
  /** When what left it happened, milliseconds. */
  readonly at: number;
  readonly markedAt: number;
}

/** SQL of the dirty marks. */
export class ResolveRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Takes the oldest marks that no other process is at; they are gone if this transaction commits, and back if it does not.
   * Marks of a thread whose earlier ones another process holds are left to it or to a later round: a thread is told in its order.
   */
  takeMarks(limit: number): Promise<Mark[]> {
    return prepared(
      this.manager,
      `WITH free AS (
         SELECT seq FROM core.dirty ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED
       ), held AS (
         SELECT tenant, thread_id, min(seq) AS seq FROM core.dirty
         WHERE seq < (SELECT max(seq) FROM free) AND seq NOT IN (SELECT seq FROM free) AND thread_id IS NOT NULL
         GROUP BY tenant, thread_id
       ), taken AS (
         DELETE FROM core.dirty d
         WHERE seq IN (SELECT seq FROM free)
           AND NOT EXISTS (SELECT FROM held h WHERE h.tenant = d.tenant AND h.thread_id = d.thread_id AND h.seq < d.seq)
         RETURNING d.*
       )
       SELECT seq, tenant, identifier_id AS "identifierId", thread_id AS "threadId", thread_key AS "threadKey", item_id AS "itemId",
              event_id AS "eventId", act_id AS "actId", identity, refold, by_rules AS "byRules", (extract(epoch FROM at) * 1000)::float8 AS at, (extract(epoch FROM marked_at) * 1000)::float8 AS "markedAt"
       FROM taken ORDER BY seq`,
      [limit],
    );
  }

  /** Orders writers of one key where the locked identifiers do not: in a thread of many customers. Always after the identifiers. */
  async lockKeys(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await prepared(
      this.manager,
      `SELECT pg_advisory_xact_lock(lock)
       FROM (SELECT DISTINCT hashtextextended(key, 0) AS lock FROM unnest($1::text[]) AS k(key) ORDER BY 1) AS locks`,
      [keys],
    );
  }

  async depth(): Promise<{ marks: number; oldestSeconds: number }> {
    const [row] = await this.manager.query<[{ marks: string; oldest: number | null }]>(
      `SELECT count(*) AS marks, extract(epoch FROM clock_timestamp() - min(marked_at))::float8 AS oldest FROM core.dirty`,
    );
    return { marks: Number(row.marks), oldestSeconds: row.oldest ?? 0 };
  }
}
