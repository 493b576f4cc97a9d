import type { Transaction } from '../database/tenant-database.js';

/** Reads which identifiers anything ties to another. */
export class RulesPreviewRepository {
  /** The next of them in the order of their ids. */
  async tied({ query, tenant }: Transaction, after: string, limit: number): Promise<string[]> {
    const rows = await query<{ id: string }>(
      `SELECT i.id FROM core.identifier i
       WHERE i.tenant = $1 AND i.id > $2
         AND (EXISTS (SELECT FROM core.evidence e WHERE e.tenant = $1 AND e.a = i.id AND e.b IS NOT NULL)
           OR EXISTS (SELECT FROM core.evidence e WHERE e.tenant = $1 AND e.b = i.id))
       ORDER BY i.id LIMIT $3`,
      [tenant, after, limit],
    );
    return rows.map(({ id }) => id);
  }
}
