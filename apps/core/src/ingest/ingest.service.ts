import type { KafkaRecord } from '@lienmach/kafka';
import type { DataSource } from 'typeorm';
import { IngestPipeline, type Rejected, type Stored } from './ingest.pipeline.js';
import { IngestRepository } from './ingest.repository.js';

/** A stretch of one partition. */
export interface Stretch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
  readonly fromOffset: bigint;
  readonly nextOffset: bigint;
  /** The log was already asked for the store's offset and begins later: retention removed what lies between. */
  readonly afterGap: boolean;
}

/** `stored`: committed with its offset. `elsewhere`: the store ends at another offset, nothing was written; read on from there. */
export type Taken =
  | { readonly kind: 'stored'; readonly stored: Stored; readonly rejected: readonly Rejected[] }
  | { readonly kind: 'elsewhere'; readonly offset: bigint };

/** Transaction 1: a stretch of the log and the offset behind it, together or not at all. */
export class IngestService {
  constructor(
    private readonly database: DataSource,
    private readonly pipeline: IngestPipeline,
  ) {}

  /** Where this installation has to read on; null: from the beginning. */
  nextOffset(topic: string, partition: number): Promise<bigint | null> {
    return new IngestRepository(this.database.manager).nextOffset(topic, partition);
  }

  /**
   * @param bury makes sure of the records that are beyond help, before the offset moves past them
   * @throws whatever is passing: the same stretch comes again
   */
  async take(stretch: Stretch, bury: (rejected: readonly Rejected[]) => Promise<void>): Promise<Taken> {
    const { topic, partition, fromOffset, nextOffset } = stretch;
    const { placed, rejected } = this.pipeline.read(stretch.records);

    return this.database.transaction(async (manager): Promise<Taken> => {
      const repository = new IngestRepository(manager);
      const fence = await repository.nextOffset(topic, partition);
      if (fence !== null && fence !== fromOffset && !(stretch.afterGap && fence < fromOffset)) {
        return { kind: 'elsewhere', offset: fence };
      }
      if (rejected.length > 0) await bury(rejected);
      const stored = await this.pipeline.store(manager, placed);
      if (!(await repository.moveOffset(topic, partition, fence, nextOffset))) throw new FenceMoved(topic, partition);
      return { kind: 'stored', stored, rejected };
    });
  }
}

/** Another process stored this stretch while we did; ours is rolled back, and the next look finds the store's offset. */
export class FenceMoved extends Error {
  constructor(topic: string, partition: number) {
    super(`the offset of ${topic}/${partition} was moved by another process`);
    this.name = 'FenceMoved';
  }
}
