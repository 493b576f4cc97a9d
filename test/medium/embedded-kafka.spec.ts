import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { isRunning, projectRoot, startKafka, type EmbeddedKafka } from '@lienmach/tools';
import { clusterIdAt } from '../../tools/src/embedded/kafka-metadata.js';
import { temporaryFolder } from '../support/servers.js';
import { waitUntil } from '../support/wait.js';

const client = (kafka: EmbeddedKafka) => new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });

async function produce(kafka: EmbeddedKafka, value: string): Promise<void> {
  const producer = client(kafka).producer();
  await producer.connect();
  await producer.send({ topic: 'kept', acks: -1, messages: [{ value }] });
  await producer.disconnect();
}

async function highest(kafka: EmbeddedKafka): Promise<string | undefined> {
  const admin = client(kafka).admin();
  await admin.connect();
  const [partition] = await admin.fetchTopicOffsets('kept');
  await admin.disconnect();
  return partition?.high;
}

describe('embedded Kafka', () => {
  let dir: string;
  let kafka: EmbeddedKafka;

  beforeAll(async () => {
    dir = temporaryFolder('kafka');
    kafka = await startKafka({ dir });
    const admin = client(kafka).admin();
    await admin.connect();
    await admin.createTopics({
      topics: [{ topic: 'kept', numPartitions: 1, replicationFactor: 1 }],
      // kafkajs' own wait fails while the broker has not heard of its topic yet
      waitForLeaders: false,
    });
    await waitUntil('the topic', () => admin.fetchTopicOffsets('kept'));
    await admin.disconnect();
  }, 60_000);

  afterAll(() => kafka.stop(), 60_000);

  it('keeps acknowledged records and its address over kill -9', async () => {
    await produce(kafka, 'before');
    const { brokers, pid } = kafka;
    expect(await kafka.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    await kafka.restart();
    expect(kafka.brokers).toBe(brokers);
    expect(kafka.pid).not.toBe(pid);
    expect(await highest(kafka)).toBe('1');
  }, 60_000);

  it('takes a record of 4 MiB and refuses a larger one', async () => {
    await expect(produce(kafka, 'x'.repeat(4 * 1024 * 1024 - 1024))).resolves.toBeUndefined();
    await expect(produce(kafka, 'x'.repeat(4 * 1024 * 1024 + 1024))).rejects.toThrow(/too large|larger than/i);
  }, 60_000);

  it('keeps its connections but answers nothing while frozen', async () => {
    kafka.freeze();
    expect(await clusterIdAt(kafka.port, 300)).toBeNull();
    kafka.thaw();
    await waitUntil('the thawed broker', () => clusterIdAt(kafka.port));
  }, 30_000);

  it('refuses a second broker on the folder and leaves the first alone', async () => {
    await expect(startKafka({ dir })).rejects.toThrow(`Kafka in ${dir} is already run by process ${process.pid}`);
    expect(await clusterIdAt(kafka.port)).not.toBeNull();
  });

  it('says that a port is taken', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    await expect(startKafka({ dir: temporaryFolder('kafka'), port })).rejects.toThrow(`Port ${port} of Kafka is taken`);
    server.close();
  });

  it('ends the broker of a starter that was killed, and starts on its records and port', async () => {
    const before = await highest(kafka);
    const { port } = kafka;
    await kafka.stop();
    const program = `import { startKafka } from ${JSON.stringify(join(projectRoot, 'dist/tools/src/index.js'))};
      const kafka = await startKafka({ dir: ${JSON.stringify(dir)} });
      console.log(kafka.pid);`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const orphan = await new Promise<number>((resolve) =>
      starter.stdout.once('data', (chunk) => resolve(Number(chunk))),
    );
    starter.kill('SIGKILL');
    await new Promise((resolve) => starter.once('exit', resolve));
    expect(isRunning(orphan)).toBe(true);

    await kafka.start();
    expect(isRunning(orphan)).toBe(false);
    expect([kafka.port, await highest(kafka)]).toEqual([port, before]);
  }, 60_000);

  it('leaves no process and no lock behind when stopped', async () => {
    const { pid } = kafka;
    await kafka.stop();
    expect([isRunning(pid), existsSync(join(dir, 'lock')), existsSync(join(dir, 'server.pid'))]).toEqual([
      false,
      false,
      false,
    ]);
  }, 30_000);
});
