import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HandlerSettings } from './handlers.js';
import { deadLetter, drop, ok, seekTo } from './outcome.js';
import type { DeadLetterReason, KafkaBatch } from './outcome.js';
import { PartitionLane } from './partition-lane.js';
import type { Fetched, Verdict } from './partition-lane.js';
import type { KafkaRecord } from './record.js';

const BATCH: HandlerSettings = { mode: 'batch', maxRecords: 2 };
const RECORD: HandlerSettings = { mode: 'record', concurrency: 4 };

const record = (offset: number, key: string | null = 'k', headers: KafkaRecord['headers'] = {}): KafkaRecord => ({
  topic: 't',
  partition: 3,
  offset: BigInt(offset),
  timestamp: 1,
  key: key === null ? null : Buffer.from(key),
  value: Buffer.from(`v${offset}`),
  headers,
});

describe('PartitionLane', () => {
  let letters: DeadLetterReason[];
  let dropped: string[];
  let resolved: bigint[];
  let burialFails: boolean;

  beforeEach(() => {
    letters = [];
    dropped = [];
    resolved = [];
    burialFails = false;
  });

  function lane(settings: HandlerSettings | undefined, invoke: (payload: never) => unknown): PartitionLane {
    const handler = settings && {
      settings,
      invoke: (payload: unknown) => Promise.resolve().then(() => invoke(payload as never)),
    };
    return new PartitionLane('t', 3, handler, {
      deadLetter: (given) => {
        if (burialFails) return Promise.reject(new Error('no dead-letter topic just now'));
        letters.push(...given);
        return Promise.resolve();
      },
      dropped: (_topic, reason, count) => void dropped.push(`${reason} ${count}`),
    });
  }

  function work(on: PartitionLane, records: KafkaRecord[], given: Partial<Fetched> = {}): Promise<Verdict> {
    const last = records.at(-1)!.offset;
    return on.work({
      records,
      fromOffset: records[0]!.offset,
      nextOffset: last + 1n,
      highWatermark: last + 11n,
      isCurrent: () => true,
      resolve: (next) => void resolved.push(next),
      ...given,
    });
  }

  it('hands over parts that join without gap, whatever gaps the offsets have', async () => {
    const batches: KafkaBatch[] = [];
    const on = lane(BATCH, (batch: KafkaBatch) => (batches.push(batch), ok));
    await work(on, [record(10), record(12), record(13), record(20), record(21)], { fromOffset: 8n, nextOffset: 25n });
    expect(batches.map(({ fromOffset, nextOffset, records }) => [fromOffset, nextOffset, records.length])).toEqual([
      [8n, 13n, 2],
      [13n, 21n, 2],
      [21n, 25n, 1],
    ]);
    expect(resolved).toEqual([13n, 21n, 25n]);
    expect(batches.at(-1)!.lag).toBe(7);
  });

  it('stops at the first part that fails: what is before stays done', async () => {
    const on = lane(BATCH, ({ fromOffset }: KafkaBatch) => {
      if (fromOffset === 2n) throw new Error('database away');
      return ok;
    });
    const verdict = await work(
      on,
      [0, 1, 2, 3, 4].map((offset) => record(offset)),
    );
    expect(verdict).toMatchObject({ kind: 'pause', error: { message: 'database away' } });
    expect(resolved).toEqual([2n]);
  });

  it('passes on the wish to read elsewhere and resolves nothing', async () => {
    const on = lane(BATCH, () => seekTo(7n));
    expect(await work(on, [record(3)])).toEqual({ kind: 'seek', offset: 7n });
    expect(resolved).toEqual([]);
  });

  it('treats a handler without outcome as passing trouble', async () => {
    const on = lane(BATCH, () => undefined);
    expect(await work(on, [record(3)])).toMatchObject({ kind: 'pause' });
    expect(resolved).toEqual([]);
  });

  it('moves past a record that is beyond help only when its letter is acknowledged', async () => {
    const on = lane(RECORD, ({ offset }: KafkaRecord) =>
      offset === 1n ? deadLetter('validate', new Error('bad')) : ok,
    );
    burialFails = true;
    expect(await work(on, [record(0), record(1), record(2)])).toMatchObject({ kind: 'pause' });
    expect(resolved).toEqual([1n]);
    burialFails = false;
    expect(await work(on, [record(1), record(2)])).toEqual({ kind: 'go-on' });
    expect(letters).toMatchObject([{ stage: 'validate', record: { offset: 1n } }]);
    expect(resolved).toEqual([1n, 3n]);
  });

  it('counts what is dropped', async () => {
    await work(
      lane(BATCH, () => drop('test event')),
      [record(0), record(1)],
    );
    expect(dropped).toEqual(['test event 2']);
    expect(resolved).toEqual([2n]);
  });

  it('resolves the contiguous prefix and later repeats only what was not done', async () => {
    let failing = true;
    const seen: bigint[] = [];
    const on = lane(RECORD, async ({ offset, key }: KafkaRecord) => {
      // the failure comes after the other keys have been worked on
      if (failing && String(key) === 'bad') {
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('away');
      }
      seen.push(offset);
      return ok;
    });
    const records = [record(0, 'a'), record(1, 'bad'), record(2, 'b'), record(3, 'bad'), record(4, null)];
    expect(await work(on, records)).toMatchObject({ kind: 'pause' });
    expect(resolved).toEqual([1n]);
    expect(seen.sort()).toEqual([0n, 2n, 4n]);

    failing = false;
    seen.length = 0;
    expect(await work(on, records.slice(1))).toEqual({ kind: 'go-on' });
    expect(seen).toEqual([1n, 3n]);
    expect(resolved).toEqual([1n, 5n]);
  });

  it('begins nothing once the partition may belong to somebody else', async () => {
    let current = true;
    const on = lane({ mode: 'record', concurrency: 1 }, () => ((current = false), ok));
    expect(await work(on, [record(0, 'a'), record(1, 'b')], { isCurrent: () => current })).toEqual({ kind: 'go-on' });
    expect(resolved).toEqual([1n]);
  });

  it('dead-letters everything of a topic without handler', async () => {
    await work(
      lane(undefined, () => ok),
      [record(0), record(1)],
    );
    expect(letters.map(({ stage }) => stage)).toEqual(['no-handler', 'no-handler']);
    expect(resolved).toEqual([2n]);
  });

  it('dead-letters an unreadable batch and still hands over its place in the log', async () => {
    const batches: KafkaBatch[] = [];
    const on = lane(BATCH, (batch: KafkaBatch) => (batches.push(batch), ok));
    const unreadable = [
      record(0, null, { 'lienmach.unreadable': 'filler' }),
      record(1, null, { 'lienmach.unreadable': 'zstd' }),
    ];
    await work(on, unreadable);
    expect(letters).toMatchObject([{ stage: 'decode', record: { offset: 1n } }]);
    expect(batches).toMatchObject([{ records: [], fromOffset: 0n, nextOffset: 2n }]);
    expect(resolved).toEqual([2n]);
  });
});
