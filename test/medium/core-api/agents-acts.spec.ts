import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActDto, ConversationDto, ProblemDto, UndoneDto } from '../../../apps/core/src/public.js';
import { seedIdentifier, seedItem, seedThread } from './seed.js';
import { newResolvingWorld, type ResolvingWorld } from './world.js';

let world: ResolvingWorld;

beforeAll(async () => {
  world = await newResolvingWorld();
});
afterAll(() => world?.close());

/** A customer who writes at these times, each time in a thread of its own unless it is named. */
async function customer(...times: (string | { at: string; thread: string })[]) {
  const { id: identifier } = await seedIdentifier(world);
  const items: string[] = [];
  for (const time of times) {
    const { at, thread } = typeof time === 'string' ? { at: time, thread: randomUUID() } : time;
    await seedThread(world, { id: thread });
    items.push(await seedItem(world, { identifier, thread, at }));
  }
  await world.sql(
    `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold) VALUES ('demo', $1, now(), true, true)`,
    [identifier],
  );
  await world.resolveAll();
  return { identifier, items };
}

const conversationOf = async (item: string): Promise<ConversationDto> => {
  const [row] = await world.sql<{ id: string }>(
    'SELECT s.conversation_id AS id FROM core.item i JOIN core.segment s ON s.tenant = i.tenant AND s.id = i.segment_id WHERE i.id = $1',
    [item],
  );
  return (await world.ask<ConversationDto>('GET', `/v1/conversations/${row!.id}`)).body;
};

const act = async (id: string, what: string, body: object = {}): Promise<ActDto> => {
  const answer = await world.ask<ActDto>('POST', `/v1/conversations/${id}/${what}`, { body });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body;
};
const undo = async (actId: string, body?: object): Promise<UndoneDto> => {
  const answer = await world.ask<UndoneDto>('POST', `/v1/acts/${actId}/undo`, { body });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return answer.body;
};

interface Published {
  type: string;
  cause: string;
  actor: string | null;
  rule: string;
}
/** What `conversation.events` got since `before`. */
async function publishedAfter(before: string): Promise<Published[]> {
  return world.sql<Published>(
    `SELECT type, payload->'data'->>'cause' AS cause, payload->'data'->>'actor' AS actor, payload->'data'->>'rule' AS rule
     FROM core.outbox WHERE aggregatetype = 'conversation.events.v1' AND seq > $1 ORDER BY seq`,
    [before],
  );
}
const outboxEnd = async (): Promise<string> =>
  (await world.sql<{ seq: string }>('SELECT coalesce(max(seq), 0) AS seq FROM core.outbox'))[0]!.seq;

describe('a resolve that is taken back', () => {
  it('is as if it had never been done, told as an act of the agent who took it back', async () => {
    const { items } = await customer('2026-11-20T02:00:00Z');
    const before = await conversationOf(items[0]!);
    expect(before).toMatchObject({ state: 'open', clock: { waitingSince: '2026-11-20T02:00:00.000Z' } });

    const resolved = await act(before.id, 'resolve', { reason: 'xong' });
    expect(await conversationOf(items[0]!)).toMatchObject({ state: 'resolved', clock: { waitingSince: null } });
    const end = await outboxEnd();
    const undone = await undo(resolved.actId, { reason: 'nhầm' });

    expect(undone).toEqual({ actId: expect.any(String), undoes: resolved.actId, conversationId: before.id });
    const { clock, ...rest } = await conversationOf(items[0]!);
    const { clock: clockBefore, ...restBefore } = before;
    expect(rest).toEqual(restBefore);
    expect({ ...clock, stage: '' }).toEqual({ ...clockBefore, stage: '' });
    expect(await publishedAfter(end)).toContainEqual({
      type: 'conversation.reopened',
      cause: 'agent',
      actor: 'operator',
      rule: 'T4',
    });
    expect(await world.sql('SELECT act_id, actor, reason FROM core.act_undo WHERE id = $1', [undone.actId])).toEqual([
      { act_id: resolved.actId, actor: 'operator', reason: 'nhầm' },
    ]);
  });

  it('a second time changes and tells nothing', async () => {
    const { items } = await customer('2026-11-20T02:00:00Z');
    const { id } = await conversationOf(items[0]!);
    const { actId } = await act(id, 'resolve');
    const first = await undo(actId);
    const end = await outboxEnd();

    expect(await undo(actId.toUpperCase())).toEqual(first);

    expect(await publishedAfter(end)).toEqual([]);
  });

  it('leaves a later one standing', async () => {
    const { items } = await customer('2026-11-20T02:00:00Z');
    const { id } = await conversationOf(items[0]!);
    const first = await act(id, 'resolve');
    await act(id, 'reopen');
    await act(id, 'resolve');

    await undo(first.actId);

    expect(await conversationOf(items[0]!)).toMatchObject({ state: 'resolved' });
  });
});

const segmentOf = async (item: string): Promise<string> =>
  (await world.sql<{ id: string }>('SELECT segment_id AS id FROM core.item WHERE id = $1', [item]))[0]!.id;
const conversationsOf = (items: readonly string[]): Promise<string[]> =>
  Promise.all(items.map(async (item) => (await conversationOf(item)).id));
const refusal = async (id: string, what: string, body: object) => {
  const { status, body: problem } = await world.ask<ProblemDto>('POST', `/v1/conversations/${id}/${what}`, { body });
  return [status, problem.errors?.[0]?.field ?? problem.detail];
};
const BY_AGENT = { cause: 'agent', actor: 'operator', rule: 'T11' };

describe('a join', () => {
  it('makes one conversation, found by both ids, until it is taken back', async () => {
    const { items } = await customer('2026-11-20T02:00:00Z', '2026-11-25T02:00:00Z');
    const [one, other] = (await conversationsOf(items)) as [string, string];
    expect(one).not.toBe(other);
    const end = await outboxEnd();

    const joined = await act(other, 'join', { conversationId: one, reason: 'cùng một đơn' });

    expect(joined.conversationId).toBe(one);
    const conversation = await conversationOf(items[1]!);
    expect(conversation).toMatchObject({
      id: one,
      formerIds: [other],
      segments: [{ linkedBy: null }, { linkedBy: 'agent' }],
    });
    expect((await world.ask<ConversationDto>('GET', `/v1/conversations/${other}`)).body.id).toBe(one);
    expect(await publishedAfter(end)).toEqual(
      expect.arrayContaining([
        { type: 'conversation.unlinked', ...BY_AGENT },
        { type: 'conversation.linked', ...BY_AGENT },
      ]),
    );

    const again = await outboxEnd();
    expect(await undo(joined.actId)).toMatchObject({ conversationId: other });
    expect(await conversationsOf(items)).toEqual([one, other]);
    expect(await publishedAfter(again)).toEqual(
      expect.arrayContaining([
        { type: 'conversation.unlinked', ...BY_AGENT },
        { type: 'conversation.opened', ...BY_AGENT },
      ]),
    );
  });

  it('is refused with itself, with what is not there, of two people and of two brands', async () => {
    const { items } = await customer('2026-11-20T02:00:00Z', '2026-11-25T02:00:00Z');
    const [one, other] = (await conversationsOf(items)) as [string, string];
    const { items: strange } = await customer('2026-11-20T02:00:00Z');
    const [stranger] = await conversationsOf(strange);
    const before = await world.sql('SELECT count(*) FROM core.act');

    expect(await refusal(one, 'join', { conversationId: one })).toEqual([422, 'conversationId']);
    expect(await refusal(one, 'join', {})).toEqual([422, 'conversationId']);
    expect(await refusal(one, 'join', { conversationId: 'x' })).toEqual([404, 'There is no such conversation']);
    expect(await refusal(one, 'join', { conversationId: stranger })).toEqual([
      409,
      expect.stringMatching('different people'),
    ]);
    await world.sql(`UPDATE core.conversation SET brand = 'else' WHERE id = $1`, [other]);
    expect(await refusal(one, 'join', { conversationId: other })).toEqual([
      409,
      expect.stringMatching('different brands'),
    ]);

    expect(await world.sql('SELECT count(*) FROM core.act')).toEqual(before);
  });
});

describe('a split', () => {
  it('gives a segment a conversation of its own, until it is taken back', async () => {
    const { items } = await customer('2026-11-20T02:00:00Z', '2026-11-20T02:10:00Z', '2026-11-20T02:20:00Z');
    const [one] = (await conversationsOf(items)) as [string];
    const end = await outboxEnd();

    const split = await act(one, 'split', { segmentId: await segmentOf(items[1]!) });

    const own = split.conversationId;
    expect(own).not.toBe(one);
    expect(await conversationsOf(items)).toEqual([one, own, one]);
    expect(await publishedAfter(end)).toEqual(
      expect.arrayContaining([
        { type: 'conversation.unlinked', ...BY_AGENT },
        { type: 'conversation.opened', ...BY_AGENT },
      ]),
    );
    expect(await undo(split.actId)).toMatchObject({ conversationId: one });
    expect(await conversationsOf(items)).toEqual([one, one, one]);
    expect((await world.ask<ConversationDto>('GET', `/v1/conversations/${own}`)).body.id).toBe(one);
  });

  it('is refused of what is not there, or is all there is', async () => {
    const { items } = await customer('2026-11-20T02:00:00Z', '2026-11-25T02:00:00Z');
    const [one] = (await conversationsOf(items)) as [string];

    expect(await refusal(one, 'split', { segmentId: await segmentOf(items[0]!) })).toEqual([422, 'segmentId']);
    expect(await refusal(one, 'split', { segmentId: await segmentOf(items[1]!) })).toEqual([422, 'segmentId']);
    expect(await refusal(one, 'split', { segmentId: "' OR 1=1" })).toEqual([422, 'segmentId']);
    expect(await refusal(one, 'split', {})).toEqual([422, 'segmentId']);
  });
});

describe('a move', () => {
  it('takes an item with what follows it, or a segment, to another conversation, until it is taken back', async () => {
    const thread = randomUUID();
    const { identifier, items } = await customer(
      { at: '2026-11-20T02:00:00Z', thread },
      '2026-11-24T02:00:00Z',
      { at: '2026-11-24T02:10:00Z', thread },
      { at: '2026-11-24T02:11:00Z', thread },
    );
    const [one, other] = (await conversationsOf(items)) as [string, string];
    expect(await conversationsOf(items)).toEqual([one, other, one, one]);

    const moved = await act(one, 'move', { itemId: items[2], conversationId: other, reason: 'đơn khác' });

    expect(moved.conversationId).toBe(other);
    expect(await conversationsOf(items)).toEqual([one, other, other, other]);
    const back = await act(other, 'move', { segmentId: await segmentOf(items[2]!), conversationId: one });
    expect(await conversationsOf(items)).toEqual([one, other, one, one]);
    await undo(back.actId);
    expect(await conversationsOf(items)).toEqual([one, other, other, other]);

    const late = await seedItem(world, { identifier, thread, at: '2026-11-24T03:00:00Z' });
    await world.sql(
      `INSERT INTO core.dirty (tenant, identifier_id, thread_id, item_id, at, identity, refold) SELECT 'demo', identifier_id, thread_id, id, at, false, false FROM core.item WHERE id = $1`,
      [late],
    );
    await world.resolveAll();
    expect(await conversationsOf([late])).toEqual([other]);

    await undo(moved.actId);
    expect(await conversationsOf([...items, late])).toEqual([one, other, one, one, one]);
  }, 30_000);

  it('is refused of nothing, of both, of what is elsewhere, of what does not stand by itself, and to where it is', async () => {
    const { items } = await customer('2026-11-20T02:00:00Z', '2026-11-25T02:00:00Z', '2026-11-25T02:01:00Z');
    const [one, other] = (await conversationsOf(items)) as [string, string];
    const segmentId = await segmentOf(items[0]!);
    const to = { conversationId: other };

    expect(await refusal(one, 'move', to)).toEqual([422, 'itemId']);
    expect(await refusal(one, 'move', { ...to, itemId: items[0], segmentId })).toEqual([422, 'itemId']);
    expect(await refusal(one, 'move', { ...to, itemId: items[1] })).toEqual([422, 'itemId']);
    expect(await refusal(one, 'move', { ...to, itemId: "'" })).toEqual([422, 'itemId']);
    expect(await refusal(one, 'move', { ...to, segmentId: items[0] })).toEqual([422, 'segmentId']);
    expect(await refusal(other, 'move', { ...to, itemId: items[1] })).toEqual([422, 'conversationId']);
    await world.sql('UPDATE core.item SET counts = false WHERE id = $1', [items[2]]);
    expect(await refusal(other, 'move', { conversationId: one, itemId: items[2] })).toEqual([422, 'itemId']);
  });
});

describe('what may belong to either of two orders (T6)', () => {
  /** The question is in the conversation of order 11, the latest; it may be about order 12. */
  async function inDoubt() {
    const { id: identifier } = await seedIdentifier(world);
    const [thread, other] = [
      await seedThread(world, { id: randomUUID() }),
      await seedThread(world, { id: randomUUID() }),
    ];
    const third = await seedThread(world, { id: randomUUID() });
    const items = [
      await seedItem(world, { identifier, thread, at: '2026-11-20T02:00:00Z', orderCodes: ['DH11'] }),
      await seedItem(world, { identifier, thread: other, at: '2026-11-24T02:00:00Z', orderCodes: ['DH12'] }),
      await seedItem(world, { identifier, thread, at: '2026-11-24T02:05:00Z' }),
      await seedItem(world, { identifier, thread: third, at: '2026-11-24T03:00:00Z' }),
    ];
    await world.sql(
      `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold) VALUES ('demo', $1, now(), true, true)`,
      [identifier],
    );
    await world.resolveAll();
    const [eleven, twelve] = (await conversationsOf(items)) as [string, string];
    return { items, eleven, twelve, segmentId: await segmentOf(items[3]!) };
  }
  const doubtsOf = async (id: string) => {
    const { ambiguous, segments, items } = (await world.ask<ConversationDto>('GET', `/v1/conversations/${id}`)).body;
    return {
      ambiguous,
      candidates: segments.map((segment) => segment.candidates),
      items: items.map((item) => 'ambiguous' in item && item.ambiguous),
    };
  };

  it('is shown with whom it may belong to, and published; a move to one of them settles it, until it is taken back', async () => {
    const end = await outboxEnd();
    const { eleven, twelve, segmentId } = await inDoubt();
    const doubt = { ambiguous: true, candidates: [[], [twelve]], items: [true, false, false] };
    expect(await doubtsOf(eleven)).toEqual(doubt);
    expect(await doubtsOf(twelve)).toEqual({ ambiguous: false, candidates: [[]], items: [false] });
    const linked = await world.sql(
      `SELECT payload->'data'->>'rule' AS rule, payload->'data'->'candidates' AS candidates FROM core.outbox
       WHERE aggregatetype = 'conversation.events.v1' AND type = 'conversation.linked' AND seq > $1`,
      [end],
    );
    expect(linked).toEqual([{ rule: 'T6', candidates: [twelve] }]);

    const moved = await act(eleven, 'move', { segmentId, conversationId: twelve });

    expect(await doubtsOf(eleven)).toEqual({ ambiguous: false, candidates: [[]], items: [false, false] });
    expect(await doubtsOf(twelve)).toEqual({ ambiguous: false, candidates: [[], []], items: [false, false] });
    await undo(moved.actId);
    expect(await doubtsOf(eleven)).toEqual(doubt);
  });

  it('is settled by a move to where it is, which nothing else may have', async () => {
    const { eleven, segmentId, items } = await inDoubt();
    const here = { conversationId: eleven };
    expect(await refusal(eleven, 'move', { ...here, itemId: items[0] })).toEqual([422, 'conversationId']);

    const stays = await act(eleven, 'move', { ...here, segmentId });

    expect(stays.conversationId).toBe(eleven);
    expect(await doubtsOf(eleven)).toEqual({ ambiguous: false, candidates: [[], []], items: [false, false, false] });
    expect(await refusal(eleven, 'move', { ...here, segmentId })).toEqual([422, 'conversationId']);
  });
});

describe('a resolve', () => {
  it('covers every stretch that the conversation has in one thread', async () => {
    const [thread, other] = [randomUUID(), randomUUID()];
    const { items } = await customer(
      { at: '2026-10-01T02:00:00Z', thread },
      ...[3, 6, 9, 12, 15, 18, 21, 24, 27, 30].map((day) => ({
        at: `2026-10-${String(day).padStart(2, '0')}T02:00:00Z`,
        thread: other,
      })),
      { at: '2026-11-01T02:00:00Z', thread },
    );
    const conversation = await conversationOf(items[0]!);
    expect(conversation.segments).toHaveLength(3);

    await act(conversation.id, 'resolve');

    expect((await conversationOf(items[0]!)).state).toBe('resolved');
  });
});
