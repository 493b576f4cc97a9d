import type { PoolClient, QueryResultRow } from 'pg';
import type { EntityManager } from 'typeorm';

const names = new Map<string, string>();

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = `core_${names.size + 1}`;
    names.set(sql, name);
  }
  return name;
}

/**
 * Runs a statement that each connection parses and plans once. Only for texts that stay the same from call to call: what varies is a parameter.
 * @returns its rows, for any kind of statement
 */
export async function prepared<T>(manager: EntityManager, sql: string, values: readonly unknown[] = []): Promise<T[]> {
  const { queryRunner } = manager;
  if (!queryRunner) return manager.query(sql, [...values]);
  if (queryRunner.isReleased) throw new Error('the connection to PostgreSQL was lost within a transaction');
  const client = (await queryRunner.connect()) as PoolClient;
  const { rows } = await client.query<T & QueryResultRow>({ name: nameOf(sql), text: sql, values: [...values] });
  return rows;
}
