import type { EntityManager } from 'typeorm';

const FIRST = '00000000-0000-0000-0000-000000000000';

/** SQL over the marks of a replay. */
export class ReplayRepository {
  /** Marks the next identifiers in the order of their ids, and returns them. */
  async mark(
    manager: EntityManager,
    tenant: string,
    after: string | null,
    at: number,
    limit: number,
  ): Promise<string[]> {
    const rows: { id: string }[] = await manager.query(
      `WITH next AS (
         SELECT id FROM core.identifier WHERE tenant = $1 AND id > $2 ORDER BY id LIMIT $4
       ), marked AS (
         INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold, by_rules)
         SELECT $1, id, $3, true, true, true FROM next ORDER BY id RETURNING identifier_id
       )
       SELECT identifier_id AS id FROM marked ORDER BY id`,
      [tenant, after ?? FIRST, new Date(at).toISOString(), limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether marks of a replay still wait to be worked off. */
  async waits(manager: EntityManager, tenant: string): Promise<boolean> {
    const rows: unknown[] = await manager.query('SELECT 1 FROM core.dirty WHERE by_rules AND tenant = $1 LIMIT 1', [
      tenant,
    ]);
    return rows.length > 0;
  }
}
