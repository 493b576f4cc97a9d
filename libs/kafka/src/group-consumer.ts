import type { Consumer, Kafka } from 'kafkajs';
import { Assignment } from './assignment.js';
import type { PartitionControl, TopicPartition } from './assignment.js';
import { createClient, withPrefix } from './connection.js';
import { atMost, pause } from './pause.js';
import type { ConsumerState, ConsumerTuning, KafkaStrategyOptions } from './consumer-settings.js';
import { OffsetCommitter } from './offset-committer.js';
import type { PartitionLane } from './partition-lane.js';
import { isPermanent, isUnknownTopic } from './failures.js';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 1_000;
const CLUSTER_RETRY = { retries: 2, initialRetryTime: FIRST_RETRY_MS, multiplier: 2, maxRetryTime: LAST_RETRY_MS };

/**
 * kafkajs' consumer with its traps closed: failures of handlers never reach it, nothing sleeps in eachBatch, heartbeats go on
 * during work, and a partition is read only from where its store says.
 */
export class GroupConsumer {
  private readonly kafka: Kafka;
  private readonly committer: OffsetCommitter;
  private readonly assignment: Assignment;
  private readonly physical: readonly string[];
  private consumer: Consumer | undefined;
  private status: ConsumerState = { status: 'connecting' };
  private closing = false;
  /** When the broker was last heard, on the clock of Date.now(). */
  private heardAt = Date.now();

  constructor(
    topics: readonly string[],
    private readonly options: KafkaStrategyOptions,
    private readonly tuning: ConsumerTuning,
    createLane: (topic: string, partition: number) => PartitionLane,
  ) {
    const { connection, logger } = options;
    const logical = new Map(topics.map((topic) => [withPrefix(connection, topic), topic]));
    this.physical = [...logical.keys()];
    this.kafka = createClient(connection, { requestTimeoutMs: tuning.requestTimeoutMs, retry: CLUSTER_RETRY, logger });
    const commit = async (offsets: { topic: string; partition: number; offset: string }[]): Promise<void> =>
      this.consumer?.commitOffsets(offsets);
    this.committer = new OffsetCommitter(commit, tuning.commitIntervalMs, logger);
    this.assignment = new Assignment(this.control(), this.committer, options, tuning, ({ topic, partition }) =>
      createLane(logical.get(topic) ?? topic, partition),
    );
  }

  /** Connects in the background, for as long as it takes. */
  start(): void {
    void this.connect();
  }

  state(): ConsumerState {
    const silent = Date.now() - this.heardAt > this.tuning.sessionTimeoutMs;
    if (this.status.status !== 'running' || !silent) return this.status;
    return { status: 'failing', since: new Date(this.heardAt), reason: 'the broker does not answer' };
  }

  async close(): Promise<void> {
    this.closing = true;
    this.status = { status: 'closed' };
    await atMost(this.tuning.closeGraceMs, this.end());
  }

  private async end(): Promise<void> {
    await this.assignment.close();
    await this.committer.flush();
    if (this.consumer) await this.leave(this.consumer);
  }

  private async connect(): Promise<void> {
    for (let retryMs = FIRST_RETRY_MS; !this.closing; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      let consumer: Consumer | undefined;
      try {
        consumer = this.createConsumer();
        const concurrency = await this.countPartitions();
        await consumer.connect();
        await consumer.subscribe({ topics: [...this.physical], fromBeginning: this.options.fromBeginning ?? true });
        this.consumer = consumer;
        await consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: concurrency,
          eachBatch: (payload) => this.assignment.handle(payload),
        });
        if (this.closing) await this.leave(consumer);
        return;
      } catch (error) {
        this.consumer = undefined;
        if (consumer) await this.leave(consumer);
        if (isUnknownTopic(error))
          this.note(`a topic is missing, make it with "npm run topics -- --create": ${this.physical.join(', ')}`);
        else if (isPermanent(error)) return this.crash(error as Error);
        else this.note((error as Error).message);
        await pause(retryMs);
      }
    }
  }

  /** With fewer workers than partitions one slow partition would hold up others of the same fetch. */
  private async countPartitions(): Promise<number> {
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      const { topics } = await admin.fetchTopicMetadata({ topics: [...this.physical] });
      return topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
    } finally {
      await admin.disconnect();
    }
  }

  private createConsumer(): Consumer {
    const { tuning } = this;
    const consumer = this.kafka.consumer({
      groupId: withPrefix(this.options.connection, this.options.group),
      sessionTimeout: tuning.sessionTimeoutMs,
      heartbeatInterval: tuning.heartbeatMs,
      rebalanceTimeout: tuning.rebalanceTimeoutMs,
      minBytes: 1,
      maxWaitTimeInMs: tuning.maxWaitMs,
      maxBytesPerPartition: tuning.maxBytesPerPartition,
      maxBytes: tuning.maxBytes,
      allowAutoTopicCreation: false,
      // a broker that is away is waited for; what kafkajs calls not retriable still ends the consumer
      retry: { ...CLUSTER_RETRY, retries: Number.MAX_SAFE_INTEGER },
    });
    const { GROUP_JOIN, REBALANCING, FETCH, HEARTBEAT, STOP, CRASH } = consumer.events;
    const heard = (): void => void (this.heardAt = Date.now());
    consumer.on(FETCH, heard);
    consumer.on(HEARTBEAT, heard);
    // the coordinator still takes commits of the old generation while members join the new one
    consumer.on(REBALANCING, () => void this.committer.flush());
    // kafkajs calls listeners at once: this runs before the first fetch of the new generation
    consumer.on(GROUP_JOIN, ({ payload }) => {
      heard();
      this.joined(partitionsOf(payload.memberAssignment));
    });
    // from here on it holds no partition, and refuses to pause one; a crash is told only when its connections are closed
    consumer.on(STOP, () => this.assignment.clear());
    consumer.on(CRASH, ({ payload: { error, restart } }) => {
      if (!restart && isPermanent(error)) return this.crash(error);
      this.note(error.message);
      if (!restart) void pause(LAST_RETRY_MS).then(() => this.connect());
    });
    return consumer;
  }

  private joined(partitions: readonly TopicPartition[]): void {
    if (this.closing) return;
    const { logger, group } = this.options;
    if (this.status.status === 'failing') logger?.info('kafka consumer: consuming again', { group });
    this.status = { status: 'running' };
    this.assignment.assign(partitions);
    logger?.info('kafka consumer: partitions assigned', { group, partitions: partitions.length });
  }

  private control(): PartitionControl {
    const byTopic = (partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] =>
      partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] }));
    return {
      pause: (partitions) => this.consumer?.pause(byTopic(partitions)),
      resume: (partitions) => this.consumer?.resume(byTopic(partitions)),
      seek: ({ topic, partition }, offset) => this.consumer?.seek({ topic, partition, offset: String(offset) }),
    };
  }

  private note(reason: string): void {
    if (this.closing) return;
    if (this.status.status !== 'failing') {
      this.options.logger?.warn('kafka consumer: not consuming', { group: this.options.group, reason });
    }
    const since = this.status.status === 'failing' ? this.status.since : new Date();
    this.status = { status: 'failing', since, reason };
  }

  private crash(error: Error): void {
    if (this.closing) return;
    this.status = { status: 'crashed', since: new Date(), reason: error.message };
    this.options.logger?.error('kafka consumer: crashed', { group: this.options.group, reason: error.message });
    this.options.onCrash(error);
  }

  private async leave(consumer: Consumer): Promise<void> {
    try {
      await consumer.disconnect();
    } catch (error) {
      this.options.logger?.debug?.('kafka consumer: did not disconnect', { reason: (error as Error).message });
    }
  }
}

const partitionsOf = (assignment: Readonly<Record<string, number[]>>): TopicPartition[] =>
  Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));
