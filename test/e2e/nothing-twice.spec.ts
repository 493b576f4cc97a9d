import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rawTopic, TOPICS } from '@lienmach/contracts';
import { customers, Ledger, startPipeline, type Entry, type Pipeline } from '../support/index.js';

/** Mulberry32: the same seed gives the same run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffle<T>(values: T[], random: () => number): T[] {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [values[last], values[other]] = [values[other] as T, values[last] as T];
  }
  return values;
}

describe('every webhook sent three times, shuffled', () => {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
  let pipeline: Pipeline;

  beforeAll(async () => {
    process.stderr.write(`nothing-twice: TEST_SEED=${seed} repeats this order\n`);
    pipeline = await startPipeline();
  }, 120_000);

  afterAll(() => pipeline?.stop(), 30_000);

  it('stands in topics of interactions and timelines once, in the order in which it happened', async () => {
    const ledger = new Ledger(pipeline);
    const people = customers(5, 4);
    const entries = people.flatMap((customer) => Array.from({ length: 12 }, () => ledger.nextOf(customer)));
    const random = randomNumbers(seed);
    const queue = shuffle([...entries, ...entries, ...entries], random);

    const worker = async () => {
      for (let entry = queue.pop(); entry; entry = queue.pop()) expect((await ledger.attempt(entry))?.status).toBe(200);
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    await ledger.settle({ ordered: false });

    const raw = [...(await pipeline.records(rawTopic('facebook'))), ...(await pipeline.records(rawTopic('call')))];
    expect(raw).toHaveLength(3 * entries.length); // one record per request, whatever it repeats
    const threads = new Set(entries.map(({ thread }: Entry) => thread)).size;
    const conversations = (await pipeline.events(TOPICS.conversationEvents)).map(({ id }) => id);
    expect(new Set(conversations).size).toBe(conversations.length);
    expect(threads).toBeGreaterThan(people.length);
  }, 120_000);
});
