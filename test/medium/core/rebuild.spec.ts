import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { itemId, keyedId, type ChannelEvent } from '@lienmach/contracts';
import fc from 'fast-check';
import { AnotherRebuild, ResolveService, TargetService, rebuild, type Rebuilt } from '../../../apps/core/src/public.js';
import { arrival, arrive, story } from './any-story.js';
import { CoreDatabase, SECRET } from './core-database.js';
import { DAY, HOUR, MINUTE, TENANT, at, call, comment, commentReply, message, read, reply } from './stories.js';

const PHONE = '+84900000101';
interface How {
  dryRun?: boolean;
  progress?: (what: string) => void;
}

const rebuilt = (core: CoreDatabase, { dryRun = false, progress = () => undefined }: How = {}): Promise<Rebuilt> =>
  rebuild({ databaseUrl: core.url, tenants: core.tenants, dryRun, progress });

/** What differs, in words. */
const named = ({ found }: Rebuilt): string[] =>
  found.differences.map(({ projection, id, kind }) => `${kind} ${projection} ${id}`);

/** Two customers of five channels' kinds of items: joined by a claim and a call, a comment answered by the page, one who waits. */
const DAY_OF_TWO: ChannelEvent[] = [
  message('an', 'm-1', 0, 'Đơn của em đâu, số em 0900000101', [PHONE], 'An'),
  ...call('c-1', PHONE, 20 * MINUTE, 'answered'),
  comment('binh', 'k-1', HOUR),
  commentReply('a-1', 'k-1', 2 * HOUR),
  read('an', 'm-1', 2 * HOUR),
  reply('an', 'r-1', 3 * HOUR),
  message('binh', 'm-2', 4 * HOUR, 'Shop ơi'),
  message('an', 'm-3', 12 * DAY, 'Shop còn hàng không'),
];
const psid = (who: string): string => keyedId(SECRET, 'fb_psid', 'page-1', who);
const item = (mid: string): string =>
  itemId({ tenant: TENANT, channel: 'facebook', vendor: 'facebook', account: 'page-1' }, mid);

let core: CoreDatabase;
beforeEach(async () => {
  core = await CoreDatabase.create();
});
afterEach(() => core.close());

const one = async (sql: string, parameters: unknown[] = []): Promise<string> =>
  (await core.query<{ id: string }>(sql, parameters))[0]!.id;
const conversationOf = (mid: string): Promise<string> =>
  one('SELECT s.conversation_id AS id FROM core.item i JOIN core.segment s ON s.id = i.segment_id WHERE i.id = $1', [
    item(mid),
  ]);
/** Records for the topics since the last call. */
async function told(): Promise<{ topic: string; key: string; type: string; payload: unknown }[]> {
  const rows = await core.query<{ topic: string; key: string; type: string; payload: unknown }>(
    'SELECT aggregatetype AS topic, aggregateid AS key, type, payload FROM core.outbox ORDER BY seq',
  );
  await core.query('DELETE FROM core.outbox');
  return rows;
}

async function live(events: readonly ChannelEvent[] = DAY_OF_TWO): Promise<Record<string, unknown[]>> {
  for (const event of events) {
    await core.take([event]);
    await core.settle();
  }
  await told();
  return core.state();
}

describe('a rebuild', () => {
  it('of any stream comes to what stands there, in whatever order it arrived, and publishes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(story, arrival, async (arriving, how) => {
        const own = await CoreDatabase.create();
        try {
          await arrive(own, arriving, how);
          const before = await own.state();
          const [sent] = await own.query('SELECT count(*) FROM core.outbox');
          const result = await rebuilt(own);
          expect(named(result)).toEqual([]);
          expect(result.found.comparison.rebuilt).toBe(result.found.comparison.live);
          expect(await own.state()).toEqual(before);
          expect(await own.query('SELECT count(*) FROM core.outbox')).toEqual([sent]);
        } finally {
          await own.close();
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 8), endOnFailure: true },
    );
  }, 600_000);

  it('puts new tables in the place of the old ones, like them in everything, and keeps the old ones', async () => {
    const before = await live();
    const structure = await structureOf('core');
    const [old] = await tableIn('core');

    const { found, left } = await rebuilt(core);
    expect(left).toBe(found);
    expect(found.comparison.tables.find(({ table }) => table === 'item')?.rebuilt.rows).toBe(before['items']!.length);
    expect(await tableIn('core_before')).toEqual([old]);
    expect(await structureOf('core')).toEqual(structure);
    expect(await core.state()).toEqual(before);
    expect(await core.query(`SELECT FROM pg_namespace WHERE nspname = 'core_next'`)).toEqual([]);

    // statements that were prepared over the old ones go on over the new ones
    await core.take([message('an', 'm-4', 12 * DAY + MINUTE, 'Alo')]);
    await core.settle();
    expect((await core.state())['items']).toHaveLength(before['items']!.length + 1);
    expect(named(await rebuilt(core))).toEqual([]);
  }, 60_000);

  it('finds, names and mends whatever somebody changed by hand, and tells the topics', async () => {
    const before = await live();
    const [conversation, later, segment] = [
      await conversationOf('m-1'),
      await conversationOf('m-3'),
      await one('SELECT segment_id AS id FROM core.item WHERE id = $1', [item('m-2')]),
    ];
    const [nobody, nothing] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const;
    await core.query(`UPDATE core.conversation SET state = 'resolved' WHERE id = $1`, [later]);
    await core.query('DELETE FROM core.segment WHERE id = $1', [segment]);
    await core.query(`UPDATE core.node SET person_id = $2 WHERE identifier_id = $1`, [psid('an'), nobody]);
    await core.query(`UPDATE core.item SET state = jsonb_set(state, '{text}', '"nein"') WHERE id = $1`, [item('m-1')]);
    await core.query('DELETE FROM core.item WHERE id = $1', [item('r-1')]);
    await core.query('DELETE FROM core.item_words WHERE item_id = $1', [item('m-3')]);
    await core.query(`UPDATE core.identifier SET standing = 'shared' WHERE id = $1`, [psid('binh')]);
    await core.query(
      `INSERT INTO core.conversation (tenant, id, person_id, brand, state, started_at, last_at, channels, ambiguous)
       VALUES ($1, $2, $2, 'demo', 'open', now(), now(), '{facebook}', false)`,
      [TENANT, nothing],
    );
    await core.query(`INSERT INTO core.person (tenant, id, root_identifier_id, root_epoch) VALUES ($1, $2, $2, 1)`, [
      TENANT,
      nothing,
    ]);
    const tampered = await core.state();

    const looked = await rebuilt(core, { dryRun: true });
    expect(looked.left).toBeNull();
    expect(looked.found.comparison.rebuilt).not.toBe(looked.found.comparison.live);
    expect(named(looked).sort()).toEqual(
      [
        `changed item ${item('m-1')}`,
        `missing item ${item('r-1')}`,
        `missing item_words ${item('m-3')}`,
        `changed node ${psid('an')}`,
        `surplus person ${nothing}`,
        `missing segment ${segment}`,
        ...[`surplus conversation ${nothing}`, `changed conversation ${later}`],
        `surplus standing ${psid('binh')}`,
      ].sort(),
    );
    expect(await core.state()).toEqual(tampered);
    expect(await told()).toEqual([]);

    const { left } = await rebuilt(core);
    expect(left?.differences.map(({ projection, id }) => `${projection} ${id}`)).toEqual([
      `person ${nothing}`,
      `conversation ${nothing}`,
    ]);
    expect(await core.state()).toEqual(before);
    const records = await told();
    const keysOf = (type: string): string[] => records.filter((row) => row.type === type).map(({ key }) => key);
    expect(keysOf('conversation.reopened')).toEqual([later]);
    expect(keysOf('person.linked')).toHaveLength(1);
    expect(keysOf('person-state.changed')).toContain(nothing);
    expect(records.filter(({ key }) => key === nothing).map(({ payload }) => payload)).toEqual([null, null]);
    expect(keysOf('conversation-state.changed')).toEqual(expect.arrayContaining([later, nothing]));
    expect(keysOf('conversation-state.changed')).not.toContain(conversation);

    expect(named(await rebuilt(core))).toEqual([]);
    expect(await told()).toEqual([]);
  }, 90_000);

  it('computes by the rules of now', async () => {
    await live([message('an', 'm-1', 0, 'Shop ơi'), message('an', 'm-2', 4 * DAY, 'Alo')]);
    expect(await core.query('SELECT FROM core.segment')).toHaveLength(1);
    await core.write(
      `INSERT INTO core.act (tenant, id, kind, at, stretches, identifier_ids, item_ids, with_ids, apart_ids, actor)
       VALUES ($1, gen_random_uuid(), 'split', $2, '[]', $3, $4, '{}', $5, 'agent')`,
      [TENANT, at(5 * DAY), [psid('an')], [item('m-2')], [item('m-1')]],
    );
    const { found, left } = await rebuilt(core);
    expect(found.count).toBeGreaterThan(0);
    expect(left?.count).toBe(0);
    expect(await core.query('SELECT FROM core.segment')).toHaveLength(2);
    expect((await told()).map(({ type }) => type)).toContain('conversation.opened');
  }, 60_000);

  it('keeps what was told of a wait, and the names that conversations had', async () => {
    await live([message('an', 'm-2', DAY, 'Alo')]);
    const former = await conversationOf('m-2');
    await core.take([message('an', 'm-1', DAY - HOUR, 'Shop ơi')]);
    await core.settle();
    await new TargetService(core.source).fireDue(Date.parse(at(DAY + 40 * MINUTE)), 100);
    const present = await conversationOf('m-2');
    expect(present).not.toBe(former);
    const timers = await core.query('SELECT id, stage, due_at FROM core.conversation');
    expect(timers).toMatchObject([{ stage: 'breached' }]);

    expect(named(await rebuilt(core))).toEqual([]);
    expect(await core.query('SELECT id, stage, due_at FROM core.conversation')).toEqual(timers);
    expect(
      await core.query('SELECT conversation_id AS id FROM core.conversation_name WHERE id = $1', [former]),
    ).toEqual([{ id: present }]);
  }, 60_000);
});

describe('a rebuild while the system runs', () => {
  it('loses nothing of what comes meanwhile, and nothing is told twice', async () => {
    const events = Array.from({ length: 120 }, (_, n): ChannelEvent[] => [
      message(`k${n % 12}`, `m-${n}`, n * 20 * MINUTE, 'Shop ơi', n % 5 === 0 ? [`+8490000020${n % 3}`] : []),
      ...(n % 6 === 0 ? call(`c-${n}`, `+8490000020${n % 3}`, n * 20 * MINUTE + HOUR, 'answered') : []),
      ...(n % 4 === 0 ? [reply(`k${n % 12}`, `r-${n}`, n * 20 * MINUTE + 5 * MINUTE)] : []),
    ]).flat();
    const [first, meanwhile] = [events.slice(0, 40), events.slice(40)];
    await live(first);

    let running = true;
    const resolver = async (): Promise<void> => {
      const service = new ResolveService(core.source);
      while (running) if ((await service.resolveSome(20)).marks === 0) await pause(5);
    };
    const resolvers = [resolver(), resolver()];
    const coming = (async () => {
      for (let from = 0; from < meanwhile.length; from += 4) await core.take(meanwhile.slice(from, from + 4));
    })();
    const results = [await rebuilt(core), await rebuilt(core)];
    await coming;
    running = false;
    await Promise.all(resolvers);
    await core.settle();

    expect(results.map(named)).toEqual([[], []]);
    expect(named(await rebuilt(core))).toEqual([]);
    const other = await CoreDatabase.create();
    try {
      await other.take(events);
      await other.settle();
      expect(await core.state()).toEqual(await other.state());
    } finally {
      await other.close();
    }
    const sent = await told();
    const interactions = sent.filter(({ topic }) => topic === 'interaction.events.v1');
    expect(interactions).toHaveLength(meanwhile.length);
    const happenings = sent
      .filter(({ topic }) => topic.includes('.events.'))
      .map(({ payload }) => (payload as { id: string }).id);
    expect(new Set(happenings).size).toBe(happenings.length);
  }, 120_000);

  it.each(['items', 'identifiers', 'rows to compute again'])(
    'leaves everything as it was when it dies at its %s, and the next one does it all',
    async (stage) => {
      const before = await live();
      await core.query('UPDATE core.conversation SET ambiguous = NOT ambiguous');
      const tampered = await core.state();
      const dying = rebuilt(core, {
        progress: (what) => {
          if (what === stage) void killed();
        },
      });
      await expect(dying).rejects.toThrow(/terminat|connection/i);
      expect(await core.state()).toEqual(tampered);
      await core.take([message('an', 'm-9', 12 * DAY + HOUR, 'Alo')]);
      await core.settle();
      expect((await core.state())['items']).toHaveLength(before['items']!.length + 1);

      const { found, left } = await rebuilt(core);
      expect(found.count).toBeGreaterThan(0);
      expect(left?.count).toBe(0);
      expect(named(await rebuilt(core))).toEqual([]);
    },
    60_000,
  );

  it('is the only one', async () => {
    await live();
    const session = core.source.createQueryRunner();
    try {
      await session.query('SELECT pg_advisory_lock(726835002)');
      await expect(rebuilt(core)).rejects.toThrow(AnotherRebuild);
      await session.query('SELECT pg_advisory_unlock(726835002)');
    } finally {
      await session.release();
    }
    expect(named(await rebuilt(core))).toEqual([]);
  }, 60_000);

  const killed = (): Promise<void> =>
    core.write(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1`,
      ['lienmach-rebuild'],
    );
});

const tableIn = (schema: string): Promise<Record<string, unknown>[]> =>
  core.query(
    `SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = 'item'`,
    [schema],
  );

/** Everything of the tables of a schema that a later migration, a planner or a policy may rely on. */
const structureOf = (schema: string): Promise<Record<string, unknown>[]> =>
  core.query(
    `SELECT c.relname AS name, (SELECT json_agg(one::text ORDER BY one::text) FROM unnest(c.relacl) AS a(one)) AS grants, c.reloptions::text AS options, c.relrowsecurity, c.relforcerowsecurity,
       (SELECT json_agg(json_build_array(attname, atttypid::regtype, attnotnull, attidentity, attgenerated, attstorage, pg_get_expr(d.adbin, d.adrelid)) ORDER BY attnum)
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = c.oid AND attnum > 0) AS columns,
       (SELECT json_agg(pg_get_indexdef(indexrelid) ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid = c.oid) AS indexes,
       (SELECT json_agg(json_build_array(conname, pg_get_constraintdef(oid)) ORDER BY conname) FROM pg_constraint WHERE conrelid = c.oid) AS constraints,
       (SELECT json_agg(to_json(p) ORDER BY policyname) FROM pg_policies p WHERE schemaname = $1 AND tablename = c.relname) AS policies
     FROM pg_class c WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'S') ORDER BY relname`,
    [schema],
  );
