import { KafkaBatchStrategy, createGatheringProducer, kafkaConnectionFromEnv } from '@lienmach/kafka';
import { counter } from '@lienmach/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import type { CoreParts } from '../core.config.js';
import { TargetLoop } from '../conversation/target.loop.js';
import { TargetService } from '../conversation/target.service.js';
import { createDataSource } from '../database/data-source.js';
import { DIRTY_CHANNEL } from '../database/dirty.repository.js';
import { NotificationListener } from '../database/notification.listener.js';
import { OUTBOX_CHANNEL } from '../relay/outbox.repository.js';
import { INGEST_GROUP, IngestConsumer, RECORD_INTAKE } from './ingest.consumer.js';
import { IngestPipeline } from './ingest.pipeline.js';
import { IngestService } from './ingest.service.js';
import { RecordPipeline } from './record.pipeline.js';
import { ResolveLoop } from './resolve.loop.js';
import { ResolveRepository } from './resolve.repository.js';
import { ResolveService } from './resolve.service.js';
import { DirectoryOfTenants } from './tenant-facts.js';

const paused = counter('kafka_partition_pauses_total', 'Pauses of a partition after passing trouble', ['topic']);
const deadLettered = counter('dead_letters_total', 'Records that went to the dead-letter topic', ['topic', 'stage']);

/** Composition root: Kafka → PostgreSQL, and from dirty marks to people and conversations. */
@Module({})
export class IngestModule {
  static async connect(parts: CoreParts): Promise<DynamicModule> {
    const { settings, accounts, logger, health, shutdown } = parts;
    const { databaseUrl } = settings;
    const connection = kafkaConnectionFromEnv(process.env, 'core-ingest');
    const database = await createDataSource({
      url: databaseUrl,
      role: 'lienmach_ingest',
      applicationName: 'lienmach-ingest',
      poolSize: 12,
    }).initialize();

    const deadLetters = createGatheringProducer(connection, { logger });
    const tenants = new DirectoryOfTenants(accounts);
    const ingest = new IngestService(database, new IngestPipeline(tenants));
    const recordIntake = new IngestService(database, new RecordPipeline(tenants));
    const notifyRelay = (): void => {
      database.query('SELECT pg_notify($1, $2)', [OUTBOX_CHANNEL, '']).catch((error: Error) => {
        logger.debug?.('the relay was not woken, it looks by itself', { error: error.message });
      });
    };
    const resolve = new ResolveLoop(
      new ResolveService(database),
      new ResolveRepository(database.manager),
      logger,
      notifyRelay,
    );
    const targets = new TargetLoop(new TargetService(database), logger, notifyRelay);
    const listener = new NotificationListener(databaseUrl, DIRTY_CHANNEL, () => resolve.wake(), logger);

    const strategy = new KafkaBatchStrategy({
      connection,
      group: INGEST_GROUP,
      deadLetters,
      startFrom: (topic, partition) => ingest.nextOffset(topic, partition),
      onCrash: (error) => {
        logger.error('the consumer died, the process ends', error);
        void shutdown.run('consumer crashed', 1);
      },
      logger,
      observer: {
        paused: ({ topic, partition, pauseMs, error }) => {
          paused.inc({ topic });
          logger.warn('a partition pauses', { topic, partition, pauseMs, error: error.message });
        },
        deadLettered: ({ topic, stage, count }) => deadLettered.inc({ topic, stage }, count),
      },
    });

    health.add('ready', 'ingest', () => {
      const state = strategy.state();
      if (state.status !== 'running')
        throw new Error('reason' in state ? state.reason : `the consumer is ${state.status}`);
    });
    health.add('ready', 'resolve', () => resolve.check());
    health.add('ready', 'targets', () => targets.check());
    shutdown.add('intake', 'kafka', () => strategy.close());
    shutdown.add('drain', 'resolve', () => resolve.stop());
    shutdown.add('drain', 'targets', () => targets.stop());
    shutdown.add('disconnect', 'ingest', async () => {
      await Promise.all([listener.stop(), deadLetters.close()]);
      await database.destroy();
    });
    resolve.start();
    targets.start();
    listener.start();

    return {
      module: IngestModule,
      controllers: [IngestConsumer],
      providers: [
        { provide: IngestService, useValue: ingest },
        { provide: RECORD_INTAKE, useValue: recordIntake },
        { provide: ResolveLoop, useValue: resolve },
        { provide: KafkaBatchStrategy, useValue: strategy },
      ],
    };
  }
}
