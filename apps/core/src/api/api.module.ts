import { Module, type DynamicModule } from '@nestjs/common';
import { InvalidConfiguration } from '@lienmach/platform';
import { AccessModule } from '../access/access.module.js';
import type { CoreParts } from '../core.config.js';
import { createDataSource } from '../database/data-source.js';
import { TenantDatabase } from '../database/tenant-database.js';

const POOL_SIZE = 16;

/** The composition root `api`: everything that answers clients. */
@Module({ imports: [AccessModule] })
export class ApiModule {
  /** Connects to the database by the role that sees one tenant at a time. */
  static async connect({ settings, health, shutdown }: CoreParts): Promise<DynamicModule> {
    const source = createDataSource({
      url: settings.databaseUrl,
      role: 'lienmach_api',
      poolSize: POOL_SIZE,
      applicationName: 'lienmach-api',
    });
    await source.initialize();
    shutdown.add('disconnect', 'database of the API', () => source.destroy());
    const database = new TenantDatabase(source);
    if (!settings.lienmachEmbedded && (await database.isSuperuser())) {
      throw new InvalidConfiguration([
        'DATABASE_URL names a superuser, to whom tenants are no bounds: name a user that is a member of lienmach_api and lienmach_ingest.',
      ]);
    }
    health.add('ready', 'database of the API', () => database.ping());
    const providers = [{ provide: TenantDatabase, useValue: database }];
    return { module: ApiModule, global: true, providers, exports: [TenantDatabase] };
  }
}
