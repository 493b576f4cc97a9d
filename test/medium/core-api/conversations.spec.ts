import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActDto, ConversationDto, ConversationsDto } from '../../../apps/core/src/public.js';
import { seedConversation, seedIdentifier, seedItem, seedPerson } from './seed.js';
import { newWorld, type World } from './world.js';

let world: World;
let stopWorkingOff: () => Promise<void>;
let personId: string;
let identifier: string;

beforeAll(async () => {
  world = await newWorld();
  stopWorkingOff = await world.workOffMarks();
  const chat = await seedIdentifier(world);
  identifier = chat.id;
  personId = await seedPerson(world, [chat]);
});
afterAll(async () => {
  await stopWorkingOff();
  await world.close();
});

const seed = (fields: { state?: string; waitingSince?: string; lastAt?: string } = {}) =>
  seedConversation(world, { personId, identifier, ...fields });
const read = async (id: string, query = ''): Promise<ConversationDto> => {
  const { status, body } = await world.ask<ConversationDto>('GET', `/v1/conversations/${id}${query}`);
  expect(status).toBe(200);
  return body;
};
const list = async (query: string): Promise<ConversationsDto> =>
  (await world.ask<ConversationsDto>('GET', `/v1/conversations?${query}`)).body;

describe('a conversation', () => {
  it('has its segments, its items in pages, and its clock at the moment of asking', async () => {
    const { id, segment } = await seed({ waitingSince: new Date(Date.now() - 40 * 60_000).toISOString() });
    const items: string[] = [];
    for (const n of [3, 2, 1]) {
      items.push(await seedItem(world, { identifier, segment, at: `2026-11-20T01:0${n}:00Z` }));
    }
    await seedItem(world, { identifier, at: '2026-11-20T01:05:00Z' });

    const conversation = await read(id, '?limit=2');
    const rest = await read(id, `?limit=2&cursor=${conversation.next}`);

    expect(conversation).toMatchObject({
      id,
      formerIds: [],
      state: 'open',
      personId,
      channels: ['facebook'],
      ambiguous: false,
      segments: [
        {
          id: segment,
          channel: 'facebook',
          account: '1234567890',
          thread: '77',
          startedAt: '2026-11-20T01:00:00.000Z',
          resolvedAt: null,
          linkedBy: null,
        },
      ],
      clock: { stage: 'warned', stoppedBy: null },
    });
    expect([...conversation.items, ...rest.items].map((item) => item.id)).toEqual(items);
    expect([...conversation.items].every((item) => item.conversationId === id && item.personId === personId)).toBe(
      true,
    );
    expect(rest.next).toBeNull();
  });

  it('is found by its former ids', async () => {
    const { id } = await seed();
    const former = randomUUID();
    for (const name of [id, former]) {
      await world.sql(
        `INSERT INTO core.conversation_name (tenant, id, item_id, conversation_id) VALUES ('demo', $1, gen_random_uuid(), $2)`,
        [name, id],
      );
    }

    expect(await read(former)).toEqual(await read(id));
    expect((await read(id)).formerIds).toEqual([former]);
  });

  it.each(['resolve', 'reopen'] as const)(
    'keeps an act for %s that names what was seen of each thread and customer, and marks them',
    async (kind) => {
      const { id, thread, segment } = await seed();
      const item = await seedItem(world, { identifier, segment, thread, at: '2026-11-20T02:00:00Z' });

      const { status, body } = await world.ask<ActDto>('POST', `/v1/conversations/${id}/${kind}`, {
        body: { reason: 'xong' },
      });

      expect([status, body]).toEqual([201, { actId: expect.any(String), conversationId: id }]);
      expect(
        await world.sql('SELECT kind, stretches, item_ids, identifier_ids, actor, reason FROM core.act WHERE id = $1', [
          body.actId,
        ]),
      ).toEqual([
        {
          kind,
          stretches: [{ threadId: thread, identifierId: identifier, seenAt: Date.parse('2026-11-20T02:00:00Z') }],
          item_ids: [item],
          identifier_ids: [identifier],
          actor: 'operator',
          reason: 'xong',
        },
      ]);
    },
  );

  it('is resolved without a reason, with or without a body', async () => {
    const { id } = await seed();
    const statusOf = async (asking: { body?: object; headers?: Record<string, string> }) =>
      (await world.ask('POST', `/v1/conversations/${id}/resolve`, asking)).status;

    expect(await statusOf({})).toBe(201);
    expect(await statusOf({ body: {} })).toBe(201);
    expect(await statusOf({ headers: { 'content-type': 'application/json' } })).toBe(201);
  });
});

describe('the list of conversations', () => {
  it('filters by state, channel and waiting, and pages in order', async () => {
    await world.sql('DELETE FROM core.conversation');
    const resolved = await seed({ state: 'resolved', lastAt: '2026-11-20T02:05:00Z' });
    const open = await seed({ lastAt: '2026-11-20T02:04:00Z' });
    const long = await seed({ lastAt: '2026-11-20T02:06:00Z', waitingSince: '2026-11-20T01:00:00Z' });
    const short = await seed({ lastAt: '2026-11-20T02:07:00Z', waitingSince: '2026-11-20T01:30:00Z' });
    await world.sql(`UPDATE core.conversation SET channels = '{facebook,call}' WHERE id = $1`, [long.id]);
    const idsOf = async (query: string) => (await list(query)).items.map(({ id }) => id);

    expect(await idsOf('')).toEqual([short.id, long.id, resolved.id, open.id]);
    expect(await idsOf('state=resolved')).toEqual([resolved.id]);
    expect(await idsOf('channel=call')).toEqual([long.id]);
    expect(await idsOf('waiting=true')).toEqual([long.id, short.id]);
    expect(await idsOf('waiting=false&state=open')).toEqual([open.id]);

    for (const [query, order] of [
      ['', [short.id, long.id, resolved.id, open.id]],
      ['waiting=true', [long.id, short.id]],
    ] as const) {
      const found: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const page: ConversationsDto = await list(`${query}&limit=1${next && `&cursor=${next}`}`);
        found.push(...page.items.map(({ id }) => id));
        next = page.next;
      }
      expect(found).toEqual(order);
    }
  });

  it('refuses a filter that is none, and the cursor of another list', async () => {
    const { next } = await list('limit=1');
    const statusOf = async (query: string) => (await world.ask('GET', `/v1/conversations?${query}`)).status;

    expect(await statusOf('state=closed')).toBe(422);
    expect(await statusOf('waiting=perhaps')).toBe(422);
    expect(await statusOf(`waiting=true&cursor=${next}`)).toBe(422);
    expect(await statusOf(`cursor=${next}`)).toBe(200);
  });
});
