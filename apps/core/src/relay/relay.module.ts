import { createGatheringProducer, kafkaConnectionFromEnv } from '@lienmach/kafka';
import { Module, type DynamicModule } from '@nestjs/common';
import type { CoreParts } from '../core.config.js';
import { createDataSource } from '../database/data-source.js';
import { RelayService } from './relay.service.js';

/** Composition root: outbox → Kafka. */
@Module({})
export class RelayModule {
  static async connect({ settings, logger, health, shutdown }: CoreParts): Promise<DynamicModule> {
    const connection = kafkaConnectionFromEnv(process.env, 'core-relay');
    const database = await createDataSource({
      url: settings.databaseUrl,
      role: 'lienmach_ingest',
      applicationName: 'lienmach-relay',
      poolSize: 2,
    }).initialize();
    const producer = createGatheringProducer(connection, { logger });
    producer.connect();
    const relay = new RelayService(database, producer, logger);

    health.add('ready', 'relay', () => relay.check());
    // After ingest and resolve have ended: what they wrote last still goes out.
    shutdown.add('disconnect', 'relay', async () => {
      await relay.stop();
      await producer.close();
      await database.destroy();
    });
    relay.start();
    return { module: RelayModule };
  }
}
