import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChannelEvent } from '@lienmach/contracts';
import type { Bury, Stretch, Taken } from '../../../apps/core/src/public.js';
import { CoreDatabase, stretchOf } from './core-database.js';
import { MINUTE, message } from './stories.js';

const never: Bury = () => Promise.reject(new Error('nothing here is beyond help'));

/** A record that is no event: it is to be buried. */
const POISON = Buffer.from('{"specversion":');

describe('stretches of several partitions that arrive at once', () => {
  let core: CoreDatabase;
  let sent = 0;

  beforeAll(async () => {
    core = await CoreDatabase.create();
  });
  afterAll(() => core.close());

  function stretch(partition: number, fromOffset: bigint, count: number): Stretch {
    const events = Array.from({ length: count }, (): ChannelEvent => {
      sent += 1;
      return message(`customer-${sent}`, `m-${sent}`, sent * MINUTE, 'Shop ơi');
    });
    return { ...stretchOf(events, fromOffset), partition, afterGap: false };
  }

  const poisoned = (one: Stretch): Stretch => ({
    ...one,
    records: one.records.map((record) => ({ ...record, value: POISON })),
  });

  const offsets = async (): Promise<Record<number, number>> => {
    const rows = await core.query<{ partition: number; next: string }>(
      'SELECT partition, next FROM core.consumer_offset ORDER BY partition',
    );
    return Object.fromEntries(rows.map(({ partition, next }) => [partition, Number(next)]));
  };

  const count = async (): Promise<number> =>
    Number((await core.query<{ count: string }>('SELECT count(*) AS count FROM core.event'))[0]!.count);

  const fates = (settled: PromiseSettledResult<Taken>[]): unknown[] =>
    settled.map((one) =>
      one.status === 'rejected'
        ? (one.reason as Error).name
        : one.value.kind === 'stored'
          ? one.value.stored.fresh
          : one.value.offset,
    );

  it('are stored with their offsets, few transactions for many of them', async () => {
    const transactions = async (): Promise<number> =>
      (await core.query<{ count: string }>('SELECT count(DISTINCT xmin::text) AS count FROM core.event')).map((row) =>
        Number(row.count),
      )[0]!;
    const taken = await Promise.allSettled(
      [0, 1, 2, 3, 4].map((partition) => core.ingest.take(stretch(partition, 0n, 3), never)),
    );
    expect(fates(taken)).toEqual([3, 3, 3, 3, 3]);
    expect(await offsets()).toEqual({ 0: 3, 1: 3, 2: 3, 3: 3, 4: 3 });
    expect(await count()).toBe(15);
    expect(await transactions()).toBe(2);
  });

  it('leave out the one that the store has read on from, and say where to', async () => {
    const before = await count();
    const taken = await Promise.allSettled([
      core.ingest.take(stretch(0, 3n, 2), never),
      core.ingest.take(stretch(1, 0n, 2), never),
      core.ingest.take(stretch(2, 3n, 2), never),
    ]);
    expect(fates(taken)).toEqual([2, 3n, 2]);
    expect(await offsets()).toMatchObject({ 0: 5, 1: 3, 2: 5 });
    expect(await count()).toBe(before + 4);
  });

  it('do not fail for a neighbour whose dead letters are not acknowledged', async () => {
    const before = await count();
    const taken = await Promise.allSettled([
      core.ingest.take(stretch(0, 5n, 1), never),
      core.ingest.take(poisoned(stretch(1, 3n, 1)), () => Promise.reject(new TypeError('the broker is away'))),
      core.ingest.take(stretch(2, 5n, 1), never),
    ]);
    expect(fates(taken)).toEqual([1, 'TypeError', 1]);
    expect(await offsets()).toMatchObject({ 0: 6, 1: 3, 2: 6 });
    expect(await count()).toBe(before + 2);
  });

  it('do not fail for a neighbour whose partition another process took meanwhile', async () => {
    const before = await count();
    const taken = await Promise.allSettled([
      core.ingest.take(stretch(3, 3n, 1), never),
      core.ingest.take(poisoned(stretch(4, 3n, 1)), async () => {
        await core.query('UPDATE core.consumer_offset SET next = next + 1 WHERE partition = 4');
      }),
      core.ingest.take(stretch(2, 6n, 1), never),
    ]);
    expect(fates(taken)).toEqual([1, 4n, 1]);
    expect(await offsets()).toMatchObject({ 2: 7, 3: 4 });
    expect(await count()).toBe(before + 2);
  });
});
