import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  AppliedRulesDto,
  JobDto,
  LookedUpDto,
  ProblemDto,
  RulesPreviewDto,
  RuleSetDto,
} from '../../../apps/core/src/public.js';
import { waitUntil } from '../../support/index.js';
import { seedEvidence, seedIdentifier } from './seed.js';
import { newResolvingWorld, type ResolvingWorld } from './world.js';

const DAY = 24 * 60 * 60 * 1000;
const at = (day: number): string => new Date(Date.parse('2026-01-01T00:00:00Z') + day * DAY).toISOString();

let world: ResolvingWorld;
let admin: string;
beforeAll(async () => {
  world = await newResolvingWorld({ coreRoles: ['api', 'jobs'] });
  admin = await world.token('demo', 'admin');
}, 60_000);
afterAll(() => world?.close());

const read = (token = admin) => world.ask<RuleSetDto>('GET', '/v1/rules', { token });
const set = (body: object, token = admin) =>
  world.ask<AppliedRulesDto & ProblemDto>('PUT', '/v1/rules', { token, body });
const dryRun = (body: object, token = admin) =>
  world.ask<RulesPreviewDto & ProblemDto>('POST', '/v1/rules/dry-run', { token, body });

/** A customer who types a number that calls so many days later. */
async function typedAndCalled(value: string, days: number): Promise<{ psid: string; phone: string }> {
  const psid = await seedIdentifier(world);
  const phone = await seedIdentifier(world, { type: 'phone', scope: null, value });
  await seedEvidence(world, { kind: 'claim', a: psid.id, b: phone.id, at: at(0) });
  await seedEvidence(world, { kind: 'contact', strength: 'transport', a: phone.id, b: null, at: at(days) });
  await world.sql(
    `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold) VALUES ('demo', $1, now(), true, false)`,
    [psid.id],
  );
  await world.resolveAll();
  return { psid: psid.seed, phone: phone.seed };
}

describe('rules', () => {
  it('are those of everybody until they are set, then what was set, complete and in versions', async () => {
    expect((await read()).body).toEqual({
      rules: {
        identity: {
          corroborationDays: 30,
          claimantDays: 365,
          sharedBy: 3,
          sharedDays: 365,
          silentDays: 365,
          newOwnerDays: 30,
          caps: { phone: 5, email: 5, unique: 1 },
          limits: { identifiers: 200, pairs: 500 },
          blocked: [],
        },
        threads: { carryOverHours: 72, botStopsClock: false },
      },
      version: 1,
      changedAt: null,
      changedBy: null,
      reason: null,
    });
    const changed = await set({
      identity: { blocked: ['0900 000 999', '+84900000999', 'Showroom@Example.com'], caps: { phone: 7 } },
      threads: { carryOverHours: 24 },
      reason: 'showroom',
    });
    expect(changed.status).toBe(200);
    const { body } = await read(await world.token('demo', 'analyst'));
    expect(body).toMatchObject({
      rules: {
        identity: {
          corroborationDays: 30,
          caps: { phone: 7, email: 5 },
          blocked: ['+84900000999', 'Showroom@example.com'],
        },
        threads: { carryOverHours: 24, botStopsClock: false },
      },
      version: 2,
      changedBy: expect.any(String),
      reason: 'showroom',
    });
    expect((await set({})).body).toMatchObject({ version: 3, rules: { threads: { carryOverHours: 72 } } });
  });

  it("are the tenant's own, and its admin's to set", async () => {
    expect((await read(await world.token('other', 'admin'))).body).toMatchObject({ version: 1 });
    expect((await set({}, await world.token('demo', 'supervisor'))).status).toBe(403);
    expect((await dryRun({}, await world.token('demo', 'agent'))).status).toBe(403);
  });

  it.each<[string, object, RegExp]>([
    ['no number', { identity: { corroborationDays: 'thirty' } }, /corroborationDays/],
    ['less than there can be', { identity: { sharedBy: 1 } }, /sharedBy/],
    ['what is no number to block', { identity: { blocked: ['nobody'] } }, /telephone number or an e-mail address/],
    ['a list that is none', { identity: { blocked: '0900000999' } }, /blocked/],
    ['a window beyond a month', { threads: { carryOverHours: 1_000 } }, /carryOverHours/],
    ['a part that is no object', { identity: 7 }, /identity/],
  ])('are refused with %s', async (_name, body, sentence) => {
    const answer = await set(body);
    expect([answer.status, answer.body.detail]).toEqual([422, expect.stringMatching(sentence)]);
  });
});

describe('a dry run', () => {
  it('tells who would be joined and who would fall apart, and writes nothing', async () => {
    const slow = await typedAndCalled('+84900000701', 40);
    const quick = await typedAndCalled('+84900000702', 3);
    const before = await world.sql('SELECT count(*)::int AS rows, max(xmin::text::bigint) AS newest FROM core.node');

    const wider = await dryRun({ identity: { corroborationDays: 60 } });
    expect(wider.status).toBe(200);
    expect(wider.body).toMatchObject({ people: { before: 3, after: 2 }, joinCount: 1, splitCount: 0 });
    const [joined] = wider.body.joins;
    expect(joined!.before.map(({ personId }) => personId).sort()).toEqual([slow.psid, slow.phone].sort());

    const blocking = await dryRun({ identity: { blocked: ['0900 000 702'] } });
    expect(blocking.body).toMatchObject({ people: { before: 3, after: 4 }, joinCount: 0, splitCount: 1 });
    const [parted] = blocking.body.splits;
    expect([quick.psid, quick.phone]).toContain(parted!.personId);
    expect(wider.body.largest[0]).toEqual({ personId: expect.any(String), identifiers: 2 });

    expect((await read()).body.version).toBe(3);
    expect(await world.sql('SELECT count(*)::int AS rows, max(xmin::text::bigint) AS newest FROM core.node')).toEqual(
      before,
    );
  });

  it('of another tenant sees nobody of this one', async () => {
    const { body } = await dryRun({ identity: { corroborationDays: 60 } }, await world.token('other', 'admin'));
    expect(body).toMatchObject({ identifiers: 0, people: { before: 0, after: 0 }, joins: [], splits: [], largest: [] });
  });
});

describe('rules that were set', () => {
  const applied = async ({ body }: { body: AppliedRulesDto }): Promise<JobDto> =>
    waitUntil('the replay to end', async () => {
      const { body: job } = await world.ask<JobDto>('GET', `/v1/jobs/${body.jobId}`, { token: admin });
      return job.state === 'done' || job.state === 'failed' ? job : undefined;
    });
  const personOf = async (seed: string) =>
    (await world.ask<{ id: string }>('GET', `/v1/people/${seed}`, { token: admin })).body.id;
  const changesSince = (seq: number) =>
    world.sql<{ type: string; payload: { data: Record<string, unknown> } }>(
      `SELECT type, payload FROM core.outbox WHERE aggregatetype = 'person.changes.v1' AND seq > $1 ORDER BY seq`,
      [seq],
    );
  const lastSeq = async () =>
    Number((await world.sql<{ seq: string }>('SELECT coalesce(max(seq), 0) AS seq FROM core.outbox'))[0]!.seq);

  it('are applied to everybody, told with their version and the cause rules, and undone by the old ones', async () => {
    const { psid, phone } = await typedAndCalled('+84900000703', 45);
    expect(await personOf(psid)).not.toBe(await personOf(phone));

    const before = await lastSeq();
    const wider = await set({ identity: { corroborationDays: 60 } });
    const job = await applied(wider);
    expect(job).toMatchObject({ kind: 'replay', state: 'done', errors: [] });
    expect(job.done).toBe(job.total);
    expect(await personOf(psid)).toBe(await personOf(phone));
    const told = (await changesSince(before)).filter(({ payload }) => JSON.stringify(payload.data).includes(phone));
    expect(told.map(({ type }) => type)).toContain('person.linked');
    const { version } = wider.body;
    expect(told.find(({ type }) => type === 'person.linked')!.payload.data).toMatchObject({
      cause: 'rules',
      rulesVersion: version,
    });

    await applied(await set({}));
    expect(await personOf(psid)).not.toBe(await personOf(phone));
  });

  it('block numbers: whoever they tied is apart, and a look-up says why', async () => {
    const { psid, phone } = await typedAndCalled('+84900000704', 3);
    expect(await personOf(psid)).toBe(await personOf(phone));
    const look = async () =>
      (await world.ask<LookedUpDto>('GET', '/v1/identifiers/phone/0900000704', { token: admin })).body;
    expect((await look()).identifier.class).toBe('personal');

    await applied(await set({ identity: { blocked: ['0900 000 704'] } }));
    expect(await personOf(psid)).not.toBe(await personOf(phone));
    const { identifier, people } = await look();
    expect(identifier.class).toBe('blocked');
    expect(people.map(({ id }) => id).sort()).toEqual([psid, phone].sort());
  });

  it('are applied to nobody of another tenant', async () => {
    const others = await seedIdentifier(world, { tenant: 'other' });
    const job = await applied(await set({ threads: { carryOverHours: 48 } }));
    expect(job.state).toBe('done');
    const [{ count }] = (await world.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM core.node WHERE identifier_id = $1`,
      [others.id],
    )) as [{ count: number }];
    expect(count).toBe(0);
  });
});
