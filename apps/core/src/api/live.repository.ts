import { milliseconds as ms } from '../database/recordset.js';
import type { Transaction } from '../database/tenant-database.js';

/** Place of a row in the order in which transactions became visible; `seq` alone would let a slow one slip in behind a reader. */
export interface LivePosition {
  readonly xid: string;
  readonly seq: string;
}

export interface LiveRow extends LivePosition {
  readonly id: string;
  readonly topic: string;
  readonly type: string;
  readonly key: string;
  readonly createdAt: number;
  /** As the payload names them; state topics of people and conversations have them in their key. */
  readonly personId: string | null;
  readonly conversationId: string | null;
}

/** Rows that nobody can overtake any more. */
const SETTLED = 'o.tenant = $1 AND o.xid < pg_snapshot_xmin(pg_current_snapshot())';

/** SQL of the live stream, over the outbox. */

export class LiveRepository {
  /** Behind the newest row. */
  async end({ tenant, query }: Transaction): Promise<LivePosition> {
    const rows = await query<LivePosition>(
      `SELECT o.xid::text, o.seq::text FROM core.outbox o WHERE ${SETTLED} ORDER BY o.xid DESC, o.seq DESC LIMIT 1`,
      [tenant],
    );
    return rows[0] ?? { xid: '0', seq: '0' };
  }

  /** Whether the row is still kept, and so everything behind it. */
  async has({ tenant, query }: Transaction, { xid, seq }: LivePosition): Promise<boolean> {
    const rows = await query('SELECT FROM core.outbox WHERE tenant = $1 AND xid = $2::xid8 AND seq = $3::bigint', [
      tenant,
      xid,
      seq,
    ]);
    return rows.length > 0;
  }

  /** The next rows, in order. */
  after({ tenant, query }: Transaction, { xid, seq }: LivePosition, limit: number): Promise<LiveRow[]> {
    return query(
      `SELECT o.xid::text, o.seq::text, o.id, o.aggregatetype AS topic, o.type, o.aggregateid AS key, ${ms('o.created_at', 'createdAt')},
              coalesce(o.payload->>'personasof', o.payload->>'personId', o.payload->'data'->>'personId') AS "personId",
              coalesce(o.payload->>'conversation', o.payload->>'conversationId', o.payload->'data'->>'conversationId') AS "conversationId"
       FROM core.outbox o
       WHERE ${SETTLED} AND (o.xid, o.seq) > ($2::xid8, $3::bigint)
       ORDER BY o.xid, o.seq LIMIT $4`,
      [tenant, xid, seq, limit],
    );
  }
}
