import { headerBlock } from './header-block.js';
import type { OutgoingRecord } from './record.js';

/** A record as bytes. */
export interface PreparedMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** As they stand in the record, their count in front. */
  readonly headers: Buffer;
  readonly timestamp: number | undefined;
}

/** Bytes of a record beside its key, value and headers; rounded up. */
const RECORD_OVERHEAD = 128;

/** The record's bytes, and how many they are on the log at most. */
export function toMessage(record: OutgoingRecord): { message: PreparedMessage; bytes: number } {
  const key = bytesOf(record.key);
  const value = bytesOf(record.value);
  const headers = headerBlock(record.headers);
  const bytes = RECORD_OVERHEAD + (key?.length ?? 0) + (value?.length ?? 0) + headers.length;
  return { message: { key, value, headers, timestamp: record.timestamp }, bytes };
}

const bytesOf = (part: string | Buffer | null): Buffer | null => (typeof part === 'string' ? Buffer.from(part) : part);
