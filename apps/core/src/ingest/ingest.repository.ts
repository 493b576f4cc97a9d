import type { EntityManager } from 'typeorm';
import { milliseconds as ms, recordset } from '../database/recordset.js';
import type { TimedItem } from '../conversation/timed-item.js';

export interface EventRow {
  tenant: string;
  id: string;
  itemId: string | null;
  type: string;
  at: number;
  receivedAt: number;
  value: string;
}

export interface EventTargetRow {
  tenant: string;
  itemId: string;
  eventId: string;
}

export interface ThreadRow {
  tenant: string;
  id: string;
  channel: string;
  account: string;
  thread: string;
  readAt: number | null;
  deliveredAt: number | null;
}

export interface ItemRow {
  tenant: string;
  id: string;
  threadId: string;
  channel: string;
  account: string;
  brand: string;
  family: string;
  kind: string;
  at: number;
  hash: string;
  receivedAt: number;
  shown: boolean;
  identifierId: string | null;
  owned: boolean;
  answers: string | null;
  customer: boolean;
  counts: boolean;
  waits: boolean;
  stopsAt: number | null;
  botAt: number | null;
  thanks: boolean;
  call: TimedItem['call'];
  state: unknown;
}

export interface DirtyRow {
  tenant: string;
  identifierId: string | null;
  threadId: string | null;
  /** Kafka key of the thread. */
  threadKey: string | null;
  itemId: string | null;
  eventId: string | null;
  at: number;
  identity: boolean;
  refold: boolean;
}

interface Key {
  tenant: string;
  id: string;
}

const KEY = { tenant: 'text', id: 'uuid' } as const;

/** SQL of transaction 1 ("From the log to the view"): set-based, rows sorted by key, so that two batches lock in one order. */
export class IngestRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Where this group has to read on; null: never read. */
  async nextOffset(topic: string, partition: number): Promise<bigint | null> {
    const rows = await this.query<{ next: string }>(
      'SELECT next FROM core.consumer_offset WHERE topic = $1 AND partition = $2',
      [topic, partition],
    );
    return rows[0] ? BigInt(rows[0].next) : null;
  }

  /** Moves the fence. false: another process moved it meanwhile, and nothing of this transaction may stay. */
  async moveOffset(topic: string, partition: number, from: bigint | null, to: bigint): Promise<boolean> {
    const moved =
      from === null
        ? await this.query(
            'INSERT INTO core.consumer_offset (topic, partition, next) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING next',
            [topic, partition, to.toString()],
          )
        : await this.query(
            `WITH moved AS (UPDATE core.consumer_offset SET next = $4 WHERE topic = $1 AND partition = $2 AND next = $3 RETURNING next)
             SELECT next FROM moved`,
            [topic, partition, from.toString(), to.toString()],
          );
    return moved.length === 1;
  }

  /**
   * Stores events; of repeats the one with the least (received time, hash) stays.
   * @returns ids that are new, and ids whose text was replaced by an earlier repeat
   */
  async storeEvents(rows: readonly EventRow[]): Promise<{ id: string; tenant: string; fresh: boolean }[]> {
    const set = recordset(
      'r',
      { ...KEY, itemId: 'uuid', type: 'text', at: 'timestamptz', receivedAt: 'timestamptz', value: 'jsonb' },
      rows,
    );
    return this.query(
      `INSERT INTO core.event AS e (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET value = excluded.value, at = excluded.at, received_at = excluded.received_at
         WHERE (excluded.received_at, md5(excluded.value::text)) < (e.received_at, md5(e.value::text))
       RETURNING tenant, id, xmax = 0 AS fresh`,
      set.parameters,
    );
  }

  async storeTargets(rows: readonly EventTargetRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { tenant: 'text', itemId: 'uuid', eventId: 'uuid' }, rows);
    await this.query(
      `INSERT INTO core.event_target (${set.names}) SELECT ${set.names} FROM ${set.from} ON CONFLICT DO NOTHING`,
      set.parameters,
    );
  }

  /** Everything stored about the given items, except the events of this very batch. */
  async formerEvents(
    items: readonly Key[],
    except: readonly string[],
  ): Promise<{ tenant: string; itemId: string; value: string }[]> {
    if (items.length === 0) return [];
    const set = recordset('r', KEY, items);
    const former = (join: string): string =>
      `SELECT r.tenant, r.id AS "itemId", e.value::text AS value FROM ${set.from} ${join} WHERE e.id <> ALL($3::uuid[])`;
    return this.query(
      `${former('JOIN core.event e ON e.tenant = r.tenant AND e.item_id = r.id')}
       UNION ALL
       ${former(`JOIN core.event_target t ON t.tenant = r.tenant AND t.item_id = r.id
                 JOIN core.event e ON e.tenant = t.tenant AND e.id = t.event_id`)}`,
      [...set.parameters, except],
    );
  }

  async storeThreads(rows: readonly ThreadRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      { ...KEY, channel: 'text', account: 'text', thread: 'text', readAt: 'timestamptz', deliveredAt: 'timestamptz' },
      rows,
    );
    await this.query(
      `INSERT INTO core.thread AS t (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET
         read_at = greatest(t.read_at, excluded.read_at), delivered_at = greatest(t.delivered_at, excluded.delivered_at)`,
      set.parameters,
    );
  }

  /** What threads and clocks see of the items as they stand; to tell whether a change touches them. */
  async knownItems(items: readonly Key[]): Promise<Omit<ItemRow, 'state'>[]> {
    const set = recordset('r', KEY, items);
    return this.query(
      `SELECT i.tenant, i.id, i.thread_id AS "threadId", i.channel, i.account, i.brand, i.family, i.kind, ${ms('i.at', 'at')}, i.hash,
              ${ms('i.received_at', 'receivedAt')}, i.shown, i.identifier_id AS "identifierId", i.owned, i.answers, i.customer, i.counts,
              i.waits, ${ms('i.stops_at', 'stopsAt')}, ${ms('i.bot_at', 'botAt')}, i.thanks, i.call
       FROM ${set.from} JOIN core.item i USING (tenant, id)`,
      set.parameters,
    );
  }

  async storeItems(rows: readonly ItemRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      {
        ...KEY,
        threadId: 'uuid',
        channel: 'text',
        account: 'text',
        brand: 'text',
        family: 'text',
        kind: 'text',
        at: 'timestamptz',
        hash: 'uuid',
        receivedAt: 'timestamptz',
        shown: 'boolean',
        identifierId: 'uuid',
        owned: 'boolean',
        answers: 'uuid',
        customer: 'boolean',
        counts: 'boolean',
        waits: 'boolean',
        stopsAt: 'timestamptz',
        botAt: 'timestamptz',
        thanks: 'boolean',
        call: 'jsonb',
        state: 'jsonb',
      },
      rows,
    );
    // An item without an owner of its own keeps the one that its thread gave it (transaction 2).
    await this.query(
      `INSERT INTO core.item AS i (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (tenant, id) DO UPDATE SET
         thread_id = excluded.thread_id, kind = excluded.kind, at = excluded.at, hash = excluded.hash,
         received_at = excluded.received_at, shown = excluded.shown, family = excluded.family,
         identifier_id = CASE WHEN excluded.owned THEN excluded.identifier_id ELSE i.identifier_id END,
         owned = excluded.owned, answers = excluded.answers, customer = excluded.customer, counts = excluded.counts,
         waits = excluded.waits, stops_at = excluded.stops_at, bot_at = excluded.bot_at, thanks = excluded.thanks, call = excluded.call, state = excluded.state`,
      set.parameters,
    );
  }

  async markDirty(rows: readonly DirtyRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset(
      'r',
      {
        tenant: 'text',
        identifierId: 'uuid',
        threadId: 'uuid',
        threadKey: 'text',
        itemId: 'uuid',
        eventId: 'uuid',
        at: 'timestamptz',
        identity: 'boolean',
        refold: 'boolean',
      },
      rows,
    );
    await this.query(`INSERT INTO core.dirty (${set.names}) SELECT ${set.names} FROM ${set.from}`, set.parameters);
  }

  private query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return this.manager.query(sql, parameters);
  }
}
