import { describe, expect, it } from '@jest/globals';
import { metadataRequest, readMetadata } from './kafka-metadata.js';

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const string = (text: string | null) =>
  text === null ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);
const broker = (rack: string | null) => Buffer.concat([int32(1), string('127.0.0.1'), int32(9092), string(rack)]);

describe('Kafka metadata', () => {
  it('asks for no topics in version 2', () => {
    const request = metadataRequest();
    expect(request.readInt32BE(0)).toBe(request.length - 4);
    expect([request.readInt16BE(4), request.readInt16BE(6)]).toEqual([3, 2]);
    expect(request.subarray(14, 14 + request.readInt16BE(12)).toString()).toBe('lienmach-ready');
    expect(request.readInt32BE(request.length - 4)).toBe(0);
  });

  it.each([
    [1, [broker(null)]],
    [2, [broker(null), broker('rack-1')]],
    [0, []],
  ])('finds the cluster id behind %i brokers', (count, brokers) => {
    const answer = Buffer.concat([int32(1), int32(count), ...brokers, string('cluster'), int32(1), int32(0)]);
    expect(readMetadata(answer)).toEqual({ brokers: count, clusterId: 'cluster' });
  });

  it('says by a RangeError that the bytes are another protocol', () => {
    expect(() => readMetadata(Buffer.from('HTTP/1.1 400 Bad Request'))).toThrow('out of range');
  });
});
