import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TOPICS, type TopicDefinition } from '@lienmach/contracts';
import {
  createGatheringProducer,
  deadLetter,
  drop,
  ensureTopics,
  KafkaBatchHandler,
  KafkaBatchStrategy,
  KafkaRecordHandler,
  ok,
  parseDeadLetter,
  readToEnd,
  redriveRecord,
  seekTo,
  type BatchOutcome,
  type DeadLetter,
  type GatheringProducer,
  type KafkaBatch,
  type KafkaConnection,
  type KafkaRecord,
  type KafkaStrategyOptions,
  type RecordOutcome,
} from '@lienmach/kafka';
import { Controller, Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import kafkajs from 'kafkajs';
import { kafkaBrokers, uniquePrefix } from '../support/servers.js';
import { waitUntil } from '../support/wait.js';

const PARTITIONS = 4;
const definition = (name: string): TopicDefinition => ({
  name,
  key: '',
  partitions: PARTITIONS,
  cleanup: 'delete',
  retentionMs: 3_600_000,
  maxMessageBytes: 1024 * 1024,
  audience: 'operator',
  content: '',
  families: [],
});

/** The same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a test does with records; set anew by each. */
let onRecord: (record: KafkaRecord) => Promise<RecordOutcome>;
let onBatch: (batch: KafkaBatch) => Promise<BatchOutcome>;

@Controller()
class RecordReader {
  @KafkaRecordHandler({ topic: 'records.v1', group: 'record-reader' })
  read(record: KafkaRecord): Promise<RecordOutcome> {
    return onRecord(record);
  }
}

@Controller()
class BatchReader {
  @KafkaBatchHandler({ topic: ['batches.v1', 'more.v1'], group: 'batch-reader', maxRecords: 50 })
  read(batch: KafkaBatch): Promise<BatchOutcome> {
    return onBatch(batch);
  }
}

@Module({ controllers: [RecordReader] })
class RecordModule {}

@Module({ controllers: [BatchReader] })
class BatchModule {}

describe('KafkaBatchStrategy', () => {
  let connection: KafkaConnection;
  let producer: GatheringProducer;
  const running: INestMicroservice[] = [];
  const crashes: Error[] = [];

  beforeAll(() => {
    process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  });

  beforeEach(async () => {
    connection = { brokers: [kafkaBrokers()], clientId: 'spec', topicPrefix: uniquePrefix() };
    await ensureTopics(connection, ['records.v1', 'batches.v1', 'more.v1', TOPICS.deadLetter].map(definition));
    producer = createGatheringProducer(connection);
  }, 30_000);

  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.close()));
    await producer.close();
  }, 30_000);

  afterAll(() => expect(crashes).toEqual([]));

  async function start(
    module: Type,
    group: string,
    options: Partial<KafkaStrategyOptions> = {},
  ): Promise<{ app: INestMicroservice; strategy: KafkaBatchStrategy }> {
    const strategy = new KafkaBatchStrategy({
      connection,
      group,
      deadLetters: producer,
      onCrash: (error) => crashes.push(error),
      tuning: { heartbeatMs: 300, commitIntervalMs: 100, firstPauseMs: 100 },
      ...options,
    });
    const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
    running.push(app);
    await waitUntil('the consumer to run', () => strategy.state().status === 'running');
    return { app, strategy };
  }

  const startRecords = (options?: Partial<KafkaStrategyOptions>) => start(RecordModule, 'record-reader', options);
  const startBatches = (options?: Partial<KafkaStrategyOptions>) => start(BatchModule, 'batch-reader', options);

  const send = (topic: string, records: { key: string | null; value: string }[]): Promise<void> =>
    producer.send(
      records.map((record) => ({ topic, ...record })),
      { deadlineMs: 10_000 },
    );

  async function deadLetters(): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    await readToEnd(connection, TOPICS.deadLetter, (record) => {
      const letter = parseDeadLetter(record);
      if (letter) letters.push(letter);
    });
    return letters;
  }

  async function committed(group: string, topic: string): Promise<number> {
    const admin = new kafkajs.Kafka({ brokers: [...connection.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    const prefix = connection.topicPrefix ?? '';
    const [offsets] = await admin.fetchOffsets({ groupId: prefix + group, topics: [prefix + topic] });
    await admin.disconnect();
    return (offsets?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }

  it('keeps the order of each key while keys run side by side, and hands bytes over untouched', async () => {
    const random = seeded(20261120);
    const sent = Array.from({ length: 600 }, (_, index) => ({
      key: `{"k":${index % 30}}`,
      value: `{"big":1234567890123456789${index}`,
    }));
    const seen = new Map<string, string[]>();
    const busy = new Set<string>();
    let most = 0;
    onRecord = async ({ key, value }) => {
      const name = String(key);
      expect(busy.has(name)).toBe(false);
      busy.add(name);
      most = Math.max(most, busy.size);
      await new Promise((resolve) => setTimeout(resolve, random() * 4));
      busy.delete(name);
      seen.set(name, [...(seen.get(name) ?? []), String(value)]);
      return ok;
    };
    await send('records.v1', sent);
    await startRecords();
    await waitUntil('all records', () => [...seen.values()].flat().length === sent.length);
    for (const [key, values] of seen) {
      expect(values).toEqual(sent.filter((record) => record.key === key).map(({ value }) => value));
    }
    expect(most).toBeGreaterThan(10);
    await waitUntil('the commit', async () => (await committed('record-reader', 'records.v1')) === sent.length);
  }, 60_000);

  it('pauses only the partition whose handler fails, and goes on there when the trouble has passed', async () => {
    let away = true;
    const stored: string[] = [];
    const attempts: number[] = [];
    onBatch = (batch) => {
      if (away && batch.partition === 2) throw new Error('database away');
      stored.push(...batch.records.map(({ value }) => String(value)));
      return Promise.resolve(ok);
    };
    await startBatches({ observer: { paused: ({ attempt }) => attempts.push(attempt) } });
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
    await send(
      'batches.v1',
      keys.map((key) => ({ key, value: key })),
    );
    await waitUntil('a third attempt', () => attempts.includes(3));
    await send(
      'batches.v1',
      keys.map((key) => ({ key, value: `${key} again` })),
    );
    const others = (telling: RegExp): number => stored.filter((value) => telling.test(value)).length;
    await waitUntil('the other partitions to go on', () => others(/again$/) > 0 && others(/again$/) === others(/\d$/));
    expect(stored.length).toBeLessThan(80);

    away = false;
    await waitUntil('the rest', () => stored.length === 80);
    expect(new Set(stored).size).toBe(80);
    expect(attempts).toEqual([...attempts].sort((a, b) => a - b));
  }, 60_000);

  it('sends poison with its bytes and reason to the dead-letter topic; neighbours go on; a re-drive keeps everything', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b, 0x22]);
    const stored: string[] = [];
    let cured = false;
    const again: KafkaRecord[] = [];
    onRecord = (record) => {
      if (record.value?.equals(bytes)) {
        if (!cured) return Promise.resolve(deadLetter('validate', new RangeError('no id in it')));
        again.push(record);
        return Promise.resolve(ok);
      }
      if (String(record.value) === 'test event') return Promise.resolve(drop('a test'));
      stored.push(String(record.value));
      return Promise.resolve(ok);
    };
    const dropped: string[] = [];
    await startRecords({ observer: { dropped: ({ reason, count }) => dropped.push(`${reason} ${count}`) } });
    const headers = { id: '7b0c4f0e', bytes: Buffer.from([0xfe]) };
    await producer.send(
      [
        { topic: 'records.v1', key: 'k', value: 'before' },
        { topic: 'records.v1', key: 'k', value: bytes, headers, timestamp: 1_795_000_000_000 },
        { topic: 'records.v1', key: 'k', value: 'test event' },
        { topic: 'records.v1', key: 'k', value: 'after' },
      ],
      { deadlineMs: 5_000 },
    );
    await waitUntil('the neighbours', () => stored.length === 2);
    expect(stored).toEqual(['before', 'after']);
    expect(dropped).toEqual(['a test 1']);
    const [letter, ...more] = await deadLetters();
    expect(more).toEqual([]);
    expect(letter).toMatchObject({
      stage: 'validate',
      errorClass: 'RangeError',
      errorMessage: 'no id in it',
      timestamp: 1_795_000_000_000,
      source: { topic: 'records.v1', offset: '1' },
    });
    expect(letter!.value).toEqual(bytes);
    expect(String(letter!.key)).toBe('k');

    cured = true;
    await producer.send([redriveRecord(letter!)], { deadlineMs: 5_000 });
    await waitUntil('the re-driven record', () => again.length === 1);
    expect(again[0]!.headers).toMatchObject({ id: Buffer.from('7b0c4f0e'), bytes: Buffer.from([0xfe]) });
    expect(again[0]!.timestamp).toBe(1_795_000_000_000);
  }, 60_000);

  it('dead-letters a batch of a codec that it cannot read, and reads on', async () => {
    // a zstd frame with one raw block: the broker unpacks it, kafkajs cannot (RFC 8878)
    kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
      compress: ({ buffer }: { buffer: Buffer }) => {
        const block = Buffer.alloc(3);
        block.writeUIntLE((buffer.length << 3) | 1, 0, 3);
        return Promise.resolve(
          Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, buffer.length]), block, buffer]),
        );
      },
      decompress: () => Promise.reject(new Error('only to write')),
    });
    const foreign = new kafkajs.Kafka({
      brokers: [...connection.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
    }).producer();
    await foreign.connect();
    await foreign.send({
      topic: `${connection.topicPrefix}batches.v1`,
      compression: kafkajs.CompressionTypes.ZSTD,
      messages: ['one', 'two', 'three'].map((value) => ({ key: 'k', value, partition: 1 })),
    });
    await foreign.disconnect();
    const places: string[] = [];
    onBatch = ({ partition, fromOffset, nextOffset, records }) => {
      places.push(`${partition}: ${fromOffset}-${nextOffset}, ${records.length}`);
      return Promise.resolve(ok);
    };
    const { strategy } = await startBatches();
    await waitUntil('the foreign batch', () => places.length === 1);
    expect(places).toEqual(['1: 0-3, 0']);
    const [letter] = await deadLetters();
    expect(letter).toMatchObject({ stage: 'decode', source: { partition: 1, offset: '2' } });
    expect(letter!.value!.includes('three')).toBe(true);
    expect(strategy.state().status).toBe('running');
  }, 60_000);

  it('hands nothing over before the store has said where it begins', async () => {
    onBatch = () => Promise.resolve(ok);
    const first = await startBatches();
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
    await send(
      'batches.v1',
      keys.map((key) => ({ key, value: key })),
    );
    await waitUntil('the commit', async () => (await committed('batch-reader', 'batches.v1')) === 40);
    await first.app.close();
    running.splice(0);

    // the group has committed these and will be given new ones; the store, restored from a backup, knows a part of each partition
    await send(
      'batches.v1',
      keys.map((key) => ({ key, value: `${key} new` })),
    );
    let refusals = 3;
    const froms = new Map<string, bigint>();
    let count = 0;
    onBatch = ({ topic, partition, fromOffset, records }) => {
      if (!froms.has(`${topic}/${partition}`)) froms.set(`${topic}/${partition}`, fromOffset);
      count += records.length;
      return Promise.resolve(ok);
    };
    await startBatches({
      startFrom: async (topic, partition) => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        if (topic === 'batches.v1' && partition === 0 && refusals-- > 0) throw new Error('database away');
        return topic === 'batches.v1' ? BigInt(partition + 2) : null;
      },
    });
    await waitUntil('all partitions', () => froms.size === PARTITIONS);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      expect(froms.get(`batches.v1/${partition}`)).toBe(BigInt(partition + 2));
    }
    await waitUntil('the rest', () => count === 80 - (2 + 3 + 4 + 5));
    expect(refusals).toBe(-1);
  }, 60_000);

  it('two members with a fenced store: everything once and in order, whoever comes and goes', async () => {
    const random = seeded(7);
    const store = new Map<string, { next: bigint; records: KafkaRecord[] }>();
    onBatch = async ({ topic, partition, fromOffset, nextOffset, records }) => {
      const name = `${topic}/${partition}`;
      await new Promise((resolve) => setTimeout(resolve, random() * 20));
      const row = store.get(name) ?? { next: 0n, records: [] };
      if (row.next !== fromOffset) return seekTo(row.next);
      store.set(name, { next: nextOffset, records: [...row.records, ...records] });
      return ok;
    };
    const startFrom = (topic: string, partition: number): Promise<bigint | null> =>
      Promise.resolve(store.get(`${topic}/${partition}`)?.next ?? null);

    let sent = 0;
    let sending = true;
    const load = (async () => {
      while (sending) {
        const records = Array.from({ length: 1 + Math.floor(random() * 20) }, () => ({
          key: `k${sent % 17}`,
          value: String(sent++),
        }));
        await send('batches.v1', records);
        await new Promise((resolve) => setTimeout(resolve, random() * 10));
      }
    })();
    const stored = (): KafkaRecord[] => [...store.values()].flatMap(({ records }) => records);
    const progress = (): Promise<boolean> => {
      const before = stored().length;
      return waitUntil('progress', () => stored().length > before + 100);
    };

    const one = await startBatches({ startFrom });
    await progress();
    const two = await startBatches({ startFrom });
    await progress();
    await one.app.close();
    await progress();
    await startBatches({ startFrom });
    await progress();
    await two.app.close();
    await progress();
    sending = false;
    await load;
    running.splice(0, 3, running[2]!);
    // the log may hold a record twice (the producer repeats a request that half succeeded), the store holds the log once
    const numbers = (): number[] => stored().map(({ value }) => Number(value));
    await waitUntil('everything', () => new Set(numbers()).size === sent);
    expect(Math.max(...numbers())).toBe(sent - 1);
    for (const { next, records } of store.values()) {
      expect(records.map(({ offset }) => offset)).toEqual(
        Array.from({ length: Number(next) }, (_, index) => BigInt(index)),
      );
      for (let key = 0; key < 17; key += 1) {
        const ofKey = new Set(records.map(({ value }) => Number(value)).filter((number) => number % 17 === key));
        expect([...ofKey]).toEqual([...ofKey].sort((a, b) => a - b));
      }
    }
  }, 90_000);

  it('waits for a topic that is missing, saying which', async () => {
    onBatch = () => Promise.resolve(ok);
    const empty = { ...connection, topicPrefix: uniquePrefix() };
    const strategy = new KafkaBatchStrategy({
      connection: empty,
      group: 'batch-reader',
      deadLetters: producer,
      onCrash: (error) => crashes.push(error),
    });
    const app = await NestFactory.createMicroservice(BatchModule, { strategy, logger: false });
    await app.listen();
    running.push(app);
    await waitUntil('the complaint', () => strategy.state().status === 'failing');
    expect(strategy.state()).toMatchObject({ reason: expect.stringContaining(`${empty.topicPrefix}batches.v1`) });
    await ensureTopics(empty, ['batches.v1', 'more.v1'].map(definition));
    await waitUntil('the consumer to run', () => strategy.state().status === 'running');
  }, 60_000);

  it('reports what no repetition can mend: readiness fails, the process is told to exit', async () => {
    const reported: Error[] = [];
    const strategy = new KafkaBatchStrategy({
      connection,
      group: 'batch-reader',
      deadLetters: producer,
      onCrash: (error) => reported.push(error),
      // shorter than any broker allows
      tuning: { sessionTimeoutMs: 1_000, heartbeatMs: 300 },
    });
    const app = await NestFactory.createMicroservice(BatchModule, { strategy, logger: false });
    await app.listen();
    running.push(app);
    await waitUntil('the crash', () => reported.length > 0);
    expect(strategy.state()).toMatchObject({ status: 'crashed', reason: expect.stringContaining('session timeout') });
    expect(reported).toHaveLength(1);
  }, 60_000);

  it('finishes the running batch, commits and leaves when it is closed', async () => {
    let begun = 0;
    let finished = 0;
    onBatch = async (batch) => {
      begun += batch.records.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      finished += batch.records.length;
      return ok;
    };
    const { app, strategy } = await startBatches();
    await send('batches.v1', [{ key: 'k', value: '1' }]);
    await waitUntil('the batch to begin', () => begun === 1);
    await app.close();
    running.splice(0);
    expect(finished).toBe(1);
    expect(strategy.state().status).toBe('closed');
    expect(await committed('batch-reader', 'batches.v1')).toBe(1);
  }, 60_000);
});
