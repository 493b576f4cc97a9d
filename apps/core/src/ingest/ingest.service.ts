import type { KafkaRecord } from '@lienmach/kafka';
import type { DataSource, EntityManager } from 'typeorm';
import { IngestRepository, type OffsetMove } from './ingest.repository.js';
import type { PlacedEvent } from './placed-event.js';

/** A record that can never be taken in, and the step that found it out. */
export interface Rejected {
  readonly record: KafkaRecord;
  readonly stage: string;
  readonly error: Error;
}

export interface Read<T> {
  readonly placed: T[];
  readonly rejected: Rejected[];
}

/** What became of a stretch. */
export interface Stored {
  readonly fresh: number;
  readonly repeated: number;
  /** Marks that its transaction left for transaction 2. */
  readonly dirty: number;
}

/** From the records of a topic to rows. */
export interface Pipeline<T> {
  /** Pure. */
  read(records: readonly KafkaRecord[]): Read<T>;
  /** Within transaction 1; the same may be stored again. @returns what became of each stretch */
  store(manager: EntityManager, stretches: readonly (readonly T[])[]): Promise<Stored[]>;
}

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

/** Makes sure of the records that are beyond help, before the offset moves past them. */
export type Bury = (rejected: readonly Rejected[]) => Promise<void>;

interface Waiting<T> {
  readonly stretch: Stretch;
  readonly read: Read<T>;
  readonly bury: Bury;
  readonly resolve: (taken: Taken) => void;
  readonly reject: (error: unknown) => void;
}

/** Records of one transaction: enough for set-based SQL, few enough that its locks are held briefly. */
const MOST_RECORDS = 2_000;

/**
 * Transaction 1: stretches of the log and the offsets behind them, together or not at all. What arrives while one transaction runs goes into the
 * next, whatever partitions it comes from: under a light load an event does not wait, under a heavy one many share each statement.
 */
export class IngestService<T = PlacedEvent> {
  private readonly waiting: Waiting<T>[] = [];
  private running = false;

  constructor(
    private readonly database: DataSource,
    private readonly pipeline: Pipeline<T>,
  ) {}

  /** Where this installation has to read on; null: from the beginning. */
  async nextOffset(topic: string, partition: number): Promise<bigint | null> {
    const [next] = await new IngestRepository(this.database.manager).fences([{ topic, partition }]);
    return next ?? null;
  }

  /** @throws whatever is passing: the same stretch comes again */
  take(stretch: Stretch, bury: Bury): Promise<Taken> {
    const read = this.pipeline.read(stretch.records);
    return new Promise((resolve, reject) => {
      this.waiting.push({ stretch, read, bury, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) await this.settle(this.nextGroup());
    this.running = false;
  }

  private nextGroup(): Waiting<T>[] {
    const group = [this.waiting.shift()!];
    let records = group[0]!.stretch.records.length;
    while (this.waiting.length > 0) {
      records += this.waiting[0]!.stretch.records.length;
      if (records > MOST_RECORDS) break;
      group.push(this.waiting.shift()!);
    }
    return group;
  }

  /** What fails together is tried one by one: nobody fails for his neighbour's trouble. */
  private async settle(group: readonly Waiting<T>[]): Promise<void> {
    try {
      const taken = await this.database.transaction((manager) => this.store(manager, group));
      for (const [index, { resolve }] of group.entries()) resolve(taken[index]!);
    } catch (error) {
      if (group.length === 1) group[0]!.reject(error);
      else for (const one of group) await this.settle([one]);
    }
  }

  private async store(manager: EntityManager, group: readonly Waiting<T>[]): Promise<Taken[]> {
    const repository = new IngestRepository(manager);
    await repository.leaveFlushToLater();
    const fences = await repository.fences(group.map(({ stretch }) => stretch));
    const here = group.filter(({ stretch }, index) => isAt(stretch, fences[index]!));
    for (const { read, bury } of here) if (read.rejected.length > 0) await bury(read.rejected);

    const stored = await this.pipeline.store(
      manager,
      here.map(({ read }) => read.placed),
    );
    const moves = here.map(({ stretch: { topic, partition, nextOffset } }): OffsetMove => {
      const last =
        fences[group.findIndex(({ stretch }) => stretch.topic === topic && stretch.partition === partition)]!;
      return { topic, partition, last, next: nextOffset };
    });
    if (!(await repository.moveOffsets(moves))) throw new FenceMoved(moves);

    return group.map((one, index): Taken => {
      const place = here.indexOf(one);
      return place === -1
        ? { kind: 'elsewhere', offset: fences[index]! }
        : { kind: 'stored', stored: stored[place]!, rejected: one.read.rejected };
    });
  }
}

function isAt({ fromOffset, afterGap }: Stretch, fence: bigint | null): boolean {
  return fence === null || fence === fromOffset || (afterGap && fence < fromOffset);
}

/** Another process stored one of these stretches while we did; ours is rolled back, and the next look finds the store's offset. */
export class FenceMoved extends Error {
  constructor(moves: readonly OffsetMove[]) {
    super(
      `another process moved an offset of ${moves.map(({ topic, partition }) => `${topic}/${partition}`).join(', ')}`,
    );
    this.name = 'FenceMoved';
  }
}
