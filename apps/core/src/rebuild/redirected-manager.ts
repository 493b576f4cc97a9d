import type { PoolClient, QueryConfig } from 'pg';
import type { EntityManager } from 'typeorm';
import type { Transactions } from '../database/data-source.js';
import { redirect } from './redirection.rules.js';

/** What repositories and services use of a manager. */
type Used = Pick<EntityManager, 'query'> & {
  readonly queryRunner: { readonly isReleased: boolean; connect(): Promise<Pick<PoolClient, 'query'>> };
} & Transactions;

const texts = new Map<string, string>();

function redirectedText(sql: string): string {
  let text = texts.get(sql);
  if (text === undefined) {
    text = redirect(sql);
    texts.set(sql, text);
  }
  return text;
}

/**
 * The same connection and transaction, over the tables beside the live ones: whatever repository gets it computes there by the statements that it has.
 * @param manager one of a connection that is held
 */
export function redirectedManager(manager: EntityManager): EntityManager {
  const { queryRunner } = manager;
  if (!queryRunner) throw new Error('a redirected manager needs a connection of its own');
  const used: Used = {
    query: (sql, parameters) => manager.query(redirectedText(sql), parameters),
    queryRunner: {
      get isReleased() {
        return queryRunner.isReleased;
      },
      async connect() {
        const client = (await queryRunner.connect()) as PoolClient;
        // a connection knows a prepared statement by its name: the other text needs another one
        const query = (config: QueryConfig) =>
          client.query({ ...config, name: `${config.name}_next`, text: redirectedText(config.text) });
        return { query } as Pick<PoolClient, 'query'>;
      },
    },
    transaction: (work) => manager.transaction((inner) => work(redirectedManager(inner))),
  };
  return used as unknown as EntityManager;
}
