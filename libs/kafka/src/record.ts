import type { KafkaMessage } from 'kafkajs';

/** Header values are bytes; a name that occurs several times has an array. Never parsed as JSON. */
export type HeaderValue = Buffer | string | (Buffer | string)[];

/** A record to send. `topic` is the name in the contract; the prefix of the installation is added when it is sent. */
export interface OutgoingRecord {
  readonly topic: string;
  /** Records of one key stay in order; null spreads them over the partitions. */
  readonly key: string | Buffer | null;
  /** null is a tombstone of a compacted topic. */
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  /** Milliseconds since 1970; the broker's client stamps the time of sending when absent. */
  readonly timestamp?: number;
}

/** A record as read: bytes untouched, nothing parsed. `topic` is the name in the contract, without the prefix. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue | undefined>>;
}

/** The (first) value of a header as text; undefined when the record has no such header. */
export function headerText(record: Pick<KafkaRecord, 'headers'>, name: string): string | undefined {
  const value = record.headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first == null ? undefined : first.toString();
}

/** Bytes untouched, nothing parsed. */
export const toRecord = (topic: string, partition: number, message: KafkaMessage): KafkaRecord => ({
  topic,
  partition,
  offset: BigInt(message.offset),
  timestamp: Number(message.timestamp),
  key: message.key,
  value: message.value,
  headers: message.headers ?? {},
});
