import { CompressionTypes } from 'kafkajs';
import type { Message } from 'kafkajs';
import { createClient, withPrefix } from './connection.js';
import type { KafkaConnection, KafkaLogger } from './connection.js';
import { javaPartitioner } from './partitioner.js';
import type { PreparedMessage } from './send-queue.js';

/** What the gathering producer needs of a client: one request, one answer. */
export interface ProducerTransport {
  connect(): Promise<void>;
  /** Resolves when every in-sync replica has the records; rejects when any partition refused, whatever became of the others. */
  send(messagesByTopic: ReadonlyMap<string, readonly PreparedMessage[]>): Promise<void>;
  disconnect(): Promise<void>;
}

/**
 * A kafkajs producer that tries once: repeating is the gathering producer's business, which knows the deadlines.
 * Not idempotent: kafkajs rolls a sequence number back after any failure, even if the broker has stored the batch; the next,
 * different batch with the same numbers is then acknowledged as a repeat and never stored. Repeats collapse by their ids.
 */
export function kafkajsTransport(
  connection: KafkaConnection,
  { requestTimeoutMs, logger }: { requestTimeoutMs: number; logger?: KafkaLogger },
): ProducerTransport {
  const producer = createClient(connection, { requestTimeoutMs, retry: { retries: 0 }, logger }).producer({
    createPartitioner: javaPartitioner,
    allowAutoTopicCreation: false,
    idempotent: false,
    maxInFlightRequests: 1,
  });
  return {
    connect: () => producer.connect(),
    disconnect: () => producer.disconnect(),
    async send(messagesByTopic) {
      await producer.sendBatch({
        acks: -1,
        timeout: requestTimeoutMs,
        compression: CompressionTypes.None,
        topicMessages: Array.from(messagesByTopic, ([topic, messages]) => ({
          topic: withPrefix(connection, topic),
          messages: messages as Message[],
        })),
      });
    },
  };
}
