import { crc32c } from './crc32c.js';
import type { PreparedMessage } from './prepared-message.js';

/** Messages by topic (its name on the broker) and partition. */
export type Produce = ReadonlyMap<string, ReadonlyMap<number, readonly PreparedMessage[]>>;

const REQUEST_HEADER = 12;
const TOPIC_HEADER = 6;
const PARTITION_HEADER = 8;
const BATCH_HEADER = 61;
/** Places in a batch: what its length counts, its checksum, and what that covers. */
const LENGTH_FROM = 12;
const CRC_AT = 17;
const CRC_FROM = 21;
/** Most bytes that the lengths and deltas of a record take. */
const RECORD_MARGIN = 40;

/**
 * The body of a Produce request of version 7 (https://kafka.apache.org/protocol#The_Messages_Produce) with batches of version 2
 * (https://kafka.apache.org/documentation/#recordbatch): acks=all, uncompressed, neither idempotent nor transactional.
 * kafkajs' own encoder makes a buffer per record and header and copies each byte six times; this writes each byte once.
 * @param now stamp of messages without their own, milliseconds since 1970
 */
export function encodeProduce(produce: Produce, timeoutMs: number, now: number): Buffer {
  const to = new Writer(roomFor(produce));
  to.int16(-1); // no transactional id
  to.int16(-1); // acks: all in-sync replicas
  to.int32(timeoutMs);
  to.int32(produce.size);
  for (const [topic, partitions] of produce) {
    to.int16(Buffer.byteLength(topic));
    to.bytes(Buffer.from(topic));
    to.int32(partitions.size);
    for (const [partition, messages] of partitions) {
      to.int32(partition);
      const sizeAt = to.int32(0);
      writeBatch(to, messages, now);
      to.buffer.writeInt32BE(to.offset - sizeAt - 4, sizeAt);
    }
  }
  return to.buffer.subarray(0, to.offset);
}

function roomFor(produce: Produce): number {
  let room = REQUEST_HEADER;
  for (const [topic, partitions] of produce) {
    room += TOPIC_HEADER + Buffer.byteLength(topic);
    for (const messages of partitions.values()) {
      room += PARTITION_HEADER + BATCH_HEADER;
      for (const { key, value, headers } of messages) {
        room += RECORD_MARGIN + (key?.length ?? 0) + (value?.length ?? 0) + headers.length;
      }
    }
  }
  return room;
}

function writeBatch(to: Writer, messages: readonly PreparedMessage[], now: number): void {
  const start = to.offset;
  const first = messages[0]?.timestamp ?? now;
  let last = first;
  for (const { timestamp } of messages) last = Math.max(last, timestamp ?? now);
  to.int64(0); // base offset: the broker's to give
  const lengthAt = to.int32(0);
  to.int32(-1); // leader epoch
  to.int8(2); // version
  to.int32(0); // checksum
  to.int16(0); // no compression, time of creation
  to.int32(messages.length - 1);
  to.int64(first);
  to.int64(last);
  to.int64(-1); // producer id, epoch, sequence: none
  to.int16(-1);
  to.int32(-1);
  to.int32(messages.length);
  messages.forEach((message, index) => {
    writeRecord(to, message, index, (message.timestamp ?? now) - first);
  });
  to.buffer.writeInt32BE(to.offset - start - LENGTH_FROM, lengthAt);
  to.buffer.writeUInt32BE(crc32c(to.buffer, start + CRC_FROM, to.offset), start + CRC_AT);
}

function writeRecord(to: Writer, { key, value, headers }: PreparedMessage, index: number, stampDelta: number): void {
  const size =
    1 + sizeOfVarint(stampDelta) + sizeOfVarint(index) + sizeOfBlock(key) + sizeOfBlock(value) + headers.length;
  to.varint(size);
  to.int8(0); // attributes: none are defined
  to.varint(stampDelta);
  to.varint(index);
  to.block(key);
  to.block(value);
  to.bytes(headers);
}

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = zigzag(value); rest > 0x7f; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

const sizeOfBlock = (block: Buffer | null): number => (block ? sizeOfVarint(block.length) + block.length : 1);

/** Writes into a buffer that has room for everything. */
class Writer {
  readonly buffer: Buffer;
  offset = 0;

  constructor(room: number) {
    this.buffer = Buffer.allocUnsafe(room);
  }

  int8(value: number): void {
    this.offset = this.buffer.writeInt8(value, this.offset);
  }

  int16(value: number): void {
    this.offset = this.buffer.writeInt16BE(value, this.offset);
  }

  /** Gives the place, for a value that is known later. */
  int32(value: number): number {
    const place = this.offset;
    this.offset = this.buffer.writeInt32BE(value, place);
    return place;
  }

  int64(value: number): void {
    this.offset = this.buffer.writeInt32BE(Math.floor(value / 2 ** 32), this.offset);
    this.offset = this.buffer.writeUInt32BE(value >= 0 ? value % 2 ** 32 : 2 ** 32 + (value % 2 ** 32), this.offset);
  }

  bytes(bytes: Buffer): void {
    this.offset += bytes.copy(this.buffer, this.offset);
  }

  varint(value: number): void {
    let rest = zigzag(value);
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.buffer[this.offset++] = (rest % 128) | 0x80;
    this.buffer[this.offset++] = rest;
  }

  block(block: Buffer | null): void {
    this.varint(block ? block.length : -1);
    if (block) this.bytes(block);
  }
}
