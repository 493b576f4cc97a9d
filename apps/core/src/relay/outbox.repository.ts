import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { recordset } from '../database/recordset.js';

/** Rows of one key go out in order; a key is always in the same shard. */
export const SHARDS = 16;

/** Channel on which whoever writes the outbox wakes the relay. */
export const OUTBOX_CHANNEL = 'core_outbox';

/** A record to publish: Debezium's outbox columns, so that its connector could take the relay's place. */
export interface OutboxRow {
  tenant: string;
  /** Id of the event; header `ce_id` on state topics. */
  id: string;
  /** Topic by its name in the contract. */
  aggregatetype: string;
  /** Key of the record. */
  aggregateid: string;
  type: string;
  /** null is a tombstone of a state topic. */
  payload: unknown;
  /** `ce_*` headers of a state topic; null on history topics, whose value is the whole event. */
  headers: Record<string, string> | null;
}

/** An interaction event, made in the database out of the stored channel event. */
export interface InteractionRow {
  tenant: string;
  id: string;
  eventId: string;
  /** Topic by its name in the contract. */
  aggregatetype: string;
  /** Key of the record. */
  aggregateid: string;
  /** What core adds to the envelope (`personasof`, `conversation` …). */
  extensions: Record<string, unknown>;
}

export interface WaitingRow {
  seq: string;
  shard: number;
  tenant: string;
  id: string;
  aggregatetype: string;
  aggregateid: string;
  type: string;
  payload: string | null;
  headers: Record<string, string> | null;
  createdAt: number;
}

const SHARD = `(hashtextextended(r.aggregateid, 0) & ${SHARDS - 1})::smallint`;

/** SQL of the outbox. Rows of a key are written under that key's lock, so that their `seq` is their order. */
export class OutboxRepository {
  constructor(private readonly manager: EntityManager) {}

  async append(rows: readonly OutboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      {
        tenant: 'text',
        id: 'uuid',
        aggregatetype: 'text',
        aggregateid: 'text',
        type: 'text',
        payload: 'jsonb',
        headers: 'jsonb',
      },
      rows,
    );
    await prepared(
      this.manager,
      `INSERT INTO core.outbox (shard, ${set.names}) SELECT ${SHARD}, ${set.names} FROM ${set.from}`,
      set.parameters,
    );
  }

  /** The channel event as stored, with its new id, core as its source, and what core found out. */
  async appendInteractions(rows: readonly InteractionRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      {
        tenant: 'text',
        id: 'uuid',
        eventId: 'uuid',
        aggregatetype: 'text',
        aggregateid: 'text',
        extensions: 'jsonb',
        position: 'integer',
      },
      rows.map((row, position) => ({ ...row, position })),
    );
    await prepared(
      this.manager,
      `INSERT INTO core.outbox (shard, tenant, id, aggregatetype, aggregateid, type, payload)
       SELECT ${SHARD}, r.tenant, r.id, r.aggregatetype, r.aggregateid, e.type, e.value || r.extensions
       FROM ${set.from} JOIN core.event e ON e.tenant = r.tenant AND e.id = r.event_id
       ORDER BY r.position`,
      set.parameters,
    );
  }

  /**
   * Unpublished rows of the given shards, each shard's in order.
   * @param underWay `seq` of rows that have been taken already
   */
  async waiting(shards: readonly number[], limit: number, underWay: readonly string[] = []): Promise<WaitingRow[]> {
    return prepared(
      this.manager,
      `SELECT o.seq, o.shard, o.tenant, o.id, o.aggregatetype, o.aggregateid, o.type, o.payload::text AS payload, o.headers,
              (extract(epoch FROM o.created_at) * 1000)::float8 AS "createdAt"
       FROM unnest($1::smallint[]) AS s(shard)
       CROSS JOIN LATERAL (
         SELECT * FROM core.outbox WHERE shard = s.shard AND published_at IS NULL AND seq NOT IN (SELECT unnest($3::bigint[])) ORDER BY seq LIMIT $2
       ) o
       ORDER BY o.seq`,
      [shards, Math.max(1, Math.ceil(limit / Math.max(1, shards.length))), underWay],
    );
  }

  async markPublished(sequences: readonly string[]): Promise<void> {
    await prepared(
      this.manager,
      'UPDATE core.outbox SET published_at = clock_timestamp() WHERE seq = ANY($1::bigint[])',
      [sequences],
    );
  }

  /** Forgets what was published longer ago than the live stream can resume. */
  async forget(olderThanHours: number, limit: number): Promise<number> {
    const gone: unknown[] = await this.manager.query(
      `WITH gone AS (
         DELETE FROM core.outbox WHERE seq IN (
           SELECT seq FROM core.outbox WHERE published_at < clock_timestamp() - make_interval(hours => $1) LIMIT $2)
         RETURNING 1)
       SELECT 1 FROM gone`,
      [olderThanHours, limit],
    );
    return gone.length;
  }

  async depth(): Promise<{ waiting: number; oldestSeconds: number }> {
    const [row] = await this.manager.query<[{ waiting: string; oldest: number | null }]>(
      `SELECT count(*) AS waiting, extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS oldest
       FROM core.outbox WHERE published_at IS NULL`,
    );
    return { waiting: Number(row.waiting), oldestSeconds: row.oldest ?? 0 };
  }
}
