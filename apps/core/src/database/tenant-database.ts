import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { prepared } from './prepared.js';

/** One transaction. Rows of other tenants are invisible in it, whatever the statement says. */
export interface Transaction {
  readonly tenant: string;
  readonly query: Query;
  /** The same for statements of many requests: a connection parses and plans each text once. */
  readonly prepared: Query;
  /** The same, for repositories that serve all tenants. */
  readonly manager: EntityManager;
}

export type Query = <T extends object>(sql: string, parameters?: readonly unknown[]) => Promise<T[]>;

/** A reader waits at most this long; the client gives up about then. */
const BEGIN = {
  // every statement of a request sees the same moment
  read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '10s'",
  write: "BEGIN; SET LOCAL statement_timeout = '10s'",
} as const;

/** The API's way to the database: by the role that sees one tenant, which every transaction names first. */
export class TenantDatabase {
  constructor(private readonly source: DataSource) {}

  read<T>(tenant: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.run('read', 'app.tenant', tenant, (query, manager) =>
      work({ tenant, query, prepared: preparedBy(manager), manager }),
    );
  }

  write<T>(tenant: string, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.run('write', 'app.tenant', tenant, (query, manager) =>
      work({ tenant, query, prepared: preparedBy(manager), manager }),
    );
  }

  /** Before the tenant is known: sees the one token row with that hash and nothing else. */
  readByTokenHash<T>(hash: Buffer, work: (query: Query) => Promise<T>): Promise<T> {
    return this.run('read', 'app.token_hash', hash.toString('hex'), work);
  }

  /** Asks the server for a sign of life. */
  async ping(): Promise<void> {
    await this.source.query('SELECT 1');
  }

  /** Whether the user behind the role could lay the role down and see every tenant. */
  async isSuperuser(): Promise<boolean> {
    const rows: { super: boolean }[] = await this.source.query(
      'SELECT rolsuper OR rolbypassrls AS super FROM pg_roles WHERE rolname = session_user',
    );
    return rows[0]?.super ?? true;
  }

  private async run<T>(
    kind: keyof typeof BEGIN,
    setting: string,
    value: string,
    work: (query: Query, manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    const runner = this.source.createQueryRunner();
    try {
      await runner.query(BEGIN[kind]);
      try {
        await runner.query('SELECT set_config($1, $2, true)', [setting, value]);
        const result = await work(queryOf(runner), runner.manager);
        await runner.query('COMMIT');
        return result;
      } catch (error) {
        await runner.query('ROLLBACK').catch(() => undefined); // the connection may be what failed; the first error tells more
        throw error;
      }
    } finally {
      await runner.release();
    }
  }
}

const queryOf =
  (runner: QueryRunner): Query =>
  <T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> =>
    runner.query(sql, [...parameters]);

const preparedBy =
  (manager: EntityManager): Query =>
  <T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> =>
    prepared<T>(manager, sql, parameters);
