import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  TenantDatabase,
  TimelineRepository,
  createDataSource,
  type ProblemDto,
  type TimelineDto,
  type TimelineEntry,
} from '../../../apps/core/src/public.js';
import { seedConversation, seedIdentifier, seedItem, seedPerson, seedThread } from './seed.js';
import { newWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await newWorld();
  await seedThread(world);
});
afterAll(() => world.close());

const minute = (n: number): string => new Date(Date.UTC(2026, 10, 20, 2, n)).toISOString();

const read = async (url: string): Promise<TimelineDto> => {
  const { status, body } = await world.ask<TimelineDto>('GET', url);
  expect(status).toBe(200);
  return body;
};
const idsOf = ({ items }: Pick<TimelineDto, 'items'>): string[] => items.map(({ id }) => id);

async function readAll(url: string, between: () => Promise<void> = () => Promise.resolve()): Promise<TimelineEntry[]> {
  const items: TimelineEntry[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page = await read(`${url}${next && `&cursor=${next}`}`);
    items.push(...page.items);
    next = page.next;
    await between();
  }
  return items;
}

describe('the timeline of a person', () => {
  it('brings the items of all identifiers together, newest first, and leaves out those of nobody else', async () => {
    const [chat, phone, stranger] = [
      await seedIdentifier(world),
      await seedIdentifier(world),
      await seedIdentifier(world),
    ];
    const person = await seedPerson(world, [chat, phone]);
    await seedPerson(world, [stranger]);
    const third = await seedItem(world, { identifier: phone.id, at: minute(3), channel: 'call', kind: 'call' });
    const first = await seedItem(world, { identifier: chat.id, at: minute(1) });
    const second = await seedItem(world, { identifier: chat.id, at: minute(2) });
    await seedItem(world, { identifier: stranger.id, at: minute(2) });

    const body = await read(`/v1/people/${person}/timeline`);

    expect(idsOf(body)).toEqual([third, second, first]);
    expect(body.next).toBeNull();
    expect(body.items[0]).toMatchObject({ kind: 'call', channel: 'call', personId: person, at: minute(3) });
  });

  it('pages without a gap or a repeat while rows arrive in front, among and behind', async () => {
    const [one, two] = [await seedIdentifier(world), await seedIdentifier(world)];
    const person = await seedPerson(world, [one, two]);
    const known: string[] = [];
    for (let n = 0; n < 25; n += 1) {
      // several of one moment: the hash alone tells them apart
      known.push(await seedItem(world, { identifier: n % 2 ? one.id : two.id, at: minute(10 + Math.floor(n / 4)) }));
    }

    const found = await readAll(`/v1/people/${person}/timeline?limit=4`, async () => {
      await seedItem(world, { identifier: one.id, at: minute(59) });
      await seedItem(world, { identifier: two.id, at: minute(12) });
    });

    const ids = idsOf({ items: found });
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => known.includes(id)).sort()).toEqual(known.sort());
    const times = found.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('shows switches of channel behind the item that made them, in every size of page', async () => {
    const chat = await seedIdentifier(world);
    const person = await seedPerson(world, [chat]);
    const conversation = await seedConversation(world, { personId: person, identifier: chat.id });
    const before = await seedItem(world, { identifier: chat.id, at: minute(1) });
    const call = await seedItem(world, { identifier: chat.id, at: minute(2), channel: 'call', kind: 'call' });
    const id = randomUUID();
    await world.sql(
      `INSERT INTO core.channel_switch (tenant, id, person_id, conversation_id, item_id, identifier_id, at, from_channel, to_channel)
       VALUES ('demo', $1, $2, $3, $4, $5, $6, 'facebook', 'call')`,
      [id, person, conversation.id, call, chat.id, minute(2)],
    );

    for (const limit of [1, 2, 3]) {
      const items = await readAll(`/v1/people/${person}/timeline?limit=${limit}`);
      expect(idsOf({ items })).toEqual([call, id, before]);
    }
    const switches = await read(`/v1/people/${person}/timeline?kind=channel-switch`);
    expect(switches.items).toEqual([
      expect.objectContaining({
        kind: 'channel-switch',
        from: 'facebook',
        to: 'call',
        conversationId: conversation.id,
      }),
    ]);
  });

  it('filters by channel and kind', async () => {
    const chat = await seedIdentifier(world);
    const person = await seedPerson(world, [chat]);
    const call = await seedItem(world, { identifier: chat.id, at: minute(2), channel: 'call', kind: 'call' });
    const message = await seedItem(world, { identifier: chat.id, at: minute(1) });

    const byChannel = await read(`/v1/people/${person}/timeline?channel=call`);
    const byKind = await read(`/v1/people/${person}/timeline?kind=message`);

    expect(idsOf(byChannel)).toEqual([call]);
    expect(idsOf(byKind)).toEqual([message]);
  });

  it('lifts deliveries by the watermarks of the thread at the time of reading', async () => {
    const chat = await seedIdentifier(world);
    const person = await seedPerson(world, [chat]);
    const thread = await seedThread(world, { id: randomUUID() });
    const state = { direction: 'outbound', type: 'message.sent', delivery: { state: 'sent', reason: null } };
    for (const n of [1, 2, 3]) await seedItem(world, { identifier: chat.id, thread, at: minute(n), state });
    await world.sql('UPDATE core.thread SET read_at = $2, delivered_at = $3 WHERE id = $1', [
      thread,
      minute(1),
      minute(2),
    ]);

    const body = await read(`/v1/people/${person}/timeline`);

    expect(body.items.map((item) => 'delivery' in item && item.delivery)).toEqual(['sent', 'delivered', 'read']);
  });

  it('leaves out what has no message yet: a reaction or a receipt that came first', async () => {
    const chat = await seedIdentifier(world);
    const person = await seedPerson(world, [chat]);
    const id = await seedItem(world, { identifier: chat.id, at: minute(1) });
    await world.sql('UPDATE core.item SET shown = false WHERE id = $1', [id]);

    expect((await read(`/v1/people/${person}/timeline`)).items).toEqual([]);
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'cursor=abc', 'chanel=call'])(
    'refuses ?%s with the field named',
    async (query) => {
      const person = await seedPerson(world, [await seedIdentifier(world)]);

      const { status, headers, body } = await world.ask<ProblemDto>('GET', `/v1/people/${person}/timeline?${query}`);

      expect(status).toBe(422);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(body).toMatchObject({
        type: 'urn:lienmach:problem:invalid',
        status: 422,
        instance: `/v1/people/${person}/timeline`,
        errors: [{ field: query.split('=')[0] }],
        correlationId: headers['x-correlation-id'],
      });
    },
  );

  it('costs the page and not the history: every identifier gives its newest rows from its index', async () => {
    const chat = await seedIdentifier(world);
    const person = await seedPerson(world, [chat]);
    await world.sql(
      `INSERT INTO core.item (tenant, id, thread_id, channel, account, brand, family, kind, at, hash, received_at, shown, identifier_id, owned,
         customer, counts, waits, thanks, state)
       SELECT 'demo', gen_random_uuid(), $2, 'facebook', '1', 'demo', 'chat', 'message', '2026-01-01'::timestamptz + n * interval '1 min', gen_random_uuid(),
         now(), true, $1, true, true, true, true, false, '{}' FROM generate_series(1, 10000) n`,
      [chat.id, randomUUID()],
    );
    await world.sql('ANALYZE core.item');

    const source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_api' }).initialize();
    const scansBy = async (explain: string, bound: boolean) => {
      const plans = await new TenantDatabase(source).read('demo', (transaction) => {
        const prepared = (sql: string, parameters?: readonly unknown[]) =>
          transaction.query(`EXPLAIN (${explain}, FORMAT JSON) ${sql}`, bound ? parameters : []);
        const bounds = {
          itemsBefore: ['2026-01-05', randomUUID()],
          switchesBefore: ['2026-01-05', randomUUID()],
        } as const;
        const repository = new TimelineRepository();
        return repository.items({ ...transaction, prepared: prepared as never }, { person }, bounds, {}, 51);
      });
      return nodesOf(plans).filter((node) => node['Relation Name'] === 'item');
    };
    const scans = await scansBy('ANALYZE', true);
    const ofAnyValues = await scansBy('GENERIC_PLAN', false);
    await source.destroy();

    const wanted = [['Index Scan', 'item_identifier']];
    expect(scans.map((node) => [node['Node Type'], node['Index Name']])).toEqual(wanted);
    expect(ofAnyValues.map((node) => [node['Node Type'], node['Index Name']])).toEqual(wanted);
    expect(scans[0]!['Actual Rows']).toBeLessThanOrEqual(51);
    expect(scans[0]!['Rows Removed by Filter'] ?? 0).toBe(0);
  });
});

type PlanNode = Record<string, unknown>;

/** Every node of a plan, however deep. */
function nodesOf(plan: unknown): PlanNode[] {
  if (Array.isArray(plan)) return plan.flatMap(nodesOf);
  if (typeof plan !== 'object' || plan === null) return [];
  const own = 'Node Type' in plan ? [plan as PlanNode] : [];
  return [...own, ...Object.values(plan).flatMap(nodesOf)];
}
