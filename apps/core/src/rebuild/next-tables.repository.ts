import type { EntityManager } from 'typeorm';
import { BEFORE, NEXT, PROJECTIONS } from './projections.js';

const TABLES = PROJECTIONS.map(({ table }) => table);
const named = (schema: string): string => TABLES.map((table) => `${schema}.${table}`).join(', ');

/** Rows on the way into transaction 1 are waited for; whoever comes later waits before its first one. In the order in which that transaction takes them. */
const INTAKE = 'core.item_alias, core.event, core.identifier';
const LOCK_PATIENCE_MS = 5_000;
const READERS_PATIENCE_MS = 1_000;

/** Statements that give a new table all that `LIKE` leaves out: storage, keys and indexes by their names, row-level security, grants. */
const REST_OF_TABLES = `
WITH projection AS (
  SELECT c.* FROM pg_class c WHERE c.relnamespace = 'core'::regnamespace AND c.relname = ANY($1) AND c.relkind = 'r'
), granted AS (
  SELECT c.relname, a.grantee, a.privilege_type, a.is_grantable, NULL::text AS sequence
  FROM projection c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE a.grantee <> c.relowner
  UNION ALL
  SELECT c.relname, a.grantee, a.privilege_type, a.is_grantable, pg_get_serial_sequence('${NEXT}.' || quote_ident(c.relname), i.attname)
  FROM projection c
  JOIN pg_attribute i ON i.attrelid = c.oid AND i.attidentity <> ''
  JOIN pg_class s ON s.oid = pg_get_serial_sequence('core.' || quote_ident(c.relname), i.attname)::regclass
  CROSS JOIN LATERAL aclexplode(s.relacl) a WHERE a.grantee <> s.relowner
)
SELECT sql FROM (
  SELECT 1 AS step, format('ALTER TABLE ${NEXT}.%I SET (%s)', relname, array_to_string(reloptions, ', ')) AS sql
  FROM projection WHERE reloptions IS NOT NULL
  UNION ALL
  SELECT 2, format('ALTER TABLE ${NEXT}.%I ADD CONSTRAINT %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
  FROM projection c JOIN pg_constraint k ON k.conrelid = c.oid WHERE k.contype IN ('p', 'u', 'x')
  UNION ALL
  SELECT 3, regexp_replace(pg_get_indexdef(i.indexrelid), ' ON core\\.', ' ON ${NEXT}.')
  FROM projection c JOIN pg_index i ON i.indrelid = c.oid
  WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
  UNION ALL
  SELECT 4, format('ALTER TABLE ${NEXT}.%I ENABLE ROW LEVEL SECURITY', relname) FROM projection WHERE relrowsecurity
  UNION ALL
  SELECT 4, format('ALTER TABLE ${NEXT}.%I FORCE ROW LEVEL SECURITY', relname) FROM projection WHERE relforcerowsecurity
  UNION ALL
  SELECT 5, format('CREATE POLICY %I ON ${NEXT}.%I AS %s FOR %s TO %s', policyname, tablename, permissive, cmd,
                   (SELECT string_agg(CASE role WHEN 'public' THEN 'PUBLIC' ELSE quote_ident(role) END, ', ') FROM unnest(roles) AS r(role)))
            || coalesce(' USING (' || qual || ')', '') || coalesce(' WITH CHECK (' || with_check || ')', '')
  FROM pg_policies WHERE schemaname = 'core' AND tablename = ANY($1)
  UNION ALL
  SELECT 6, format('GRANT %s ON %s TO %s%s', privilege_type, coalesce('SEQUENCE ' || sequence, '${NEXT}.' || quote_ident(relname)),
                   CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM granted
) AS statements ORDER BY step, sql`;

/** Columns of a table of \`core\` as a view's SELECT list, one of them replaced. */
const columnsBut = (table: string, column: string, by: string): string =>
  `SELECT string_agg(CASE attname WHEN '${column}' THEN '${by} AS ${column}' ELSE 'r.' || quote_ident(attname) END, ', ' ORDER BY attnum) AS columns
   FROM pg_attribute WHERE attrelid = 'core.${table}'::regclass AND attnum > 0 AND NOT attisdropped`;

/** The tables beside the live ones: makes them, puts them in their place, removes them. Their owner does it; rows are others' business. */
export class NextTablesRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Empty tables beside the live ones, like them in everything; what an earlier rebuild left there goes. Within a transaction. */
  async make(): Promise<void> {
    await this.asOwner(async () => {
      await this.manager.query(`DROP SCHEMA IF EXISTS ${NEXT} CASCADE`);
      await this.manager.query(`CREATE SCHEMA ${NEXT}`);
      for (const table of TABLES) {
        await this.manager.query(
          `CREATE TABLE ${NEXT}.${table} (LIKE core.${table} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS)`,
        );
      }
      const rest: { sql: string }[] = await this.manager.query(REST_OF_TABLES, [TABLES]);
      for (const { sql } of rest) await this.manager.query(sql);
      await this.manager.query(`
        CREATE TABLE ${NEXT}.standing (tenant text NOT NULL, id uuid NOT NULL, standing text, PRIMARY KEY (id, tenant));
        GRANT SELECT, INSERT, UPDATE, DELETE ON ${NEXT}.standing TO lienmach_ingest;
        GRANT USAGE ON SCHEMA ${NEXT} TO lienmach_ingest`);
    });
  }

  /**
   * What else transaction 2 writes to, for this session alone: marks of its own, an outbox that takes nothing, and records as they are, but that nothing is left
   * to be told of them and that the standing of an identifier is the one computed here.
   */
  async makeSession(): Promise<void> {
    const columns = async (sql: string): Promise<string> => {
      const [row] = await this.manager.query<[{ columns: string }]>(sql);
      return row.columns;
    };
    const standing = `(SELECT s.standing FROM ${NEXT}.standing s WHERE s.id = r.id AND s.tenant = r.tenant)`;
    const evidence = await columns(columnsBut('evidence', 'published', 'true'));
    const retraction = await columns(columnsBut('retraction', 'published', 'true'));
    const identifier = await columns(columnsBut('identifier', 'standing', standing));
    await this.manager.query(`
      CREATE TEMP TABLE dirty (LIKE core.dirty INCLUDING ALL);
      CREATE TEMP TABLE outbox (LIKE core.outbox INCLUDING DEFAULTS INCLUDING IDENTITY);
      CREATE RULE nothing AS ON INSERT TO pg_temp.outbox DO INSTEAD NOTHING;
      CREATE TEMP TABLE difference (projection text NOT NULL, tenant text NOT NULL, id uuid NOT NULL, part text, kind text NOT NULL);
      CREATE TEMP TABLE concerned (tenant text NOT NULL, identifier_id uuid NOT NULL, PRIMARY KEY (identifier_id, tenant));
      CREATE TEMP VIEW evidence AS SELECT ${evidence} FROM core.evidence r;
      CREATE TEMP VIEW retraction AS SELECT ${retraction} FROM core.retraction r;
      CREATE TEMP VIEW identifier AS SELECT ${identifier} FROM core.identifier r;
      CREATE FUNCTION pg_temp.keep_standing() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO ${NEXT}.standing VALUES (NEW.tenant, NEW.id, NEW.standing)
          ON CONFLICT (id, tenant) DO UPDATE SET standing = excluded.standing;
          RETURN NEW;
        END $$;
      CREATE TRIGGER keep_standing INSTEAD OF UPDATE ON pg_temp.identifier FOR EACH ROW EXECUTE FUNCTION pg_temp.keep_standing()`);
  }

  /** Statistics for whoever plans over the tables once they are in their place. */
  async analyse(): Promise<void> {
    await this.asOwner(() => this.manager.query(`ANALYZE ${named(NEXT)}`));
  }

  /**
   * Holds up everybody who writes, until the transaction ends; who reads goes on. @throws what PostgreSQL says where somebody else holds on for too long
   */
  async holdWriters(): Promise<void> {
    await this.asOwner(async () => {
      await this.manager.query(`SET LOCAL lock_timeout = ${LOCK_PATIENCE_MS}`);
      await this.manager.query(`LOCK TABLE ${INTAKE} IN SHARE ROW EXCLUSIVE MODE`);
      await this.manager.query(`LOCK TABLE core.dirty, ${named('core')} IN EXCLUSIVE MODE`);
      await this.manager.query('SET LOCAL lock_timeout = DEFAULT');
    });
  }

  /** Holds up readers too, for the moment of the swap. */
  async holdReaders(): Promise<void> {
    await this.asOwner(async () => {
      await this.manager.query(`SET LOCAL lock_timeout = ${READERS_PATIENCE_MS}`);
      await this.manager.query(`LOCK TABLE ${named('core')} IN ACCESS EXCLUSIVE MODE`);
      await this.manager.query('SET LOCAL lock_timeout = DEFAULT');
    });
  }

  /** The new tables take the place of the live ones, which stay beside them until the next rebuild. */
  async swap(): Promise<void> {
    await this.manager.query(
      `UPDATE core.identifier i SET standing = s.standing FROM ${NEXT}.standing s
       WHERE s.tenant = i.tenant AND s.id = i.id AND i.standing IS DISTINCT FROM s.standing`,
    );
    await this.asOwner(async () => {
      await this.manager.query(`DROP SCHEMA IF EXISTS ${BEFORE} CASCADE`);
      await this.manager.query(`CREATE SCHEMA ${BEFORE}`);
      for (const table of TABLES) {
        await this.manager.query(`ALTER TABLE core.${table} SET SCHEMA ${BEFORE}`);
        await this.manager.query(`ALTER TABLE ${NEXT}.${table} SET SCHEMA core`);
      }
      await this.manager.query(`DROP SCHEMA ${NEXT} CASCADE`);
    });
  }

  /** Removes what rebuilds left: tables half computed, and those that stood in their place before. */
  async drop(): Promise<void> {
    await this.asOwner(() => this.manager.query(`DROP SCHEMA IF EXISTS ${NEXT}, ${BEFORE} CASCADE`));
  }

  /** As whoever connects: the owner, whose tables they are. The role of the connection is back afterwards, or the transaction is over. */
  private async asOwner(work: () => Promise<unknown>): Promise<void> {
    const [row] = await this.manager.query<[{ role: string }]>('SELECT current_user AS role');
    await this.manager.query('SET ROLE NONE');
    await work();
    await this.manager.query(`SET ROLE ${row.role}`);
  }
}
