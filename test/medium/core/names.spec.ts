import { describe, expect, it } from '@jest/globals';
import type { ChannelEvent } from '@lienmach/contracts';
import { CoreDatabase } from './core-database.js';
import { HOUR, message, type Imported } from './stories.js';

const AN = 'An';
const FULL = 'Nguyễn An';
const says = (mid: string, hour: number, name: string): ChannelEvent =>
  message('an', mid, hour * HOUR, 'Shop ơi', [], name);
const record = (hour: number, name: string): Imported => ({
  crm: 'KH-7',
  phone: '+84900000101',
  ms: hour * HOUR,
  actor: '/crm',
  name,
  validFrom: null,
});

/** Every order, each thing in a batch of its own. */
async function inEveryOrder<T>(things: readonly T[], take: (core: CoreDatabase, thing: T) => Promise<void>) {
  const outcomes: object[] = [];
  for (const order of permutations(things)) {
    const core = await CoreDatabase.create();
    try {
      for (const thing of order) {
        await take(core, thing);
        await core.settle();
      }
      outcomes.push({
        shown: await core.query(
          `SELECT name, name_source, extract(epoch FROM name_at - '2026-11-02T01:00Z')::int / 3600 AS hour FROM core.identifier WHERE name IS NOT NULL`,
        ),
        known: (await core.query<{ value: string }>('SELECT value FROM core.profile_value ORDER BY at')).map(
          ({ value }) => value,
        ),
        told: (
          await core.query<{ name: string }>(
            `SELECT payload->>'name' AS name FROM core.outbox WHERE aggregatetype = 'person.state.v1' ORDER BY seq DESC LIMIT 1`,
          )
        )[0]!.name,
      });
    } finally {
      await core.close();
    }
  }
  expect(new Set(outcomes.map((one) => JSON.stringify(one))).size).toBe(1);
  return outcomes[0];
}

describe('names, whichever comes first', () => {
  it('a channel’s: shown is the one that was heard first the latest, and every one is kept', async () => {
    const outcome = await inEveryOrder([says('m-1', 1, AN), says('m-2', 2, FULL), says('m-3', 3, AN)], (core, event) =>
      core.take([event]),
    );

    expect(outcome).toEqual({ shown: [{ name: FULL, name_source: 'claim', hour: 2 }], known: [AN, FULL], told: FULL });
  }, 30_000);

  it('a record’s: shown is the one that was recorded last', async () => {
    const outcome = await inEveryOrder([record(1, AN), record(2, FULL), record(3, AN)], (core, one) =>
      core.import([one]),
    );

    expect(outcome).toEqual({ shown: [{ name: AN, name_source: 'crm', hour: 3 }], known: [FULL, AN], told: AN });
  }, 30_000);
});

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations([...items.slice(0, index), ...items.slice(index + 1)])) yield [item, ...rest];
  }
}
