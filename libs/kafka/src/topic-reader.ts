import { randomUUID } from 'node:crypto';
import { readForeignCodecsAsPoison } from './codecs.js';
import { createClient, withPrefix } from './connection.js';
import type { KafkaConnection, KafkaLogger } from './connection.js';
import { toRecord } from './record.js';
import type { KafkaRecord } from './record.js';

/**
 * Reads a topic from the beginning to where it ended when the call began; for tools, not for services. Commits nothing.
 * Records of a partition come in order, partitions in any. Rejects if the broker does not answer.
 */
export async function readToEnd(
  connection: KafkaConnection,
  topic: string,
  onRecord: (record: KafkaRecord) => void,
  { logger }: { logger?: KafkaLogger } = {},
): Promise<void> {
  readForeignCodecsAsPoison();
  const physical = withPrefix(connection, topic);
  const kafka = createClient(connection, {
    requestTimeoutMs: 10_000,
    retry: { retries: 10, initialRetryTime: 100, maxRetryTime: 1_000 },
    logger,
  });
  const admin = kafka.admin();
  const groupId = withPrefix(connection, `reader-${randomUUID()}`);
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, minBytes: 1, maxWaitTimeInMs: 100 });
  await admin.connect();
  try {
    const ends = new Map<number, bigint>();
    // kafkajs begins anew when it restarts by itself
    const next = new Map<number, bigint>();
    for (const { partition, low, high } of await admin.fetchTopicOffsets(physical)) {
      if (BigInt(high) > BigInt(low)) ends.set(partition, BigInt(high));
    }
    if (ends.size === 0) return;
    await consumer.connect();
    await consumer.subscribe({ topics: [physical], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const reached = (partition: number, last: string): void => {
        const end = ends.get(partition);
        if (end !== undefined && BigInt(last) + 1n >= end) ends.delete(partition);
        if (ends.size === 0) resolve();
      };
      // also sent for batches of nothing but transaction marks, which eachBatch never sees
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => reached(payload.partition, payload.lastOffset));
      consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || reject(payload.error));
      const run = consumer.run({
        autoCommit: false,
        eachBatch: ({ batch }) => {
          const end = ends.get(batch.partition) ?? 0n;
          try {
            for (const message of batch.messages) {
              const record = toRecord(topic, batch.partition, message);
              if (record.offset >= end || record.offset < (next.get(batch.partition) ?? 0n)) continue;
              next.set(batch.partition, record.offset + 1n);
              onRecord(record);
            }
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
          return Promise.resolve();
        },
      });
      run.catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await admin.disconnect();
  }
}
