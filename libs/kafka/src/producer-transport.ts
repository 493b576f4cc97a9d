import { createClient, withPrefix } from './connection.js';
import type { KafkaConnection, KafkaLogger } from './connection.js';
import { createCluster, produce } from './kafkajs-internals.js';
import type { Cluster } from './kafkajs-internals.js';
import { partitionOf } from './partitioner.js';
import { encodeProduce } from './produce-request.js';
import type { PreparedMessage } from './prepared-message.js';

/** What the gathering producer needs of a client: one request, one answer. */
export interface ProducerTransport {
  connect(): Promise<void>;
  /** Resolves when every in-sync replica has the records; rejects when any partition refused, whatever became of the others. */
  send(messagesByTopic: ReadonlyMap<string, readonly PreparedMessage[]>): Promise<void>;
  disconnect(): Promise<void>;
}

/** By leader, topic and partition. */
type Shares = Map<number, Map<string, Map<number, PreparedMessage[]>>>;

/**
 * Produces over kafkajs' connections, once: repeating is the gathering producer's business, which knows the deadlines.
 * Not idempotent: kafkajs rolls a sequence number back after any failure, even if the broker has stored the batch; the next,
 * different batch with the same numbers would be acknowledged as a repeat and never stored. Repeats collapse by their ids.
 */
export function kafkajsTransport(
  connection: KafkaConnection,
  { requestTimeoutMs, logger }: { requestTimeoutMs: number; logger?: KafkaLogger },
): ProducerTransport {
  const cluster = createCluster(createClient(connection, { requestTimeoutMs, retry: { retries: 0 }, logger }));
  const spread = { next: 0 };
  return {
    connect: () => cluster.connect(),
    disconnect: () => cluster.disconnect(),
    async send(messagesByTopic) {
      const byName = Array.from(
        messagesByTopic,
        ([topic, messages]) => [withPrefix(connection, topic), messages] as const,
      );
      await cluster.addMultipleTargetTopics(byName.map(([topic]) => topic));
      await cluster.refreshMetadataIfNecessary();
      const requests = Array.from(share(cluster, byName, spread), ([leader, topics]) =>
        produce(cluster, leader, encodeProduce(topics, requestTimeoutMs, Date.now())),
      );
      // all are waited for: a request under way must not be overtaken by the next one
      const failed = (await Promise.allSettled(requests)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
  };
}

function share(
  cluster: Cluster,
  messagesByTopic: (readonly [topic: string, messages: readonly PreparedMessage[]])[],
  spread: { next: number },
): Shares {
  const shares: Shares = new Map();
  for (const [topic, messages] of messagesByTopic) {
    const partitions = cluster.findTopicPartitionMetadata(topic);
    if (partitions.length === 0) throw new Error(`the broker told nothing of topic ${topic}`);
    const byPartition = new Map<number, PreparedMessage[]>();
    for (const message of messages) {
      const { key } = message;
      const partition = key ? partitionOf(key, partitions.length) : spread.next++ % partitions.length;
      const known = byPartition.get(partition);
      if (known) known.push(message);
      else byPartition.set(partition, [message]);
    }
    for (const [partition, its] of byPartition) {
      const leader = partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
      const topics = shares.get(leader) ?? new Map<string, Map<number, PreparedMessage[]>>();
      shares.set(leader, topics);
      topics.set(topic, (topics.get(topic) ?? new Map<number, PreparedMessage[]>()).set(partition, its));
    }
  }
  return shares;
}
