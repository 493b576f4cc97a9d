import type { Batch, EachBatchPayload } from 'kafkajs';
import type { ConsumerTuning, KafkaStrategyOptions } from './consumer-settings.js';
import type { OffsetCommitter } from './offset-committer.js';
import type { Fetched, PartitionLane, Verdict } from './partition-lane.js';
import { toRecord } from './record.js';

/** A partition by the name of its topic on the broker. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What the assignment does to the client. */
export interface PartitionControl {
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  seek(partition: TopicPartition, offset: bigint): void;
}

/** A partition while it is ours. */
interface Seat extends TopicPartition {
  readonly lane: PartitionLane;
  /** Passing troubles, and disagreements with the store, since the last progress. */
  failures: number;
  seeks: number;
  timer: NodeJS.Timeout | undefined;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** The partitions that this member holds: where each begins, whether it rests, and its batches. */
export class Assignment {
  private seats = new Map<string, Seat>();
  private closed = false;
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly control: PartitionControl,
    private readonly committer: OffsetCommitter,
    private readonly options: KafkaStrategyOptions,
    private readonly tuning: ConsumerTuning,
    private readonly createLane: (partition: TopicPartition) => PartitionLane,
  ) {}

  /**
   * Takes the place of the former assignment. With a store, every partition rests until the store has said where it begins;
   * must be called before the first fetch of the new generation.
   */
  assign(partitions: readonly TopicPartition[]): void {
    this.clear();
    for (const { topic, partition } of partitions) {
      const seat: Seat = {
        topic,
        partition,
        lane: this.createLane({ topic, partition }),
        failures: 0,
        seeks: 0,
        timer: undefined,
      };
      this.seats.set(keyOf(seat), seat);
    }
    const seats = [...this.seats.values()];
    // kafkajs keeps a partition paused over a rebalance, whoever paused it
    if (!this.options.startFrom) return this.control.resume(seats);
    this.control.pause(seats);
    for (const seat of seats) void this.position(seat);
  }

  /** None of the partitions is ours any more. */
  clear(): void {
    for (const { timer } of this.seats.values()) clearTimeout(timer);
    this.seats = new Map();
    this.committer.forget();
  }

  /** Takes no further batch; resolves when the running ones have ended. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { timer } of this.seats.values()) clearTimeout(timer);
    if (this.seats.size > 0) this.control.pause([...this.seats.values()]);
    await Promise.all(this.running);
  }

  /** kafkajs' eachBatch. Never rejects: a rejection would hold up, or stop, the consumer. */
  async handle(payload: EachBatchPayload): Promise<void> {
    const seat = this.seats.get(keyOf(payload.batch));
    if (!seat || this.closed) return;
    const work = this.work(seat, payload);
    this.running.add(work);
    await work;
    this.running.delete(work);
  }

  private async work(seat: Seat, payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const started = performance.now();
    let lost = false;
    const beat = setInterval(() => void payload.heartbeat().catch(() => (lost = true)), this.tuning.heartbeatMs);
    const { topic, partition } = seat.lane;
    const fetched: Fetched = {
      records: batch.messages.map((message) => toRecord(topic, partition, message)),
      // absent from kafkajs' types
      fromOffset: BigInt((batch as Batch & { fetchedOffset: string }).fetchedOffset),
      nextOffset: BigInt(batch.lastOffset()) + 1n,
      highWatermark: BigInt(batch.highWatermark),
      isCurrent: () => !lost && !this.closed && payload.isRunning() && !payload.isStale() && this.isOurs(seat),
      resolve: (next) => {
        if (!this.isOurs(seat)) return;
        seat.failures = 0;
        seat.seeks = 0;
        payload.resolveOffset(String(next - 1n));
        this.committer.note(seat.topic, partition, next);
      },
    };
    const verdict = await seat.lane.work(fetched);
    clearInterval(beat);
    this.options.observer?.batch?.({
      topic,
      partition,
      records: fetched.records.length,
      lag: Math.max(0, Number(fetched.highWatermark - fetched.nextOffset)),
      milliseconds: performance.now() - started,
    });
    if (this.isOurs(seat) && !this.closed) this.follow(seat, verdict);
  }

  private follow(seat: Seat, verdict: Verdict): void {
    if (verdict.kind === 'pause') this.postpone(seat, verdict.error, () => this.control.resume([seat]));
    if (verdict.kind !== 'seek') return;
    this.control.seek(seat, verdict.offset);
    seat.seeks += 1;
    if (seat.seeks < 3) return;
    const error = new Error(`the store wants offset ${verdict.offset} again and again, which the log does not give`);
    this.postpone(seat, error, () => this.control.resume([seat]));
  }

  private async position(seat: Seat): Promise<void> {
    const { topic, partition } = seat.lane;
    try {
      const offset = await this.options.startFrom?.(topic, partition);
      if (!this.isOurs(seat) || this.closed) return;
      if (offset != null) this.control.seek(seat, offset);
      seat.failures = 0;
      this.control.resume([seat]);
    } catch (error) {
      if (this.isOurs(seat) && !this.closed) this.postpone(seat, error as Error, () => void this.position(seat));
    }
  }

  /** Passing trouble: this partition rests, longer each time; the others go on. */
  private postpone(seat: Seat, error: Error, again: () => void): void {
    const { firstPauseMs, lastPauseMs } = this.tuning;
    const pauseMs = Math.min(firstPauseMs * 2 ** seat.failures, lastPauseMs);
    seat.failures += 1;
    this.control.pause([seat]);
    clearTimeout(seat.timer);
    seat.timer = setTimeout(() => this.isOurs(seat) && again(), pauseMs);
    const { topic, partition } = seat.lane;
    this.options.observer?.paused?.({ topic, partition, attempt: seat.failures, pauseMs, error });
    this.options.logger?.warn('partition paused after passing trouble', {
      topic,
      partition,
      attempt: seat.failures,
      pauseMs,
      reason: error.message,
    });
  }

  private isOurs(seat: Seat): boolean {
    return this.seats.get(keyOf(seat)) === seat;
  }
}
