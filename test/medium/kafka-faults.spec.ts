import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TemporarilyUnavailable, TOPICS, type TopicDefinition } from '@lienmach/contracts';
import {
  createGatheringProducer,
  ensureTopics,
  KafkaBatchHandler,
  KafkaBatchStrategy,
  ok,
  readToEnd,
  type BatchOutcome,
  type GatheringProducer,
  type KafkaBatch,
  type KafkaConnection,
  type OutgoingRecord,
} from '@lienmach/kafka';
import { startKafka, type EmbeddedKafka } from '@lienmach/tools';
import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { temporaryFolder } from '../support/servers.js';
import { waitUntil } from '../support/wait.js';

const definition = (name: string): TopicDefinition => ({
  name,
  key: '',
  partitions: 4,
  cleanup: 'delete',
  retentionMs: 3_600_000,
  maxMessageBytes: 1024 * 1024,
  audience: 'operator',
  content: '',
  families: [],
});

/** A vendor that repeats what was not accepted, and keeps its order per key by sending one record of a key at a time. */
class Load {
  readonly acknowledged = new Set<string>();
  readonly slowest = { milliseconds: 0 };
  refusals = 0;
  private running = true;
  private abandoned = false;
  private readonly workers: Promise<void>[];

  constructor(
    private readonly producer: GatheringProducer,
    private readonly topic: string,
    private readonly deadlineMs: number,
    keys = 16,
  ) {
    this.workers = Array.from({ length: keys }, (_, key) => this.work(`key-${key}`));
  }

  /** Lets every record under way be acknowledged. */
  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.workers);
  }

  /** For the end of a test that failed. */
  async abandon(): Promise<void> {
    this.abandoned = true;
    await this.stop();
  }

  private async work(key: string): Promise<void> {
    for (let number = 0; this.running; number += 1) {
      const value = `${key}/${number}`;
      while (!(await this.deliver({ topic: this.topic, key, value }))) {
        if (this.abandoned) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      this.acknowledged.add(value);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  private async deliver(record: OutgoingRecord): Promise<boolean> {
    const started = performance.now();
    try {
      await this.producer.send([record], { deadlineMs: this.deadlineMs });
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(TemporarilyUnavailable);
      this.refusals += 1;
      return false;
    } finally {
      this.slowest.milliseconds = Math.max(this.slowest.milliseconds, performance.now() - started);
    }
  }
}

let consumed: (batch: KafkaBatch) => void;

@Controller()
class Reader {
  @KafkaBatchHandler({ topic: 'killed.v1', group: 'reader' })
  read(batch: KafkaBatch): Promise<BatchOutcome> {
    consumed(batch);
    return Promise.resolve(ok);
  }
}

@Module({ controllers: [Reader] })
class ReaderModule {}

describe('a broker in trouble', () => {
  let kafka: EmbeddedKafka;
  let connection: KafkaConnection;
  let load: Load;
  let producer: GatheringProducer;
  let app: INestMicroservice | undefined;

  beforeAll(async () => {
    kafka = await startKafka({ dir: temporaryFolder('kafka') });
    connection = { brokers: [kafka.brokers], clientId: 'spec' };
    await ensureTopics(connection, ['frozen.v1', 'killed.v1', TOPICS.deadLetter].map(definition));
  }, 90_000);

  afterEach(async () => {
    kafka.thaw();
    await load.abandon();
    await app?.close();
    await producer.close(500);
  }, 30_000);

  afterAll(async () => {
    await kafka.stop();
  }, 30_000);

  /** Values of the topic in the order of their partitions, repeats left out. */
  async function stored(topic: string): Promise<string[]> {
    const values = new Set<string>();
    await readToEnd(connection, topic, ({ value }) => values.add(String(value)));
    return [...values];
  }

  function expectOrderOfKeys(values: readonly string[]): void {
    const last = new Map<string, number>();
    for (const value of values) {
      const [key = '', number] = value.split('/');
      expect(Number(number)).toBe((last.get(key) ?? -1) + 1);
      last.set(key, Number(number));
    }
  }

  it('frozen: callers are told in time, later ones at once; thawed: it goes on and nothing acknowledged is missing', async () => {
    producer = createGatheringProducer(connection, { maxQueueAgeMs: 500 });
    load = new Load(producer, 'frozen.v1', 800);
    await waitUntil('some records', () => load.acknowledged.size > 100);
    kafka.freeze();
    const atFreeze = load.acknowledged.size;
    await waitUntil('everybody to be refused', () => load.refusals >= 32);
    expect(load.slowest.milliseconds).toBeLessThan(1_300);
    expect(producer.state().status).toBe('failing');
    const started = performance.now();
    await expect(
      producer.send([{ topic: 'frozen.v1', key: 'x', value: 'x/0' }], { deadlineMs: 800 }),
    ).rejects.toMatchObject({
      retryAfterSeconds: 5,
    });
    expect(performance.now() - started).toBeLessThan(100);

    kafka.thaw();
    const thawed = performance.now();
    await waitUntil('new records', () => load.acknowledged.size > atFreeze + 100);
    expect(performance.now() - thawed).toBeLessThan(5_000);
    await load.stop();
    expect(producer.state().status).toBe('connected');
    const values = await stored('frozen.v1');
    expect(values.sort()).toEqual([...load.acknowledged].sort());
  }, 60_000);

  it('frozen for longer than a request may take: it recovers on a new connection', async () => {
    producer = createGatheringProducer(connection, { maxQueueAgeMs: 500, requestTimeoutMs: 1_000 });
    await producer.send([{ topic: 'frozen.v1', key: 'long', value: 'long/0' }], { deadlineMs: 2_000 });
    kafka.freeze();
    const call = producer.send([{ topic: 'frozen.v1', key: 'long', value: 'long/1' }], { deadlineMs: 600 });
    await expect(call).rejects.toBeInstanceOf(TemporarilyUnavailable);
    await waitUntil('several time-outs', () => {
      const state = producer.state();
      return state.status === 'failing' && Date.now() - state.since.getTime() > 3_500;
    });
    kafka.thaw();
    await waitUntil('an acknowledgement', async () => {
      await producer.send([{ topic: 'frozen.v1', key: 'long', value: 'long/1' }], { deadlineMs: 600 });
      return true;
    });
    expect(await stored('frozen.v1')).toEqual(expect.arrayContaining(['long/0', 'long/1']));
  }, 60_000);

  it('killed -9 under load: no acknowledged record is lost, keys stay in order, producer and consumer go on within 10 s', async () => {
    producer = createGatheringProducer(connection, { maxQueueAgeMs: 500 });
    const seen = new Set<string>();
    const crashes: Error[] = [];
    consumed = ({ records }) => records.forEach(({ value }) => seen.add(String(value)));
    const strategy = new KafkaBatchStrategy({
      connection,
      group: 'reader',
      deadLetters: producer,
      onCrash: (error) => crashes.push(error),
    });
    app = await NestFactory.createMicroservice(ReaderModule, { strategy, logger: false });
    await app.listen();
    load = new Load(producer, 'killed.v1', 1_000);
    await waitUntil('some records', () => load.acknowledged.size > 200 && seen.size > 200);

    for (let round = 0; round < 2; round += 1) {
      await kafka.kill();
      await waitUntil('refusals', () => load.refusals > 0);
      await kafka.restart();
      const restarted = performance.now();
      const before = { acknowledged: load.acknowledged.size, seen: seen.size };
      await waitUntil('records to be taken', () => load.acknowledged.size > before.acknowledged + 100);
      await waitUntil('records to be read', () => seen.size > before.seen + 100);
      expect(performance.now() - restarted).toBeLessThan(10_000);
      load.refusals = 0;
    }

    await load.stop();
    const values = await stored('killed.v1');
    expect([...values].sort()).toEqual([...load.acknowledged].sort());
    expectOrderOfKeys(values);
    await waitUntil('everything to be read', () => seen.size === values.length);
    expect(crashes).toEqual([]);
  }, 120_000);
});
