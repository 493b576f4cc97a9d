import type { EntityManager } from 'typeorm';
import type { TenantKey } from '../identity/people.repository.js';
import type { Sum } from './checksum.rules.js';
import { COMPARED, NEXT, STANDING, type Projection } from './projections.js';

/** `changed`: both have it, with other content; `missing`: only the rebuilt table has it; `surplus`: only the live one. */
export type DifferenceKind = 'changed' | 'missing' | 'surplus';

/** A row that differs. */
export interface Difference extends TenantKey {
  readonly projection: string;
  /** The rest of its key; null where the id is all of it. */
  readonly part: string | null;
  readonly kind: DifferenceKind;
}

/** The planner of this role reaches rows by keys alone; whole tables are another matter. */
const WHOLE_TABLES = ['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'];

/** SQL that compares tables as a whole, in the database. Within a transaction. */
export class ComparisonRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Rows and sums of every table and tenant, in one of the two places. */
  async sums(schema: 'core' | typeof NEXT): Promise<Sum[]> {
    return this.overWholeTables(async () => {
      const sums: Sum[] = [];
      for (const projection of COMPARED) {
        const rows: { tenant: string; rows: string; sum: string }[] = await this.manager.query(
          `SELECT tenant, count(*) AS rows, sum(hash) AS sum FROM (${await this.hashed(projection, schema)}) AS h GROUP BY tenant`,
        );
        for (const { tenant, rows: count, sum } of rows) {
          sums.push({ table: projection.table, tenant, rows: Number(count), sum: BigInt(sum) });
        }
      }
      return sums;
    });
  }

  /** Finds every row that differs, for the calls below. @returns how many there are */
  async findDifferences(): Promise<number> {
    await this.manager.query('TRUNCATE pg_temp.difference, pg_temp.concerned');
    await this.overWholeTables(async () => {
      for (const projection of COMPARED) {
        const [id, part] = projection.key;
        const live = await this.hashed(projection, 'core');
        const next = await this.hashed(projection, NEXT);
        await this.manager.query(
          `INSERT INTO pg_temp.difference (projection, tenant, id, part, kind)
           SELECT $1, coalesce(l.tenant, n.tenant), coalesce(l.${id}, n.${id}), ${part ? `coalesce(l.${part}, n.${part})::text` : 'NULL'},
                  CASE WHEN l.hash IS NULL THEN 'missing' WHEN n.hash IS NULL THEN 'surplus' ELSE 'changed' END
           FROM (${live}) l FULL JOIN (${next}) n ON l.tenant = n.tenant AND l.${id} = n.${id}${part ? ` AND l.${part} = n.${part}` : ''}
           WHERE l.hash IS DISTINCT FROM n.hash`,
          [projection.table],
        );
      }
    });
    for (const { table, identifiers } of COMPARED) {
      for (const schema of ['core', NEXT]) {
        await this.manager.query(
          `INSERT INTO pg_temp.concerned (tenant, identifier_id)
           WITH d AS (SELECT DISTINCT tenant, id FROM pg_temp.difference WHERE projection = $1)
           SELECT f.tenant, f.id FROM (${identifiers(schema)}) AS f(tenant, id) JOIN core.identifier i ON i.tenant = f.tenant AND i.id = f.id
           ON CONFLICT DO NOTHING`,
          [table],
        );
      }
    }
    const [row] = await this.manager.query<[{ count: string }]>('SELECT count(*) AS count FROM pg_temp.difference');
    return Number(row.count);
  }

  /** The first of the rows found, in the order of tables. */
  differences(limit: number): Promise<Difference[]> {
    return this.manager.query(
      `SELECT projection, tenant, id, part, kind FROM pg_temp.difference
       ORDER BY array_position($1, projection), tenant, id, part LIMIT $2`,
      [COMPARED.map(({ table }) => table), limit],
    );
  }

  /** Items of which the row or the words differ, in the order of their ids. */
  items(after: TenantKey | null, limit: number): Promise<TenantKey[]> {
    return this.manager.query(
      `SELECT DISTINCT tenant, id FROM pg_temp.difference
       WHERE projection IN ('item', 'item_words') AND (id, tenant) > ($1, $2) ORDER BY id, tenant LIMIT $3`,
      [after?.id ?? '00000000-0000-0000-0000-000000000000', after?.tenant ?? '', limit],
    );
  }

  /** Identifiers on which the rows found hang, in the order of their ids. */
  identifiers(after: TenantKey | null, limit: number): Promise<TenantKey[]> {
    return this.manager.query(
      `SELECT tenant, identifier_id AS id FROM pg_temp.concerned WHERE (identifier_id, tenant) > ($1, $2) ORDER BY identifier_id, tenant LIMIT $3`,
      [after?.id ?? '00000000-0000-0000-0000-000000000000', after?.tenant ?? '', limit],
    );
  }

  /** Names of conversations that nothing but having been published makes are taken as they stand; where they lead is computed again. */
  async takeNames(): Promise<void> {
    await this.manager.query(
      `DELETE FROM ${NEXT}.conversation_name n USING pg_temp.difference d
       WHERE d.projection = 'conversation_name' AND n.tenant = d.tenant AND n.id = d.id`,
    );
    await this.manager.query(
      `INSERT INTO ${NEXT}.conversation_name SELECT n.* FROM core.conversation_name n JOIN pg_temp.difference d
         ON d.projection = 'conversation_name' AND n.tenant = d.tenant AND n.id = d.id
       ON CONFLICT DO NOTHING`,
    );
  }

  /** SELECT of the keys of a table with a hash of each row. */
  private async hashed({ table, key, unlike }: Projection, schema: string): Promise<string> {
    if (table === STANDING.table) {
      const from = schema === 'core' ? 'core.identifier' : `${NEXT}.standing`;
      return `SELECT tenant, id, hashtextextended(standing, 0) AS hash FROM ${from} WHERE standing IS NOT NULL`;
    }
    const columns: { name: string; type: string }[] = await this.manager.query(
      `SELECT quote_ident(attname) AS name, atttypid::regtype::text AS type FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL($2) ORDER BY attnum`,
      [`core.${table}`, unlike],
    );
    // words have no hash of their own
    const values = columns.map(({ name, type }) => (type === 'tsvector' ? `${name}::text` : name));
    return `SELECT tenant, ${key.join(', ')}, hash_record_extended(ROW(${values.join(', ')}), 0) AS hash FROM ${schema}.${table}`;
  }

  private async overWholeTables<T>(work: () => Promise<T>): Promise<T> {
    for (const name of WHOLE_TABLES) await this.manager.query(`SET LOCAL ${name} = on`);
    const result = await work();
    for (const name of WHOLE_TABLES) await this.manager.query(`SET LOCAL ${name} = DEFAULT`);
    return result;
  }
}
