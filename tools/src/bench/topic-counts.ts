import { readToEnd, withPrefix, type KafkaConnection } from '@lienmach/kafka';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { MESSAGE_ID } from './facebook-requests.js';

/** Runs work with an admin client of the broker. */
export async function withAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Records of a topic, by its name in the contract. */
export function countRecords(connection: KafkaConnection, topic: string): Promise<number> {
  return withAdmin(connection.brokers, async (admin) => {
    const offsets = await admin.fetchTopicOffsets(withPrefix(connection, topic));
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  });
}

/**
 * Reads a topic back.
 * @throws when it does not hold exactly these records, each of another message
 */
export async function requireMessages(connection: KafkaConnection, topic: string, expected: number): Promise<void> {
  const ids = new Set<string>();
  let records = 0;
  await readToEnd(connection, topic, ({ value }) => {
    records += 1;
    const id = MESSAGE_ID.exec(value?.toString() ?? '')?.[0];
    if (id) ids.add(id);
  });
  if (records !== expected || ids.size !== expected) {
    throw new Error(
      `${topic} holds ${records} records of ${ids.size} messages, ${expected} were sent and acknowledged`,
    );
  }
}
