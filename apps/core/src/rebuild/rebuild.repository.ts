import type { EntityManager } from 'typeorm';
import { recordset } from '../database/recordset.js';
import type { TenantKey } from '../identity/people.repository.js';
import { NEXT } from './projections.js';

const KEY = { tenant: 'text', id: 'uuid' } as const;
const FIRST: TenantKey = { tenant: '', id: '00000000-0000-0000-0000-000000000000' };
/** Of every session that rebuilds: there is one at a time. */
const LOCK = 726_835_002;

/** What a rebuild goes through, portion by portion in the order of ids; over live tables or, with a redirected manager, those beside them. */
export class RebuildRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Until the session ends. @returns false: another session rebuilds */
  async takeTurn(): Promise<boolean> {
    const [row] = await this.manager.query<[{ mine: boolean }]>('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]);
    return row.mine;
  }

  async endTurn(): Promise<void> {
    await this.manager.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }

  /** Items of which there are events. */
  itemsOfEvents(after: TenantKey | null, limit: number): Promise<TenantKey[]> {
    return this.page(
      'SELECT tenant, item_id AS id FROM core.event WHERE item_id IS NOT NULL AND (item_id, tenant) > ($1, $2) GROUP BY item_id, tenant ORDER BY item_id, tenant',
      after,
      limit,
    );
  }

  /** Items that are named by events of several: a receipt may be all that there is of one. */
  itemsOfTargets(after: TenantKey | null, limit: number): Promise<TenantKey[]> {
    return this.page(
      'SELECT tenant, item_id AS id FROM core.event_target WHERE (item_id, tenant) > ($1, $2) GROUP BY item_id, tenant ORDER BY item_id, tenant',
      after,
      limit,
    );
  }

  /** Threads with items that have no owner of their own. */
  threadsOfUnowned(after: TenantKey | null, limit: number): Promise<TenantKey[]> {
    return this.page(
      'SELECT tenant, thread_id AS id FROM core.item WHERE NOT owned AND (thread_id, tenant) > ($1, $2) GROUP BY thread_id, tenant ORDER BY thread_id, tenant',
      after,
      limit,
    );
  }

  async known(items: readonly TenantKey[]): Promise<TenantKey[]> {
    const set = recordset('r', KEY, items);
    return this.manager.query(
      `SELECT i.tenant, i.id FROM ${set.from} JOIN core.item i USING (tenant, id)`,
      set.parameters,
    );
  }

  /** Locks items as they are written: whoever folds one next waits, and finds what we wrote. */
  async lockItems(items: readonly TenantKey[]): Promise<void> {
    const set = recordset('r', KEY, items);
    await this.manager.query(
      `SELECT FROM core.item WHERE (tenant, id) IN (SELECT tenant, id FROM ${set.from}) ORDER BY tenant, id FOR UPDATE`,
      set.parameters,
    );
  }

  async removeItems(items: readonly TenantKey[]): Promise<void> {
    if (items.length === 0) return;
    const set = recordset('r', KEY, items);
    for (const [table, key] of [
      ['item', 'id'],
      ['item_words', 'item_id'],
    ] as const) {
      await this.manager.query(
        `DELETE FROM core.${table} t USING (SELECT * FROM ${set.from}) r WHERE t.tenant = r.tenant AND t.${key} = r.id`,
        set.parameters,
      );
    }
  }

  /**
   * Marks the next identifiers whose people are not computed yet, or whose threads are not folded.
   * @returns all that were looked at
   */
  async markNext(after: TenantKey | null, limit: number): Promise<TenantKey[]> {
    const next = await this.page(
      'SELECT tenant, id FROM core.identifier WHERE (id, tenant) > ($1, $2) ORDER BY id, tenant',
      after,
      limit,
    );
    if (next.length === 0) return next;
    const set = recordset('r', KEY, next);
    await this.manager.query(
      `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold)
       SELECT r.tenant, r.id, now(), people.known IS NULL, true FROM ${set.from}
       CROSS JOIN LATERAL (
         SELECT max(1) AS known, bool_and(p.threads IS NOT NULL) AS folded
         FROM core.node n JOIN core.person p ON p.tenant = n.tenant AND p.id = n.person_id
         WHERE n.tenant = r.tenant AND n.identifier_id = r.id
       ) people
       WHERE people.folded IS NOT TRUE`,
      set.parameters,
    );
    return next;
  }

  /** Marks identifiers, and threads whose items have to find their owners, for everything of them to be computed anew. */
  async mark(identifiers: readonly TenantKey[], threads: readonly TenantKey[]): Promise<void> {
    const set = recordset('r', { tenant: 'text', identifierId: 'uuid', threadId: 'uuid' }, [
      ...identifiers.map(({ tenant, id }) => ({ tenant, identifierId: id, threadId: null })),
      ...threads.map(({ tenant, id }) => ({ tenant, identifierId: null, threadId: id })),
    ]);
    await this.manager.query(
      `INSERT INTO core.dirty (${set.names}, at, identity, refold)
       SELECT ${set.names}, now(), r.identifier_id IS NOT NULL, r.identifier_id IS NOT NULL FROM ${set.from}`,
      set.parameters,
    );
  }

  async marksWaiting(): Promise<number> {
    const [row] = await this.manager.query<[{ count: string }]>('SELECT count(*) AS count FROM core.dirty');
    return Number(row.count);
  }

  /** Every name that a conversation ever had: that it was published is what makes it one. */
  async copyNames(): Promise<void> {
    await this.manager.query(`INSERT INTO ${NEXT}.conversation_name SELECT * FROM core.conversation_name`);
  }

  /** What was told of waits that go on. */
  async carryTimers(): Promise<void> {
    await this.manager.query(
      `UPDATE ${NEXT}.conversation n SET stage = c.stage, due_at = c.due_at FROM core.conversation c
       WHERE c.waiting_since IS NOT NULL AND n.tenant = c.tenant AND n.id = c.id
         AND (n.waiting_since, n.waiting_item_id) IS NOT DISTINCT FROM (c.waiting_since, c.waiting_item_id)`,
    );
  }

  private page(sql: string, after: TenantKey | null, limit: number): Promise<TenantKey[]> {
    const { id, tenant } = after ?? FIRST;
    return this.manager.query(`${sql} LIMIT $3`, [id, tenant, limit]);
  }
}
