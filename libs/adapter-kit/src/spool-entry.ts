import { crc32 } from 'node:zlib';
import type { OutgoingRecord } from '@lienmach/kafka';

/** What one request came to, as it waits on disk. */
export type SpoolEntry = readonly OutgoingRecord[];

/** Length and checksum of what follows. */
const HEAD = 8;

/** JSON has no bytes. */
interface Bytes {
  readonly base64: string;
}
type Stored<T> = T extends Buffer ? Bytes : T extends (infer E)[] ? Stored<E>[] : T;
type StoredRecord = { readonly [K in 'topic' | 'key' | 'value' | 'timestamp']: Stored<OutgoingRecord[K]> } & {
  readonly headers?: Readonly<Record<string, Stored<Buffer | string | (Buffer | string)[]>>>;
};

const stored = <T extends Buffer | string | null>(part: T): Stored<T> =>
  (Buffer.isBuffer(part) ? { base64: part.toString('base64') } : part) as Stored<T>;
const read = (part: Bytes | string): Buffer | string =>
  typeof part === 'string' ? part : Buffer.from(part.base64, 'base64');

function mapHeaders<A, B>(headers: Readonly<Record<string, A | A[]>>, one: (value: A) => B): Record<string, B | B[]> {
  const pairs = Object.entries(headers).map(([name, value]) => {
    return [name, Array.isArray(value) ? value.map(one) : one(value)] as const;
  });
  return Object.fromEntries(pairs);
}

/** The bytes of one entry: their length, their CRC-32, then JSON. */
export function encodeEntry(records: SpoolEntry): Buffer {
  const plain = records.map(({ topic, key, value, headers, timestamp }) => ({
    topic,
    key: stored(key),
    value: stored(value),
    headers: headers && mapHeaders(headers as Record<string, Buffer | string>, stored),
    timestamp,
  }));
  const body = Buffer.from(JSON.stringify(plain));
  const head = Buffer.allocUnsafe(HEAD);
  head.writeUInt32BE(body.length);
  head.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([head, body]);
}

function decodeBody(body: Buffer): SpoolEntry {
  const records = JSON.parse(body.toString()) as StoredRecord[];
  return records.map(({ topic, key, value, headers, timestamp }) => ({
    topic,
    key: key === null ? null : read(key),
    value: value === null ? null : read(value),
    ...(headers ? { headers: mapHeaders(headers as Record<string, Bytes | string>, read) } : {}),
    ...(timestamp === undefined ? {} : { timestamp }),
  }));
}

/** One entry and where the next begins. */
export interface ReadEntry {
  readonly entry: SpoolEntry;
  readonly end: number;
}

/** The entry that begins at an offset; undefined where none is whole: at the end, and where a process died while it wrote. */
export function entryAt(bytes: Buffer, offset: number): ReadEntry | undefined {
  if (bytes.length < offset + HEAD) return undefined;
  const start = offset + HEAD;
  const end = start + bytes.readUInt32BE(offset);
  if (end > bytes.length) return undefined;
  const body = bytes.subarray(start, end);
  if (body.length === 0 || crc32(body) !== bytes.readUInt32BE(offset + 4)) return undefined;
  return { entry: decodeBody(body), end };
}
