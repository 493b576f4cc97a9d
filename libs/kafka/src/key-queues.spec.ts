import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runByKey } from './key-queues.js';

interface Item {
  readonly key: string | undefined;
  readonly index: number;
}

const keyOf = ({ key }: Item): string | undefined => key;
const items = (keys: (string | undefined)[]): Item[] => keys.map((key, index) => ({ key, index }));

describe('runByKey', () => {
  it('keeps the order of each key, never exceeds the limit, and does everything once', async () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd', undefined), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 6 }), fc.scheduler(), async (given, limit, scheduler) => {
        const ended: Item[] = [];
        let running = 0;
        const run = runByKey(items(given), keyOf, limit, async (item) => {
          running += 1;
          expect(running).toBeLessThanOrEqual(limit);
          await scheduler.schedule(Promise.resolve());
          running -= 1;
          ended.push(item);
        });
        await scheduler.waitFor(run);
        expect(ended.map(({ index }) => index).sort((a, b) => a - b)).toEqual(given.map((_, index) => index));
        for (const key of ['a', 'b', 'c', 'd']) {
          const order = ended.filter((item) => item.key === key).map(({ index }) => index);
          expect(order).toEqual([...order].sort((a, b) => a - b));
        }
      }),
      { seed: 20261120, numRuns: 200 },
    );
  });

  it('works on different keys at the same time', async () => {
    let running = 0;
    let most = 0;
    await runByKey(items(['a', 'b', 'a', 'c']), keyOf, 10, async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
    });
    expect(most).toBe(3);
  });

  it('begins nothing after a failure, but finishes what runs', async () => {
    const done: number[] = [];
    const { error } = await runByKey(items(['a', 'b', 'a', 'b', 'c']), keyOf, 2, async ({ index }) => {
      if (index === 0) throw new Error('away');
      await Promise.resolve();
      done.push(index);
    });
    expect(error?.message).toBe('away');
    expect(done).toEqual([1]);
  });

  it('begins nothing when it may not', async () => {
    const done: number[] = [];
    const result = await runByKey(
      items(['a', 'b']),
      keyOf,
      1,
      ({ index }) => Promise.resolve(void done.push(index)),
      () => done.length === 0,
    );
    expect(result.error).toBeUndefined();
    expect(done).toEqual([0]);
  });
});
