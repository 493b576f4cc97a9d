import type { EntityManager } from 'typeorm';
import { prepared } from '../database/prepared.js';
import { recordset } from '../database/recordset.js';

export interface ItemWords {
  readonly tenant: string;
  readonly itemId: string;
  /** Event time of the item, milliseconds. */
  readonly at: number;
  /** As PostgreSQL's tsvector; null: the item is found by nothing. */
  readonly words: string | null;
}

/** SQL of transaction 1 over what items are found by: set-based, rows sorted by key. */
export class ItemWordsRepository {
  constructor(private readonly manager: EntityManager) {}

  async store(rows: readonly ItemWords[]): Promise<void> {
    const worded = rows.filter(({ words }) => words !== null);
    if (worded.length === 0) return;
    const set = recordset('r', { tenant: 'text', itemId: 'uuid', at: 'timestamptz', words: 'tsvector' }, worded);
    await prepared(
      this.manager,
      `INSERT INTO core.item_words AS w (${set.names}) SELECT ${set.names} FROM ${set.from}
       ON CONFLICT (item_id, tenant) DO UPDATE SET at = excluded.at, words = excluded.words
         WHERE (w.at, w.words) IS DISTINCT FROM (excluded.at, excluded.words)`,
      set.parameters,
    );
  }

  /** Items that lost their words. */
  async remove(rows: readonly Pick<ItemWords, 'tenant' | 'itemId'>[]): Promise<void> {
    if (rows.length === 0) return;
    const set = recordset('r', { tenant: 'text', itemId: 'uuid' }, rows);
    await prepared(
      this.manager,
      `DELETE FROM core.item_words w USING ${set.from} WHERE w.tenant = r.tenant AND w.item_id = r.item_id`,
      set.parameters,
    );
  }
}
