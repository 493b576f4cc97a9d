import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { milliseconds as ms, recordset } from '../database/recordset.js';
import type { ItemState } from '../conversation/item-state.js';
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
  /** As they were named: a reply by its vendor's id or its token. */
  refers: readonly string[] | null;
  orderCodes: readonly string[] | null;
  customer: boolean;
  counts: boolean;
  waits: boolean;
  stopsAt: number | null;
  botAt: number | null;
  thanks: boolean;
  call: TimedItem['call'];
  state: ItemState;
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

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** A fence that moves from where it was seen last (null: never) to where to read on next. */
export interface OffsetMove extends Place {
  readonly last: bigint | null;
  readonly next: bigint;
}

const PLACE = { topic: 'text', partition: 'integer' } as const;

const KEY = { tenant: 'text', id: 'uuid' } as const;

/** SQL of transaction 1 ("From the log to the view"): set-based, rows sorted by key, so that two batches lock in one order. */
export class IngestRepository {
  constructor(private readonly manager: EntityManager) {}

  /**
   * The commit of this transaction is not waited for until it is on disk. If PostgreSQL crashes before, data and offset are gone together, and the
   * log is read again from there; what transaction 2 makes of the data is on disk with its own commit, and this with it.
   */
  async leaveFlushToLater(): Promise<void> {
    await this.query('SET LOCAL synchronous_commit = off', []);
  }

  /** Where to read on in each of the partitions, in the order of the question; null: never read. */
  async fences(places: readonly Place[]): Promise<(bigint | null)[]> {
    const set = recordset('r', PLACE, places);
    const rows = await this.query<Place & { next: string }>(
      `SELECT o.topic, o.partition, o.next FROM ${set.from} JOIN core.consumer_offset o USING (topic, partition)`,
      set.parameters,
    );
    const known = new Map(rows.map(({ topic, partition, next }) => [`${topic}/${partition}`, BigInt(next)]));
    return places.map(({ topic, partition }) => known.get(`${topic}/${partition}`) ?? null);
  }

  /** Moves the fences. false: another process moved one meanwhile, and nothing of this transaction may stay. */
  async moveOffsets(moves: readonly OffsetMove[]): Promise<boolean> {
    if (moves.length === 0) return true;
    const sorted = [...moves].sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
    const columns = { ...PLACE, last: 'bigint', next: 'bigint' } as const;
    const first = recordset(
      'r',
      columns,
      sorted.filter(({ last }) => last === null),
    );
    const again = recordset(
      'u',
      columns,
      sorted.filter(({ last }) => last !== null),
      first.parameters.length + 1,
    );
    const moved = await this.query(
      `WITH inserted AS (
         INSERT INTO core.consumer_offset (topic, partition, next) SELECT topic, partition, next FROM ${first.from}
         ON CONFLICT DO NOTHING RETURNING next
       ), updated AS (
         UPDATE core.consumer_offset o SET next = u.next FROM ${again.from}
         WHERE o.topic = u.topic AND o.partition = u.partition AND o.next = u.last RETURNING o.next
       )
       SELECT next FROM inserted UNION ALL SELECT next FROM updated`,
      [...first.parameters, ...again.parameters],
    );
    return moved.length === moves.length;
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
              ${ms('i.received_at', 'receivedAt')}, i.shown, i.identifier_id AS "identifierId", i.owned, i.answers, i.refers, i.order_codes AS "orderCodes", i.customer, i.counts,
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
        refers: 'jsonb',
        orderCodes: 'jsonb',
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
         owned = excluded.owned, answers = excluded.answers, refers = excluded.refers, order_codes = excluded.order_codes, customer = excluded.customer, counts = excluded.counts,
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
    return prepared(this.manager, sql, parameters);
  }
}
