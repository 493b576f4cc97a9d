import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../../apps/core/src/public.js';
import { newWorld, type World } from './world.js';

const office = ['08:00-12:00', '13:30-17:30'];

describe('a calendar of working time', () => {
  let world: World;
  let admin: string;
  beforeAll(async () => {
    world = await newWorld();
    admin = await world.token('demo', 'admin');
  }, 60_000);
  afterAll(() => world?.close());

  const read = (token: string) => world.ask<Record<string, unknown>>('GET', '/v1/calendar', { token });
  const set = (body: object, token = admin) => world.ask<ProblemDto>('PUT', '/v1/calendar', { token, body });

  it('is none until it is set, then what was set, in versions, and none again', async () => {
    expect((await read(admin)).body).toEqual({ calendar: null, version: 0, changedAt: null, changedBy: null });
    const days = { '2026-12-24': ['08:00-12:00'], '2027-02-10': [] };
    expect(await set({ week: { mon: office, sat: ['08:00-24:00'] }, holidays: 'VN', days })).toMatchObject({
      status: 200,
    });
    expect((await read(await world.token('demo', 'analyst'))).body).toEqual({
      calendar: { zone: 'Asia/Ho_Chi_Minh', week: { mon: office, sat: ['08:00-24:00'] }, holidays: 'VN', days },
      version: 1,
      changedAt: expect.any(String),
      changedBy: expect.any(String),
    });
    expect((await world.ask('DELETE', '/v1/calendar', { token: admin })).body).toMatchObject({
      calendar: null,
      version: 2,
    });
  });

  it("is the tenant's own, and its admin's to set", async () => {
    await set({ week: { mon: office } });
    expect((await read(await world.token('other', 'admin'))).body).toMatchObject({ calendar: null, version: 0 });
    const agent = await world.token('demo', 'agent');
    expect((await set({ week: {} }, agent)).status).toBe(403);
    expect((await world.ask('DELETE', '/v1/calendar', { token: agent })).status).toBe(403);
  });

  it.each<[string, object, RegExp]>([
    ['no week', {}, /week/],
    ['an unknown weekday', { week: { monday: office } }, /"monday" is no weekday/],
    ['no list', { week: { mon: '08:00-12:00' } }, /mon: must be a list/],
    ['no block', { week: { mon: ['8-12'] } }, /"8-12" is no block/],
    ['a block that ends before it begins', { week: { mon: ['12:00-08:00'] } }, /ends before it begins/],
    [
      'blocks that overlap',
      { week: { mon: ['08:00-12:00', '11:00-14:00'] } },
      /begins before the block before it ends/,
    ],
    ['a day that there is not', { week: {}, days: { '2026-02-30': [] } }, /"2026-02-30" is no date/],
    ['an unknown zone', { week: {}, zone: 'Hanoi' }, /time zones/],
    ['holidays of a country that we do not have', { week: {}, holidays: 'XX' }, /holidays/],
  ])('is refused with %s', async (_name, body, sentence) => {
    const { status, body: problem } = await set(body);
    expect(status).toBe(422);
    expect(JSON.stringify(problem.errors).replaceAll('\\"', '"')).toMatch(sentence);
  });

  it('gives the stage of a wait that is shown', async () => {
    const token = await world.token('demo', 'agent');
    const [row] = await world.sql<{ id: string }>(
      `INSERT INTO core.conversation (tenant, id, person_id, brand, state, started_at, last_at, channels, ambiguous, waiting_since)
       VALUES ('demo', gen_random_uuid(), gen_random_uuid(), 'demo', 'open', now(), now(), '{facebook}', false, now() - interval '2 hours') RETURNING id`,
    );
    const stage = async () =>
      (await world.ask<{ clock: { stage: string } }>('GET', `/v1/conversations/${row!.id}`, { token })).body.clock
        .stage;
    await world.ask('DELETE', '/v1/calendar', { token: admin });
    expect(await stage()).toBe('breached');
    await set({ week: {} });
    expect(await stage()).toBe('running');
  });
});
