import { Module, type DynamicModule } from '@nestjs/common';
import type { CoreParts } from '../core.config.js';
import { createDataSource } from '../database/data-source.js';
import { NotificationListener } from '../database/notification.listener.js';
import { DirectoryOfTenants } from '../ingest/tenant-facts.js';
import { ImportWork } from './import-work.service.js';
import { JOB_CHANNEL } from './job.js';
import { JobLoop } from './job.loop.js';
import { JobWorkService } from './job-work.service.js';
import { ReplayWork } from './replay-work.service.js';

/** Composition root: long work with progress. */
@Module({})
export class JobsModule {
  static async connect({ settings, accounts, logger, health, shutdown }: CoreParts): Promise<DynamicModule> {
    const database = await createDataSource({
      url: settings.databaseUrl,
      role: 'lienmach_ingest',
      applicationName: 'lienmach-jobs',
      poolSize: 2,
    }).initialize();
    const kinds = [new ImportWork(new DirectoryOfTenants(accounts)), new ReplayWork()];
    const loop = new JobLoop(new JobWorkService(database, kinds), logger);
    const listener = new NotificationListener(settings.databaseUrl, JOB_CHANNEL, () => loop.wake(), logger);

    health.add('ready', 'jobs', () => loop.check());
    shutdown.add('drain', 'jobs', () => loop.stop());
    shutdown.add('disconnect', 'jobs', async () => {
      await listener.stop();
      await database.destroy();
    });
    loop.start();
    listener.start();
    return { module: JobsModule };
  }
}
