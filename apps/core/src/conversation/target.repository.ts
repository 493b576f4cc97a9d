import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { milliseconds as ms, recordset } from '../database/recordset.js';
import type { TenantKey } from '../identity/people.repository.js';
import type { Stage } from './timed-item.js';

/** A conversation whose next stage may have been reached; times in milliseconds. */
export interface DueRow extends TenantKey {
  readonly personId: string;
  readonly stage: Stage;
  readonly waitingSince: number;
  readonly waitingItemId: string;
  /** When we learnt of what waits. */
  readonly receivedAt: number | null;
}

export interface StageRow extends TenantKey {
  readonly stage: Stage;
  /** When to look again; null: never. */
  readonly dueAt: number | null;
}

/** SQL of the timers: they are columns of the conversation, written with its clock. */
export class TargetRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Locks what is due and nobody else works at. */
  async takeDue(now: number, limit: number): Promise<DueRow[]> {
    return prepared(
      this.manager,
      `SELECT c.tenant, c.id, c.person_id AS "personId", c.stage, ${ms('c.waiting_since', 'waitingSince')}, c.waiting_item_id AS "waitingItemId",
              (SELECT ${ms('i.received_at', 'receivedAt')} FROM core.item i WHERE i.tenant = c.tenant AND i.id = c.waiting_item_id)
       FROM core.conversation c WHERE c.due_at <= $1 ORDER BY c.due_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [new Date(now).toISOString(), limit],
    );
  }

  /** Has everything of these tenants that waits looked at anew. */
  async lookAgain(tenants: readonly string[], now: number): Promise<void> {
    await this.manager.query(
      `UPDATE core.conversation SET due_at = $2 WHERE tenant = ANY($1) AND waiting_since IS NOT NULL AND stage <> 'danger'`,
      [tenants, new Date(now).toISOString()],
    );
  }

  async store(rows: readonly StageRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { tenant: 'text', id: 'uuid', stage: 'text', dueAt: 'timestamptz' }, rows);
    await prepared(
      this.manager,
      `UPDATE core.conversation c SET stage = r.stage, due_at = r.due_at FROM ${set.from} WHERE c.tenant = r.tenant AND c.id = r.id`,
      set.parameters,
    );
  }
}
