import { TOPIC_DEFINITIONS } from '@lienmach/contracts';
import type { KafkaLogger } from './connection.js';

const ROOM = new Map(TOPIC_DEFINITIONS.map(({ name, maxMessageBytes }) => [name, maxMessageBytes]));

export interface ProducerLimits {
  /** Waiting and in flight together; beyond it callers are refused. */
  readonly maxQueueBytes: number;
  readonly maxQueueRecords: number;
  /** When the oldest unacknowledged record is older, or the broker has been away for longer, callers are refused at once. */
  readonly maxQueueAgeMs: number;
  /** Of one request; a partition's share must stay below the topic's `max.message.bytes`, so a larger record travels alone. */
  readonly maxRequestBytes: number;
  readonly maxRequestRecords: number;
  /** How long records may wait for company when no request is in flight; 0: until the end of the event loop's turn. */
  readonly gatherMs: number;
  /** After this a request counts as failed and the connection is replaced. */
  readonly requestTimeoutMs: number;
  readonly retryAfterSeconds: number;
  /** Largest record of a topic, key and headers included; by default what the contract says. */
  readonly maxRecordBytes: (topic: string) => number;
}

export const DEFAULT_LIMITS: ProducerLimits = {
  maxQueueBytes: 64 * 1024 * 1024,
  maxQueueRecords: 50_000,
  maxQueueAgeMs: 2_000,
  maxRequestBytes: 900_000,
  maxRequestRecords: 2_000,
  gatherMs: 0,
  requestTimeoutMs: 5_000,
  retryAfterSeconds: 5,
  maxRecordBytes: (topic) => ROOM.get(topic) ?? 1_000_000,
};

export interface ProducerObserver {
  /** One request ended. */
  request?(result: { records: number; bytes: number; milliseconds: number; error?: Error }): void;
  /** A caller was refused before queueing. */
  refused?(reason: string): void;
}

export interface ProducerOptions extends Partial<ProducerLimits> {
  readonly logger?: KafkaLogger;
  readonly observer?: ProducerObserver;
}
