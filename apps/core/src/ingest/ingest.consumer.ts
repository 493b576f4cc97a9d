import { CHANNELS, TOPICS, channelTopic } from '@lienmach/contracts';
import { KafkaBatchHandler, ok, seekTo, type BatchOutcome, type KafkaBatch } from '@lienmach/kafka';
import { JsonLogger, counter, gauge, histogram } from '@lienmach/platform';
import { Controller, Inject } from '@nestjs/common';
import { FenceMoved, IngestService } from './ingest.service.js';
import type { PlacedRecord } from './record.service.js';
import { ResolveLoop } from './resolve.loop.js';

export const INGEST_GROUP = 'core-ingest';

const events = counter('ingest_events_total', 'Channel events by what became of them', ['outcome']);
const records = counter('ingest_customer_records_total', 'Customer records of the topic by what became of them', [
  'outcome',
]);
const lag = gauge('ingest_lag_records', 'Records of a partition that are not yet taken in', ['topic', 'partition']);
const seconds = histogram('ingest_batch_seconds', 'One batch from Kafka into PostgreSQL, commit included');

/** The service that takes customers' records in. */
export const RECORD_INTAKE = Symbol('record intake');

/** Kafka in: one batch of one partition at a time, stored with its offset. */
@Controller()
export class IngestConsumer {
  /** Where the store sent us, by partition, until a batch from there is stored. */
  private readonly sought = new Map<string, bigint>();

  constructor(
    @Inject(IngestService) private readonly ingest: IngestService,
    @Inject(RECORD_INTAKE) private readonly recordIntake: IngestService<PlacedRecord>,
    @Inject(ResolveLoop) private readonly resolve: ResolveLoop,
    @Inject(JsonLogger) private readonly logger: JsonLogger,
  ) {}

  @KafkaBatchHandler({ topic: CHANNELS.map(({ name }) => channelTopic(name)), group: INGEST_GROUP })
  onEvents(batch: KafkaBatch): Promise<BatchOutcome> {
    return this.take(this.ingest, events, batch);
  }

  @KafkaBatchHandler({ topic: TOPICS.identityImports, group: INGEST_GROUP })
  onRecords(batch: KafkaBatch): Promise<BatchOutcome> {
    return this.take(this.recordIntake, records, batch);
  }

  private async take<T>(ingest: IngestService<T>, counted: typeof events, batch: KafkaBatch): Promise<BatchOutcome> {
    const stop = seconds.startTimer();
    const partition = `${batch.topic}/${batch.partition}`;
    const afterGap = this.sought.get(partition) !== undefined && this.sought.get(partition)! < batch.fromOffset;
    let taken;
    try {
      taken = await ingest.take({ ...batch, afterGap }, (rejected) => batch.deadLetter(rejected));
    } catch (error) {
      if (!(error instanceof FenceMoved)) throw error;
      taken = { kind: 'elsewhere' as const, offset: (await ingest.nextOffset(batch.topic, batch.partition))! };
    }
    if (taken.kind === 'elsewhere') {
      this.sought.set(partition, taken.offset);
      return seekTo(taken.offset);
    }
    if (afterGap) {
      const missing = Number(batch.fromOffset - this.sought.get(partition)!);
      this.logger.error('the log no longer holds what was not yet taken in: raise the retention', {
        partition,
        records: missing,
      });
    }
    this.sought.delete(partition);
    stop();
    lag.set({ topic: batch.topic, partition: String(batch.partition) }, batch.lag);
    counted.inc({ outcome: 'stored' }, taken.stored.fresh);
    counted.inc({ outcome: 'repeated' }, taken.stored.repeated);
    counted.inc({ outcome: 'dead-letter' }, taken.rejected.length);
    if (taken.stored.dirty > 0) this.resolve.wake();
    return ok;
  }
}
