import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { channelTopic, TOPIC_DEFINITIONS, TOPICS } from '@lienmach/contracts';
import {
  createGatheringProducer,
  kafkaConnectionFromEnv,
  readToEnd,
  sendDeadLetters,
  type KafkaConnection,
  type KafkaRecord,
} from '@lienmach/kafka';
import kafkajs from 'kafkajs';
import { runTool, type Settings } from '../support/apps.js';
import { kafkaBrokers, temporaryFolder, uniquePrefix } from '../support/servers.js';
import { waitUntil } from '../support/wait.js';

const TOPIC = channelTopic('facebook');

describe('tools on the broker', () => {
  let settings: Settings;
  let connection: KafkaConnection;

  beforeAll(() => {
    process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
  });

  beforeEach(() => {
    settings = { KAFKA_BROKERS: kafkaBrokers(), TOPIC_PREFIX: uniquePrefix(), DATA_DIR: temporaryFolder('tools') };
    connection = kafkaConnectionFromEnv(settings, 'spec');
  });

  const topics = (...args: string[]): Promise<string> => runTool('topics', args, settings);
  const redrive = (...args: string[]): Promise<string> => runTool('redrive', args, settings);

  async function onAdmin(work: (admin: kafkajs.Admin) => Promise<unknown>): Promise<void> {
    const admin = new kafkajs.Kafka({ brokers: [kafkaBrokers()], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    await work(admin);
    await admin.disconnect();
  }

  async function read(topic: string): Promise<KafkaRecord[]> {
    const records: KafkaRecord[] = [];
    await readToEnd(connection, topic, (record) => records.push(record));
    return records;
  }

  it('topics: describes, creates what is missing, reports a difference and leaves it alone', async () => {
    const before = await topics();
    for (const { name } of TOPIC_DEFINITIONS) expect(before).toContain(name);
    expect(before).toContain(`${TOPIC} is missing`);

    // one topic was made by somebody else, otherwise than the contract has it
    await onAdmin(async (admin) => {
      await admin.createTopics({
        // kafkajs' own wait fails while the broker has not heard of its topic yet
        waitForLeaders: false,
        topics: [
          {
            topic: settings.TOPIC_PREFIX + TOPIC,
            numPartitions: 3,
            configEntries: [
              { name: 'retention.ms', value: '1000000' },
              { name: 'max.message.bytes', value: '1048588' },
            ],
          },
        ],
      });
      await waitUntil('the topic', () => admin.fetchTopicOffsets(settings.TOPIC_PREFIX + TOPIC));
    });
    const made = await topics('--create');
    expect(made).toContain(`made ${TOPICS.personState}`);
    for (const said of [made, await topics()]) {
      expect(said).toContain(`${TOPIC}: partitions is 3, the contract says 12`);
      expect(said).toContain(`${TOPIC}: retention.ms is 1000000, the contract says 34560000000`);
      expect(said).toContain(`${TOPIC}: max.message.bytes is 1048588, the contract says 4194304`);
      expect(said).not.toContain(`${TOPICS.personState}:`);
    }
    await onAdmin(async (admin) => {
      const metadata = await admin.fetchTopicMetadata({ topics: [settings.TOPIC_PREFIX + TOPIC] });
      expect(metadata.topics[0]!.partitions).toHaveLength(3);
    });
  }, 120_000);

  it('redrive: lists, sends one or all of a stage back unchanged, remembers it, refuses what cannot go back', async () => {
    await topics('--create');
    expect(await redrive()).toContain('There are no dead letters.');

    const original = (offset: number, stage: string) => ({
      stage,
      error: new RangeError('no thread'),
      record: {
        topic: TOPIC,
        partition: 4,
        offset: BigInt(offset),
        timestamp: Date.now() - 60_000,
        key: Buffer.from('demo|facebook|1|2'),
        value: Buffer.from([0xff, 0x7b, offset]),
        headers: { id: Buffer.from(`event-${offset}`) },
      },
    });
    const producer = createGatheringProducer(connection);
    const letters = [original(8, 'validate'), original(3, 'validate'), original(5, 'decode')];
    for (const letter of letters) await sendDeadLetters(producer, [letter]);
    const door = { '__connect.errors.topic': 'raw.facebook.v1', '__connect.errors.stage': 'door' };
    await producer.send([{ topic: TOPICS.deadLetter, key: 'door', value: 'body', headers: door }], {
      deadlineMs: 5_000,
    });
    await producer.close();

    const listed = await redrive();
    expect(listed.match(/waits/g)).toHaveLength(3);
    expect(listed).toContain('cannot be re-driven');
    expect(listed).toContain('RangeError: no thread');
    const [, decoded] = /^(\S+) .*channel\.facebook\.v1\/4\/5 /m.exec(listed)!;
    const [, fromDoor] = /^(\S+) .*never on it/m.exec(listed)!;

    expect(await redrive(decoded!)).toContain('1 dead letter re-driven.');
    const [back, ...more] = await read(TOPIC);
    expect(more).toEqual([]);
    const { record } = letters[2]!;
    expect(back).toMatchObject({ key: record.key, value: record.value, timestamp: record.timestamp });
    expect(back!.headers).toMatchObject({ id: record.headers.id, 'lienmach.redriven-from': Buffer.from(decoded!) });

    expect(await redrive('--all', '--stage', 'validate')).toContain('2 dead letters re-driven.');
    expect((await read(TOPIC)).map(({ value }) => value![2])).toEqual([5, 3, 8]);
    expect(await redrive('--all')).toContain('0 dead letters re-driven.');
    expect((await redrive()).match(/re-driven(?!\S)/g)!.length).toBeGreaterThanOrEqual(3);
    await expect(redrive(fromDoor!)).rejects.toThrow(/never was on a topic/);
    await expect(redrive('dead-letter.v1/0/999')).rejects.toThrow(/There is no dead letter/);
  }, 180_000);
});
