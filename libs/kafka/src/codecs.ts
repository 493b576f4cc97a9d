import kafkajs from 'kafkajs';
import { headerText } from './record.js';
import type { KafkaRecord } from './record.js';

// not among the names that Node finds in this CommonJS module
const { CompressionCodecs, CompressionTypes } = kafkajs;

/** Of what kafkajs cannot decompress; gzip it can. Our own producers do not compress. */
const UNREADABLE = 'lienmach.unreadable';
const FILLER = 'filler';

/** Places in a record batch, counted back from its records: https://kafka.apache.org/documentation/#recordbatch */
const COUNT_BEFORE = 4;
const LAST_OFFSET_DELTA_BEFORE = 38;

/**
 * A codec of another producer would crash the consumer on the same batch for ever. Instead the batch reads as one record at
 * its last offset, whose value is the batch's compressed bytes and which `unreadableCodec` tells apart, so that it is
 * dead-lettered like any poison; the batch's other places are filled with records to be skipped.
 */
export function readForeignCodecsAsPoison(): void {
  CompressionCodecs[CompressionTypes.Snappy] = () => poison('snappy');
  CompressionCodecs[CompressionTypes.LZ4] = () => poison('lz4');
  CompressionCodecs[CompressionTypes.ZSTD] = () => poison('zstd');
}

/** Whether the record is one that `readForeignCodecsAsPoison` made. */
export const isForeign = (record: Pick<KafkaRecord, 'headers'>): boolean => record.headers[UNREADABLE] !== undefined;

/** The codec's name if the record stands for an unreadable batch. */
export function unreadableCodec(record: Pick<KafkaRecord, 'headers'>): string | undefined {
  const codec = headerText(record, UNREADABLE);
  return codec === FILLER ? undefined : codec;
}

function poison(name: string): { compress(): Promise<never>; decompress(records: Buffer): Promise<Buffer> } {
  return {
    compress: () => Promise.reject(new Error(`records are not written with ${name}`)),
    decompress: (records) => {
      // kafkajs hands over a view of the fetched bytes: the batch's own header stands right before it
      const header = Buffer.from(
        records.buffer,
        records.byteOffset - LAST_OFFSET_DELTA_BEFORE,
        LAST_OFFSET_DELTA_BEFORE,
      );
      const lastOffsetDelta = header.readInt32BE(0);
      const count = header.readInt32BE(LAST_OFFSET_DELTA_BEFORE - COUNT_BEFORE);
      const filler = encode(0, null, FILLER);
      const fillers = Array.from({ length: count - 1 }, () => filler);
      return Promise.resolve(Buffer.concat([...fillers, encode(lastOffsetDelta, records, name)]));
    },
  };
}

/** One record (version 2) without key, at the batch's first timestamp. */
function encode(offsetDelta: number, value: Buffer | null, codec: string): Buffer {
  const parts = [Buffer.from([0, 0]), varint(offsetDelta), varint(-1)];
  if (value) parts.push(varint(value.length), value);
  else parts.push(varint(-1));
  parts.push(varint(1), varint(UNREADABLE.length), Buffer.from(UNREADABLE), varint(codec.length), Buffer.from(codec));
  const body = Buffer.concat(parts);
  return Buffer.concat([varint(body.length), body]);
}

/** Zigzag, seven bits a byte. */
function varint(value: number): Buffer {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  const bytes: number[] = [];
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
