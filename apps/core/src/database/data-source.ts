import { ACCOUNT_MIGRATIONS } from '@lienmach/accounts';
import type { PoolClient } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { Roles1764000000000 } from './migrations/1764000000000-roles.migration.js';
import { Core1764000002000 } from './migrations/1764000002000-core.migration.js';
import { ActsUndone1764100000000 } from './migrations/1764100000000-acts-undone.migration.js';
import { TargetTimers1764100001000 } from './migrations/1764100001000-target-timers.migration.js';
import { ActsArrange1764110000000 } from './migrations/1764110000000-acts-arrange.migration.js';
import { Search1764200000000 } from './migrations/1764200000000-search.migration.js';
import { Jobs1764200001000 } from './migrations/1764200001000-jobs.migration.js';
import { ProfileValues1764200002000 } from './migrations/1764200002000-profile-values.migration.js';
import { Replies1764300000000 } from './migrations/1764300000000-replies.migration.js';
import { Calendar1764310000000 } from './migrations/1764310000000-calendar.migration.js';
import { ItemRefers1764400000000 } from './migrations/1764400000000-item-refers.migration.js';
import { RuleSets1764500001000 } from './migrations/1764500001000-rule-sets.migration.js';
import { Standings1764500000000 } from './migrations/1764500000000-standings.migration.js';
import { Epochs1764630000001 } from './migrations/1764630000001-epochs.migration.js';
import { Confirmations1764720000000 } from './migrations/1764720000000-confirmations.migration.js';
import { ProfileEdits1764720001000 } from './migrations/1764720001000-profile-edits.migration.js';
import { SearchInOrder1764640000000 } from './migrations/1764640000000-search-in-order.migration.js';
import { SeveralOrders1764710000000 } from './migrations/1764710000000-several-orders.migration.js';

/**
 * Statements of `ingest` are planned once a connection, perhaps while the tables are small, and all reach their rows by key, in the order of an index: a plan
 * that walks through whole tables, or sorts a whole backlog for its first rows, must not be kept until they are large.
 */
const BY_KEY = ['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin']
  .map((name) => ` -c ${name}=off`)
  .join('');

/** `ingest` sees all tenants by policy; `api` only the one of `app.tenant`. Migrations run as the owner: no role. */
export type DatabaseRole = 'lienmach_ingest' | 'lienmach_api';

export interface DatabaseOptions {
  url: string;
  role?: DatabaseRole;
  poolSize?: number;
  applicationName?: string;
  /** How long a statement may take; 0: as long as it takes. */
  queryTimeoutMs?: number;
}

/** Whoever gives transactions: a pool, or a connection that is held. */
export interface Transactions {
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
}

export function createDataSource({
  url,
  role,
  poolSize = 8,
  applicationName = 'lienmach',
  // A lost server must not hang a batch for ever; the batch is repeated after the pause.
  queryTimeoutMs = 60_000,
}: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName,
    connectTimeoutMS: 5_000,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    migrations: [
      Roles1764000000000,
      ...ACCOUNT_MIGRATIONS,
      Core1764000002000,
      ActsUndone1764100000000,
      TargetTimers1764100001000,
      ActsArrange1764110000000,
      Search1764200000000,
      Jobs1764200001000,
      ProfileValues1764200002000,
      Replies1764300000000,
      Calendar1764310000000,
      ItemRefers1764400000000,
      Standings1764500000000,
      RuleSets1764500001000,
      Epochs1764630000001,
      SearchInOrder1764640000000,
      SeveralOrders1764710000000,
      Confirmations1764720000000,
      ProfileEdits1764720001000,
    ],
    extra: {
      query_timeout: queryTimeoutMs,
      keepAlive: true,
      // Between the pool and the runner nobody listens for a moment; an error then would end the process. The next query tells of it.
      onConnect: (client: PoolClient) => void client.on('error', () => undefined),
      ...(role && { options: `-c role=${role}${role === 'lienmach_ingest' ? BY_KEY : ''}` }),
    },
  });
}
