import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { milliseconds as ms, recordset } from '../database/recordset.js';
import { inTimeOf } from '../identity/node-time.js';
import type { TenantKey } from '../identity/people.repository.js';
import type { Act, TimedItem } from './timed-item.js';

/** An item with what decides whether it can simply be appended to what is known. */
export type StoredItem = Omit<TimedItem, 'identifierId'> & {
  tenant: string;
  identifierId: string | null;
  shown: boolean;
  segmentId: string | null;
};

export interface OwnerRow extends TenantKey {
  owner: string | null;
  former: string | null;
}

export interface ItemPlace extends TenantKey {
  family: string;
  personId: string | null;
  level: string | null;
  conversationId: string | null;
}

const KEY = { tenant: 'text', id: 'uuid' } as const;
const ITEM = `i.tenant, i.id, i.hash, ${ms('i.at', 'at')}, ${ms('i.received_at', 'receivedAt')}, i.thread_id AS "threadId", i.channel, i.account,
  i.brand, i.family, i.identifier_id AS "identifierId", i.customer, i.counts, i.waits, ${ms('i.stops_at', 'stopsAt')}, ${ms('i.bot_at', 'botAt')}, i.thanks, i.call,
  (SELECT jsonb_agg(coalesce(x.item_id, n.id::uuid) ORDER BY n.place) FROM jsonb_array_elements_text(i.refers) WITH ORDINALITY AS n(id, place)
     LEFT JOIN core.item_alias x ON x.tenant = i.tenant AND x.id = n.id::uuid) AS refers,
  i.order_codes AS "orderCodes", i.shown, i.segment_id AS "segmentId"`;

/**
 * A common table expression `found(tenant, id, former, owner)`: items without a customer author, with the identifier that they hang on and the one
 * that they should hang on: of what they answer, else of the latest customer item before them in the thread.
 * @param threads FROM item that gives `r(tenant, id)`
 */
export function foundOwners(threads: string): string {
  return `found AS (
       SELECT i.tenant, i.id, i.identifier_id AS former, coalesce(
         (SELECT a.identifier_id FROM core.item a WHERE a.tenant = i.tenant
            AND a.id = coalesce((SELECT x.item_id FROM core.item_alias x WHERE x.tenant = i.tenant AND x.id = i.answers), i.answers)),
         (SELECT c.identifier_id FROM core.item c
          WHERE c.tenant = i.tenant AND c.thread_id = i.thread_id AND c.customer AND c.shown AND c.identifier_id IS NOT NULL
            AND (c.at, c.hash) < (i.at, i.hash)
          ORDER BY c.at DESC, c.hash DESC LIMIT 1)) AS owner
       FROM ${threads} JOIN core.item i ON i.tenant = r.tenant AND i.thread_id = r.id AND NOT i.owned
     )`;
}

/** SQL over items as threads see them, and agents' acts; every call takes many keys of many tenants. */
export class ItemsRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Gives items without a customer author the identifier of what they answer, else of the latest customer item before them in the thread.
   * @returns those whose owner changed
   */
  async assignOwners(threads: readonly TenantKey[]): Promise<OwnerRow[]> {
    if (threads.length === 0) return [];
    const set = recordset('r', KEY, threads);
    return this.query(
      `WITH ${foundOwners(set.from)}, changed AS (
         UPDATE core.item i SET identifier_id = f.owner, segment_id = NULL
         FROM (SELECT * FROM found WHERE owner IS DISTINCT FROM former ORDER BY tenant, id) f
         WHERE i.tenant = f.tenant AND i.id = f.id
         RETURNING i.tenant, i.id, f.owner, f.former
       )
       SELECT * FROM changed`,
      set.parameters,
    );
  }

  async items(keys: readonly TenantKey[]): Promise<StoredItem[]> {
    const set = recordset('r', KEY, keys);
    return this.query(`SELECT ${ITEM} FROM ${set.from} JOIN core.item i USING (tenant, id)`, set.parameters);
  }

  /** Whose an item is and in which conversation, as it stands. */
  async placesOf(items: readonly TenantKey[]): Promise<ItemPlace[]> {
    const set = recordset('r', KEY, items);
    return this.query(
      `SELECT i.tenant, i.id, i.family, n.person_id AS "personId", n.level, s.conversation_id AS "conversationId"
       FROM ${set.from}
       JOIN core.item i USING (tenant, id)
       LEFT JOIN core.node n ON n.tenant = i.tenant AND n.identifier_id = i.identifier_id AND ${inTimeOf('n', 'i.at')}
       LEFT JOIN core.segment s ON s.tenant = i.tenant AND s.id = i.segment_id`,
      set.parameters,
    );
  }

  async itemsOfIdentifiers(keys: readonly TenantKey[]): Promise<StoredItem[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `SELECT ${ITEM} FROM ${set.from} JOIN core.item i ON i.tenant = r.tenant AND i.identifier_id = r.id WHERE i.shown`,
      set.parameters,
    );
  }

  /** Acts that stand: what was taken back is as if it had never been done. */
  async actsOfIdentifiers(keys: readonly TenantKey[]): Promise<(Act & { tenant: string; identifierIds: string[] })[]> {
    const set = recordset('r', KEY, keys);
    return this.query(
      `SELECT DISTINCT ON (a.tenant, a.id) a.tenant, a.id, a.kind, ${ms('a.at', 'at')}, a.stretches,
              a.item_ids AS "itemIds", a.with_ids AS "withIds", a.apart_ids AS "apartIds", a.identifier_ids AS "identifierIds", a.actor, a.reason
       FROM ${set.from} JOIN core.act a ON a.tenant = r.tenant AND a.identifier_ids @> ARRAY[r.id]
       WHERE NOT EXISTS (SELECT FROM core.act_undo u WHERE u.tenant = a.tenant AND u.act_id = a.id)`,
      set.parameters,
    );
  }

  async storeAssignments(rows: readonly (TenantKey & { segmentId: string | null })[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { ...KEY, segmentId: 'uuid' }, rows);
    await this.query(
      `UPDATE core.item i SET segment_id = r.segment_id FROM ${set.from}
       WHERE i.tenant = r.tenant AND i.id = r.id AND i.segment_id IS DISTINCT FROM r.segment_id`,
      set.parameters,
    );
  }

  private query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return prepared(this.manager, sql, parameters);
  }
}
