import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from './crc32c.js';
import { encodeProduce } from './produce-request.js';
import { toMessage } from './prepared-message.js';
import type { OutgoingRecord } from './record.js';

/** kafkajs' own readers are the judge. */
interface Reader {
  readInt16(): number;
  readInt32(): number;
  readString(): string;
  readBytes(length: number): Buffer;
}
interface ReadRecord {
  offset: string;
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | Buffer[]>;
}
const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Reader;
const decodeBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  reader: Reader,
) => Promise<{ records: ReadRecord[]; maxTimestamp: string; lastOffsetDelta: number; producerId: string }>;
const theirCrc = require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
// kafkajs misreads names that every object inherits, such as valueOf
const names = fc.string({ unit: 'grapheme', maxLength: 8 }).map((name) => `h-${name}`);
const header = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ maxLength: 140 }),
  bytes(20),
  bytes(9_000),
  fc.array(bytes(5), { minLength: 2, maxLength: 3 }),
);
const record: fc.Arbitrary<OutgoingRecord> = fc.record({
  topic: fc.constant('t'),
  key: fc.option(bytes(60)),
  value: fc.option(bytes(300)),
  headers: fc.option(fc.dictionary(names, header, { maxKeys: 4, noNullPrototype: true }), { nil: undefined }),
  timestamp: fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
});
const NOW = 1_795_000_000_000;

const asRead = ({ key, value, headers, timestamp }: OutgoingRecord, index: number): ReadRecord => ({
  offset: String(index),
  timestamp: String(timestamp ?? NOW),
  key: key as Buffer | null,
  value: value as Buffer | null,
  headers: Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, given]) => {
      const values = [given].flat().map((one) => Buffer.from(one as Buffer));
      return [name, values.length === 1 ? values[0]! : values];
    }),
  ),
});

describe('encodeProduce', () => {
  it('writes what kafkajs reads back, byte for byte, with the right checksum', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 8 }), async (records) => {
        const messages = records.map((each) => toMessage(each).message);
        const body = encodeProduce(new Map([['tên.v1', new Map([[7, messages]])]]), 5_000, NOW);
        const reader = new Decoder(body);
        expect([reader.readInt16(), reader.readInt16(), reader.readInt32(), reader.readInt32()]).toEqual([
          -1, -1, 5_000, 1,
        ]);
        expect(reader.readString()).toBe('tên.v1');
        expect([reader.readInt32(), reader.readInt32()]).toEqual([1, 7]);
        const batch = reader.readBytes(reader.readInt32());
        expect(batch.readInt32BE(8)).toBe(batch.length - 12);
        expect(batch.readUInt32BE(17)).toBe(theirCrc(batch.subarray(21)));
        const read = await decodeBatch(new Decoder(batch));
        expect(read).toMatchObject({ lastOffsetDelta: messages.length - 1, producerId: '-1' });
        expect(read.maxTimestamp).toBe(String(Math.max(...messages.map(({ timestamp }) => timestamp ?? NOW))));
        const plain = read.records.map(({ offset, timestamp, key, value, headers }) => ({
          offset,
          timestamp,
          key,
          value,
          headers,
        }));
        expect(plain).toEqual(records.map(asRead));
      }),
      { seed: 20261120, numRuns: 300 },
    );
  });

  it('writes several topics and partitions one after the other', () => {
    const { message: one } = toMessage({ topic: 't', key: null, value: 'v' });
    const body = encodeProduce(
      new Map([
        [
          'a',
          new Map([
            [0, [one]],
            [11, [one, one]],
          ]),
        ],
        ['b', new Map([[3, [one]]])],
      ]),
      1,
      NOW,
    );
    const reader = new Decoder(body);
    reader.readBytes(8);
    const found: string[] = [];
    for (let topics = reader.readInt32(); topics > 0; topics -= 1) {
      const topic = reader.readString();
      for (let partitions = reader.readInt32(); partitions > 0; partitions -= 1) {
        const partition = reader.readInt32();
        const batch = reader.readBytes(reader.readInt32());
        found.push(`${topic}/${partition}: ${batch.readInt32BE(57)}`);
      }
    }
    expect(found).toEqual(['a/0: 1', 'a/11: 2', 'b/3: 1']);
  });
});

describe('toMessage', () => {
  it('encodes headers that are frozen once, and others as they are now', () => {
    const headers = Object.freeze({ a: 'b' });
    const blockOf = (of: OutgoingRecord['headers']): Buffer =>
      toMessage({ topic: 't', key: 'k', value: 'v', headers: of }).message.headers;
    expect(blockOf(headers)).toBe(blockOf(headers));
    const changing: Record<string, string> = { a: 'b' };
    const before = blockOf(changing);
    changing['a'] = 'c';
    expect([before.toString('latin1'), blockOf(changing).toString('latin1')]).toEqual([
      '\x02\x02a\x02b',
      '\x02\x02a\x02c',
    ]);
  });

  it('counts at least the bytes that the record takes on the log', () => {
    fc.assert(
      fc.property(record, (each) => {
        const { message, bytes: counted } = toMessage(each);
        const alone = encodeProduce(new Map([['t', new Map([[0, [message]]])]]), 1, NOW).length;
        expect(counted + 61).toBeGreaterThan(alone - 128);
        expect(counted).toBeGreaterThanOrEqual(
          (each.key?.length ?? 0) + (each.value?.length ?? 0) + message.headers.length,
        );
      }),
      { seed: 20261120, numRuns: 50 },
    );
  });
});

describe('crc32c', () => {
  it('has the check value of the algorithm', () => {
    expect(crc32c(Buffer.from('xx123456789x'), 2, 11)).toBe(0xe3069283);
  });
});
