import { isForeign, unreadableCodec } from './codecs.js';
import { runByKey } from './key-queues.js';
import type { HandlerSettings } from './handlers.js';
import type { DeadLetterReason, KafkaBatch, RecordOutcome } from './outcome.js';
import type { KafkaRecord } from './record.js';

/** What one fetch brought of a partition. */
export interface Fetched {
  readonly records: readonly KafkaRecord[];
  readonly fromOffset: bigint;
  readonly nextOffset: bigint;
  /** End of the partition's log. */
  readonly highWatermark: bigint;
  isCurrent(): boolean;
  /** Everything before `next` is done. */
  resolve(next: bigint): void;
}

/** What the consumer does with the partition next. */
export type Verdict =
  | { readonly kind: 'go-on' }
  | { readonly kind: 'pause'; readonly error: Error }
  | { readonly kind: 'seek'; readonly offset: bigint };

export interface LaneHandler {
  readonly settings: HandlerSettings;
  /** Calls the controller's method and gives what it returned. */
  invoke(payload: KafkaBatch | KafkaRecord): Promise<unknown>;
}

export interface LaneReports {
  deadLetter(letters: readonly DeadLetterReason[]): Promise<void>;
  dropped(topic: string, reason: string, count: number): void;
}

const GO_ON: Verdict = { kind: 'go-on' };
const KINDS = ['ok', 'drop', 'dead-letter', 'seek'];

/** The work on one partition while it is assigned to this process: knows records and outcomes, nothing of kafkajs. */
export class PartitionLane {
  /** Done, but behind one that is not: remembered so that only the failing key is repeated. */
  private readonly done = new Set<bigint>();

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly handler: LaneHandler | undefined,
    private readonly reports: LaneReports,
  ) {}

  /** Never rejects. */
  async work(fetched: Fetched): Promise<Verdict> {
    try {
      const records = await this.readable(fetched.records);
      if (!this.handler) {
        await this.bury(records, 'no-handler', new Error(`no handler for topic ${this.topic}`));
        fetched.resolve(fetched.nextOffset);
        return GO_ON;
      }
      const { settings } = this.handler;
      return settings.mode === 'batch'
        ? await this.inBatches(this.handler, records, fetched, settings.maxRecords)
        : await this.byKey(this.handler, records, fetched, settings.concurrency);
    } catch (error) {
      return { kind: 'pause', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  private async readable(records: readonly KafkaRecord[]): Promise<readonly KafkaRecord[]> {
    if (!records.some(isForeign)) return records;
    for (const record of records) {
      const codec = unreadableCodec(record);
      if (codec) await this.bury([record], 'decode', new Error(`the batch is compressed with ${codec}`));
    }
    return records.filter((record) => !isForeign(record));
  }

  private async inBatches(
    handler: LaneHandler,
    records: readonly KafkaRecord[],
    fetched: Fetched,
    maxRecords: number,
  ): Promise<Verdict> {
    let { fromOffset } = fetched;
    for (let start = 0; start === 0 || start < records.length; start += maxRecords) {
      if (!fetched.isCurrent()) return GO_ON;
      const end = start + maxRecords;
      const part = records.slice(start, end);
      const nextOffset = end < records.length ? records[end]!.offset : fetched.nextOffset;
      const batch: KafkaBatch = {
        topic: this.topic,
        partition: this.partition,
        records: part,
        fromOffset,
        nextOffset,
        lag: Math.max(0, Number(fetched.highWatermark - nextOffset)),
        isCurrent: () => fetched.isCurrent(),
        deadLetter: (letters) => this.reports.deadLetter(letters),
      };
      const outcome = outcomeOf(await handler.invoke(batch));
      if (outcome.kind === 'seek') return outcome;
      await this.settle(part, outcome);
      fetched.resolve(nextOffset);
      fromOffset = nextOffset;
    }
    return GO_ON;
  }

  private async byKey(
    handler: LaneHandler,
    records: readonly KafkaRecord[],
    fetched: Fetched,
    concurrency: number,
  ): Promise<Verdict> {
    const waiting = records.filter(({ offset }) => !this.done.has(offset));
    const work = async (record: KafkaRecord): Promise<void> => {
      const outcome = outcomeOf(await handler.invoke(record));
      if (outcome.kind === 'seek') throw new Error('a handler of single records cannot seek');
      await this.settle([record], outcome);
      this.done.add(record.offset);
    };
    const keyOf = ({ key }: KafkaRecord): string | undefined => key?.toString('latin1');
    const { error } = await runByKey(waiting, keyOf, concurrency, work, () => fetched.isCurrent());
    const firstUndone = records.find(({ offset }) => !this.done.has(offset));
    const next = firstUndone?.offset ?? fetched.nextOffset;
    if (next > fetched.fromOffset) fetched.resolve(next);
    for (const offset of this.done) if (offset < next) this.done.delete(offset);
    return error ? { kind: 'pause', error } : GO_ON;
  }

  private async settle(records: readonly KafkaRecord[], outcome: RecordOutcome): Promise<void> {
    if (outcome.kind === 'drop') this.reports.dropped(this.topic, outcome.reason, records.length);
    if (outcome.kind === 'dead-letter') await this.bury(records, outcome.stage, outcome.error);
  }

  private async bury(records: readonly KafkaRecord[], stage: string, error: Error): Promise<void> {
    if (records.length > 0) await this.reports.deadLetter(records.map((record) => ({ record, stage, error })));
  }
}

type AnyOutcome = RecordOutcome | { readonly kind: 'seek'; readonly offset: bigint };

/** A handler that forgot to answer must not move the offset. */
function outcomeOf(answer: unknown): AnyOutcome {
  if (typeof answer === 'object' && answer !== null && 'kind' in answer && KINDS.includes(answer.kind as string)) {
    return answer as AnyOutcome;
  }
  throw new Error('the handler returned no outcome');
}
