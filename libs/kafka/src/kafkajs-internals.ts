import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';

/**
 * The parts of kafkajs 2.2.4 (its last release, pinned) that its public interface does not give: connections to the leaders of
 * partitions, over which a request of our own encoding can be sent. Everything that reaches below the public interface is here.
 */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  /** Loads the metadata of topics that are new to this cluster object. */
  addMultipleTargetTopics(topics: string[]): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
  findBroker(broker: { nodeId: number }): Promise<{ connectionPool: { send(exchange: Exchange): Promise<unknown> } }>;
}

interface Exchange {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: { decode(raw: Buffer): Promise<unknown>; parse(decoded: unknown): Promise<unknown> };
}

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: 'Produce' } as const;
const CREATE_CLUSTER = 'private:Kafka:createCluster';

const produceResponse = createRequire(import.meta.url)(
  'kafkajs/src/protocol/requests/produce/v7/response',
) as Exchange['response'];

type CreateCluster = (settings: {
  metadataMaxAge: number;
  allowAutoTopicCreation: boolean;
  maxInFlightRequests: number;
}) => Cluster;

/** A cluster with the client's settings. */
export function createCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER);
  const create = symbol && (kafka as unknown as Record<symbol, CreateCluster | undefined>)[symbol];
  if (!create) throw new Error('this kafkajs is not the version 2.2.4 that libs/kafka was written for');
  return create({ metadataMaxAge: 300_000, allowAutoTopicCreation: false, maxInFlightRequests: 1 });
}

/** Sends the body of a Produce request; rejects with kafkajs' error of the first partition that refused. */
export async function produce(cluster: Cluster, nodeId: number, body: Buffer): Promise<void> {
  const { connectionPool } = await cluster.findBroker({ nodeId });
  const encode = (): Promise<{ buf: Buffer; buffer: Buffer }> => Promise.resolve({ buf: body, buffer: body });
  await connectionPool.send({ request: { ...PRODUCE, encode }, response: produceResponse });
}
