import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { murmur2, partitionOf } from './partitioner.js';

const metadata = Array.from({ length: 12 }, (_, partitionId) => ({
  partitionId,
  partitionErrorCode: 0,
  leader: 1,
  replicas: [1],
  isr: [1],
}));

describe('partitionOf', () => {
  it("agrees with kafkajs' Java-compatible partitioner on every key", () => {
    const theirs = kafkajs.Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const key = Buffer.from(bytes);
        const message = { key, value: null };
        expect(partitionOf(key, 12)).toBe(theirs({ topic: 't', partitionMetadata: metadata, message }));
      }),
      { seed: 20261120, numRuns: 2_000 },
    );
  });

  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %j as UtilsTest of Apache Kafka has it', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });
});
