import { AccountDirectory } from '@lienmach/accounts';
import { TemporarilyUnavailable } from '@lienmach/contracts';
import type { LoggerService } from '@nestjs/common';
import { createDataSource } from '../database/data-source.js';
import { DirectoryOfTenants, type TenantDirectory } from '../ingest/tenant-facts.js';
import type { Progress } from './computing.service.js';
import { NextTablesRepository } from './next-tables.repository.js';
import { RebuildService, type Rebuilt } from './rebuild.service.js';

export interface RebuildOptions {
  /** As its owner, or a superuser. */
  readonly databaseUrl: string;
  readonly tenants: TenantDirectory;
  /** Compare and change nothing. */
  readonly dryRun: boolean;
  readonly progress: Progress;
}

/** Computes people, links, conversations and clocks anew; see RebuildService. */
export async function rebuild({ databaseUrl, tenants, dryRun, progress }: RebuildOptions): Promise<Rebuilt> {
  const source = await connect(databaseUrl);
  try {
    return await new RebuildService(source.createQueryRunner(), tenants, progress).rebuild(dryRun);
  } finally {
    await source.destroy();
  }
}

/** Removes what rebuilds left beside the live tables. */
export async function dropRebuilt(databaseUrl: string): Promise<void> {
  const source = await connect(databaseUrl);
  try {
    await source.transaction((manager) => new NextTablesRepository(manager).drop());
  } finally {
    await source.destroy();
  }
}

const connect = (url: string) =>
  createDataSource({
    url,
    role: 'lienmach_ingest',
    poolSize: 1,
    applicationName: 'lienmach-rebuild',
    // whole tables are compared
    queryTimeoutMs: 0,
  }).initialize();

/** Runs work with the tenants that the database knows. @throws TemporarilyUnavailable, InvalidConfiguration */
export async function withTenants<T>(
  options: { readonly databaseUrl: string; readonly secretsKey: Buffer; readonly logger: LoggerService },
  work: (tenants: TenantDirectory) => Promise<T>,
): Promise<T> {
  const accounts = new AccountDirectory({ ...options, channel: null });
  try {
    await accounts.start();
    if (!accounts.loaded) throw new TemporarilyUnavailable('the tenants cannot be read');
    return await work(new DirectoryOfTenants(accounts));
  } finally {
    await accounts.stop();
  }
}
