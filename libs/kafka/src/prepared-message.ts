import type { OutgoingRecord } from './record.js';

/** A record with its key and value as bytes. */
export interface PreparedMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: OutgoingRecord['headers'];
  readonly timestamp: number | undefined;
}

/** Bytes of a record, and of a header, beside their contents; rounded up. */
const RECORD_OVERHEAD = 128;
const HEADER_OVERHEAD = 10;

/** The record's bytes, and how many they are on the log at most. */
export function toMessage(record: OutgoingRecord): { message: PreparedMessage; bytes: number } {
  const { headers, timestamp } = record;
  const key = bytesOf(record.key);
  const value = bytesOf(record.value);
  const bytes = RECORD_OVERHEAD + (key?.length ?? 0) + (value?.length ?? 0) + sizeOfHeaders(headers);
  return { message: { key, value, headers, timestamp }, bytes };
}

const bytesOf = (part: string | Buffer | null): Buffer | null => (typeof part === 'string' ? Buffer.from(part) : part);

function sizeOfHeaders(headers: OutgoingRecord['headers']): number {
  let size = 0;
  for (const name in headers) {
    const value = headers[name]!;
    for (const one of Array.isArray(value) ? value : [value]) {
      size += HEADER_OVERHEAD + Buffer.byteLength(name) + Buffer.byteLength(one);
    }
  }
  return size;
}
