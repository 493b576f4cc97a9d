import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import {
  ResolveService,
  createDataSource,
  type ActDto,
  type ConversationDto,
  type UndoneDto,
} from '../../../apps/core/src/public.js';
import { newWorld, seedIdentifier, seedItem, seedThread, type World } from './world.js';

let world: World;
let source: DataSource;
let stopWorkingOff: () => Promise<void>;

beforeAll(async () => {
  world = await newWorld();
  source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_ingest' }).initialize();
  stopWorkingOff = await world.workOffMarks(resolveAll);
});
afterAll(async () => {
  await stopWorkingOff();
  await source.destroy();
  await world.close();
});

async function resolveAll(): Promise<void> {
  const service = new ResolveService(source);
  while ((await service.resolveSome(100)).marks > 0);
}

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
  await resolveAll();
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
