import { RecordTooLarge, TOPICS } from '@lienmach/contracts';
import { headerText } from './record.js';
import type { HeaderValue, KafkaRecord, OutgoingRecord } from './record.js';
import type { DeadLetterReason } from './outcome.js';

/** Kafka Connect's names, so that its tools and habits fit: https://kafka.apache.org/documentation/#connect_errorreporting */
const CONNECT = '__connect.errors.';
const TOPIC = `${CONNECT}topic`;
const PARTITION = `${CONNECT}partition`;
const OFFSET = `${CONNECT}offset`;
const STAGE = `${CONNECT}stage`;
const CLASS = `${CONNECT}exception.class.name`;
const MESSAGE = `${CONNECT}exception.message`;
/** On a letter whose original with these headers would exceed the topic's limit: its bytes are only at the source. */
const OMITTED = 'lienmach.value-omitted';
/** On the mark that a re-driven letter gets. */
const REDRIVEN = 'lienmach.redriven';
/** On the record that a re-drive sends: the letter it came from. */
const REDRIVEN_FROM = 'lienmach.redriven-from';
const LONGEST_MESSAGE = 1_000;
const DEADLINE_MS = 10_000;

/** A dead letter as read from `dead-letter.v1`. */
export interface DeadLetter {
  /** topic/partition/offset of the letter itself. */
  readonly id: string;
  /** Where the original stood; partition and offset are null for what never was on a topic (a door's letter). */
  readonly source: { readonly topic: string; readonly partition: number | null; readonly offset: string | null };
  readonly stage: string;
  readonly errorClass: string;
  readonly errorMessage: string;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The original's headers. */
  readonly headers: Readonly<Record<string, HeaderValue>>;
  /** False when the original was too large to be copied. */
  readonly complete: boolean;
}

export interface RecordSender {
  send(records: readonly OutgoingRecord[], options: { deadlineMs: number }): Promise<void>;
}

/** The original's key, bytes, timestamp and headers, with the reason in further headers. */
export function deadLetterRecord({ record, stage, error, headers }: DeadLetterReason): OutgoingRecord {
  return {
    topic: TOPICS.deadLetter,
    key: record.key,
    value: record.value,
    timestamp: record.timestamp,
    headers: {
      ...presentHeaders(record.headers),
      ...headers,
      [TOPIC]: record.topic,
      [PARTITION]: String(record.partition),
      [OFFSET]: String(record.offset),
      [STAGE]: stage,
      [CLASS]: error.name,
      [MESSAGE]: error.message.slice(0, LONGEST_MESSAGE),
    },
  };
}

/** Resolves when all letters are acknowledged. */
export async function sendDeadLetters(sender: RecordSender, letters: readonly DeadLetterReason[]): Promise<void> {
  await Promise.all(
    letters.map(async (letter) => {
      const record = deadLetterRecord(letter);
      try {
        await sender.send([record], { deadlineMs: DEADLINE_MS });
      } catch (error) {
        if (!(error instanceof RecordTooLarge)) throw error;
        const size = String(record.value?.length ?? 0);
        await sender.send([{ ...record, value: null, headers: { ...record.headers, [OMITTED]: size } }], {
          deadlineMs: DEADLINE_MS,
        });
      }
    }),
  );
}

/** Reads a record of the dead-letter topic; undefined for a mark of a re-drive. */
export function parseDeadLetter(record: KafkaRecord): DeadLetter | undefined {
  if (redrivenLetter(record) !== undefined) return undefined;
  const headers = presentHeaders(record.headers);
  for (const name of Object.keys(headers)) if (name.startsWith(CONNECT) || name === OMITTED) delete headers[name];
  const partition = headerText(record, PARTITION);
  return {
    id: `${record.topic}/${record.partition}/${record.offset}`,
    source: {
      topic: headerText(record, TOPIC) ?? '',
      partition: partition === undefined ? null : Number(partition),
      offset: headerText(record, OFFSET) ?? null,
    },
    stage: headerText(record, STAGE) ?? '',
    errorClass: headerText(record, CLASS) ?? '',
    errorMessage: headerText(record, MESSAGE) ?? '',
    timestamp: record.timestamp,
    key: record.key,
    value: record.value,
    headers,
    complete: record.headers[OMITTED] === undefined,
  };
}

/** The id of the letter that this record marks as re-driven. */
export const redrivenLetter = (record: KafkaRecord): string | undefined => headerText(record, REDRIVEN);

/** Whether there is a topic, with a reader, to which the original can go back. */
export const canBeRedriven = ({ source, complete }: DeadLetter): boolean => complete && source.offset !== null;

/** The original, back to its topic: same key, bytes, timestamp and headers, so the same event id. */
export const redriveRecord = ({ id, source, key, value, headers, timestamp }: DeadLetter): OutgoingRecord => ({
  topic: source.topic,
  key,
  value,
  timestamp,
  headers: { ...headers, [REDRIVEN_FROM]: id },
});

/** A mark beside the letter (same key, so same partition): the log keeps both as long. */
export const redriveMark = ({ id, key }: DeadLetter): OutgoingRecord => ({
  topic: TOPICS.deadLetter,
  key,
  value: null,
  headers: { [REDRIVEN]: id },
});

/** kafkajs reads a header without value as null, and one named like an inherited property together with that: only bytes go on. */
function presentHeaders(headers: KafkaRecord['headers']): Record<string, HeaderValue> {
  const present = Object.entries(headers).map(([name, given]): [string, HeaderValue] => {
    const values = [given].flat().filter((value) => typeof value === 'string' || Buffer.isBuffer(value));
    return [name, values.length > 1 ? values : (values[0] ?? '')];
  });
  return Object.fromEntries(present);
}
