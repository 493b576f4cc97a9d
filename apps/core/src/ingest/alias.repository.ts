import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { recordset } from '../database/recordset.js';

/** Another id of an item. */
export interface AliasRow {
  readonly tenant: string;
  readonly id: string;
  readonly itemId: string;
}

/** An item that turned out to be another one's. */
export interface AbsorbedItem {
  readonly tenant: string;
  readonly identifierId: string | null;
  readonly shown: boolean;
}

const KEY = { tenant: 'text', id: 'uuid' } as const;

/** SQL of items' other ids, within transaction 1. */
export class AliasRepository {
  constructor(private readonly manager: EntityManager) {}

  async known(names: readonly { tenant: string; id: string }[]): Promise<AliasRow[]> {
    if (names.length === 0) return [];
    const set = recordset('r', KEY, names);
    return this.query(
      `SELECT a.tenant, a.id, a.item_id AS "itemId" FROM ${set.from} JOIN core.item_alias a USING (tenant, id)`,
      set.parameters,
    );
  }

  async store(rows: readonly AliasRow[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { ...KEY, itemId: 'uuid' }, rows);
    await this.query(
      `INSERT INTO core.item_alias (${set.names}) SELECT ${set.names} FROM ${set.from} ON CONFLICT DO NOTHING`,
      set.parameters,
    );
  }

  /**
   * What was stored under these ids until now, an echo that came before our own send was told or a receipt, becomes the named item's.
   * @returns the items that there were under those ids
   */
  async absorb(rows: readonly AliasRow[]): Promise<AbsorbedItem[]> {
    if (rows.length === 0) return [];
    const set = recordset('r', { ...KEY, itemId: 'uuid' }, rows);
    await this.query(
      `UPDATE core.event e SET item_id = r.item_id FROM ${set.from} WHERE e.tenant = r.tenant AND e.item_id = r.id`,
      set.parameters,
    );
    // a receipt of several messages may name one reply twice
    await this.query(
      `INSERT INTO core.event_target (tenant, item_id, event_id)
       SELECT t.tenant, r.item_id, t.event_id FROM ${set.from} JOIN core.event_target t ON t.tenant = r.tenant AND t.item_id = r.id
       ON CONFLICT DO NOTHING`,
      set.parameters,
    );
    await this.query(
      `DELETE FROM core.event_target t USING (SELECT * FROM ${set.from}) r WHERE t.tenant = r.tenant AND t.item_id = r.id`,
      set.parameters,
    );
    await this.query(
      `UPDATE core.conversation_name n SET item_id = r.item_id FROM ${set.from} WHERE n.tenant = r.tenant AND n.item_id = r.id`,
      set.parameters,
    );
    await this.query(
      `DELETE FROM core.item_words w USING (SELECT * FROM ${set.from}) r WHERE w.tenant = r.tenant AND w.item_id = r.id`,
      set.parameters,
    );
    return this.query(
      `DELETE FROM core.item i USING (SELECT * FROM ${set.from}) r WHERE i.tenant = r.tenant AND i.id = r.id
       RETURNING i.tenant, i.identifier_id AS "identifierId", i.shown`,
      set.parameters,
    );
  }

  /** Whose items name something by these ids: what they mean is known only now. */
  async naming(rows: readonly { tenant: string; id: string }[]): Promise<{ tenant: string; identifierId: string }[]> {
    if (rows.length === 0) return [];
    const set = recordset('r', KEY, rows);
    return this.query(
      `SELECT DISTINCT i.tenant, i.identifier_id AS "identifierId" FROM ${set.from}
       JOIN core.item i ON i.refers IS NOT NULL AND i.refers ? r.id::text AND i.tenant = r.tenant AND i.shown AND i.identifier_id IS NOT NULL`,
      set.parameters,
    );
  }

  private query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    return prepared(this.manager, sql, parameters);
  }
}
