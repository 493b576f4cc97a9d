import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AssertedDto, PersonDto, PreviewDto, ProblemDto, RetractedDto } from '../../../apps/core/src/public.js';
import { seedEvidence, seedIdentifier, seedPerson, type SeededIdentifier } from './seed.js';
import { newWorld, type World } from './world.js';

let world: World;
let stopWorkingOff: () => Promise<void>;
let whenMarked: () => Promise<void>;

beforeAll(async () => {
  world = await newWorld();
  stopWorkingOff = await world.workOffMarks(() => whenMarked().then(() => world.takeMarksAway()));
});
afterAll(async () => {
  await stopWorkingOff();
  await world.close();
});

const nothing = (): Promise<void> => Promise.resolve();
const post = <T>(url: string, body: object, token?: string) => world.ask<T>('POST', url, { body, token });

async function twoPeople(): Promise<{ a: SeededIdentifier; b: SeededIdentifier }> {
  whenMarked = nothing;
  const [a, b] = [await seedIdentifier(world), await seedIdentifier(world, { type: 'phone', scope: null })];
  await seedPerson(world, [a]);
  await seedPerson(world, [b]);
  return { a, b };
}

const evidenceOf = (a: SeededIdentifier) =>
  world.sql<{ id: string; kind: string; a: string; b: string; actor: string; reason: string; strength: string }>(
    'SELECT * FROM core.evidence WHERE $1 IN (a, b) ORDER BY at',
    [a.id],
  );

describe('same-as', () => {
  it('records the two id-giving members, marks them, and answers with the person that came of it', async () => {
    const { a, b } = await twoPeople();
    const marked: string[] = [];
    whenMarked = async () => {
      const marks = await world.sql<{ identifier_id: string }>(
        'SELECT identifier_id FROM core.dirty WHERE identity AND NOT refold',
      );
      marked.push(...marks.map((mark) => mark.identifier_id));
      await seedNode(b, a.seed);
      await world.sql('DELETE FROM core.person WHERE id = $1', [b.seed]);
    };
    const agent = await world.token('demo', 'agent');

    const { status, body } = await post<AssertedDto>(
      `/v1/people/${b.seed}/same-as`,
      { personId: a.seed, reason: 'đã gọi' },
      agent,
    );

    expect(status).toBe(201);
    expect(body).toEqual({ evidenceId: expect.any(String), personId: a.seed });
    expect(marked.sort()).toEqual([a.id, b.id].sort());
    const [pair] = await evidenceOf(a);
    expect(pair).toMatchObject({
      id: body.evidenceId,
      kind: 'same',
      strength: 'verified',
      actor: 'agent of demo',
      reason: 'đã gọi',
    });
    expect([pair!.a, pair!.b]).toEqual([a.id, b.id].sort());
  });

  const seedNode = async (identifier: SeededIdentifier, person: string): Promise<void> => {
    await world.sql('UPDATE core.node SET person_id = $2 WHERE identifier_id = $1', [identifier.id, person]);
  };

  it('repeated is the same record, also once the two are one; after a retraction it is another', async () => {
    const { a, b } = await twoPeople();
    const say = async () =>
      (await post<AssertedDto>(`/v1/people/${a.seed}/same-as`, { personId: b.seed, reason: 'x' })).body.evidenceId;

    const first = await say();
    expect(await say()).toBe(first);
    await seedNode(b, a.seed);
    expect(await say()).toBe(first);
    expect(await evidenceOf(a)).toHaveLength(1);
    await post(`/v1/evidence/${first}/retract`, { reason: 'x' });
    const second = await say();

    expect(second).not.toBe(first);
    expect(await say()).toBe(second);
  });

  it('against a standing "different" is 409 and names the evidence to retract first', async () => {
    const { a, b } = await twoPeople();
    const different = await seedEvidence(world, {
      kind: 'different',
      a: a.id,
      b: b.id,
      strength: 'verified',
      actor: 'Lan',
    });

    const { status, body } = await post<ProblemDto & { against: string[] }>(`/v1/people/${a.seed}/same-as`, {
      personId: b.seed,
      reason: 'x',
    });

    expect([status, body.type, body.against]).toEqual([409, 'urn:lienmach:problem:conflict', [different]]);
    expect(await evidenceOf(a)).toHaveLength(1);

    await post(`/v1/evidence/${different}/retract`, { reason: 'x' });
    expect((await post(`/v1/people/${a.seed}/same-as`, { personId: b.seed, reason: 'x' })).status).toBe(201);
  });

  it('as a dry run tells what would join and writes nothing', async () => {
    const { a, b } = await twoPeople();

    const { status, body } = await post<PreviewDto>(`/v1/people/${a.seed}/same-as?dryRun=true`, {
      personId: b.seed,
      reason: 'x',
    });

    expect(status).toBe(200);
    const members = body.joins.map(({ before, after }) => [before.length, after.map((set) => set.identifiers.length)]);
    expect([members, body.splits, body.conflicts]).toEqual([[[2, [2]]], [], []]);
    expect(await evidenceOf(a)).toEqual([]);
  });

  it('as a dry run tells what would stand against it', async () => {
    const { a, b } = await twoPeople();
    const different = await seedEvidence(world, {
      kind: 'different',
      a: a.id,
      b: b.id,
      strength: 'verified',
      actor: 'Lan',
    });

    const { body } = await post<PreviewDto>(`/v1/people/${a.seed}/same-as?dryRun=true`, {
      personId: b.seed,
      reason: 'x',
    });

    expect(body.conflicts).toEqual([expect.objectContaining({ because: 'cannot-link', against: [different] })]);
  });

  it('of a person and itself is 422, and without a reason too', async () => {
    const { a, b } = await twoPeople();

    expect((await post(`/v1/people/${a.seed}/same-as`, { personId: a.seed, reason: 'x' })).status).toBe(422);
    expect((await post(`/v1/people/${a.seed}/same-as`, { personId: b.seed })).status).toBe(422);
    expect((await post(`/v1/people/${a.seed}/same-as?dryRun=maybe`, { personId: b.seed, reason: 'x' })).status).toBe(
      422,
    );
  });
});

describe('different-from', () => {
  const joined = async (): Promise<SeededIdentifier[]> => {
    whenMarked = nothing;
    const members = [await seedIdentifier(world), await seedIdentifier(world), await seedIdentifier(world)];
    await seedPerson(world, members);
    return members;
  };
  const pairsOf = async (one: SeededIdentifier) =>
    (await evidenceOf(one)).map(({ a, b }) => [a, b].sort().join(' ')).sort();

  it('sets a person against another pair by pair', async () => {
    const left = await joined();
    const right = await joined();

    const { status, body } = await post<AssertedDto>(`/v1/people/${left[0]!.seed}/different-from`, {
      personId: right[0]!.seed,
      reason: 'x',
    });

    expect([status, body.personId]).toEqual([201, left[0]!.seed]);
    for (const one of left)
      expect(await pairsOf(one)).toEqual(right.map(({ id }) => [one.id, id].sort().join(' ')).sort());
  });

  it('sets an identifier, or the member whose id a former one is, against every other member', async () => {
    const byIdentifier = await joined();
    const bySeed = await joined();

    await post(`/v1/people/${byIdentifier[0]!.seed}/different-from`, {
      identifierId: byIdentifier[1]!.id,
      reason: 'x',
    });
    await post(`/v1/people/${bySeed[0]!.seed}/different-from`, { personId: bySeed[1]!.seed, reason: 'x' });

    for (const [first, second, third] of [byIdentifier, bySeed] as [
      SeededIdentifier,
      SeededIdentifier,
      SeededIdentifier,
    ][]) {
      const pairs = [first, third].map((other) => [second.id, other.id].sort().join(' ')).sort();
      expect(await pairsOf(second)).toEqual(pairs);
    }
  });

  it('is taken back as a whole by the one id that it gave', async () => {
    const left = await joined();
    const right = await joined();
    const { body } = await post<AssertedDto>(`/v1/people/${left[0]!.seed}/different-from`, {
      personId: right[0]!.seed,
      reason: 'x',
    });

    const { status } = await post(`/v1/evidence/${body.evidenceId}/retract`, { reason: 'oops' });

    const rows = await world.sql<{ standing: number }>(
      `SELECT count(*)::int AS standing FROM core.evidence e WHERE a = ANY($1) AND NOT EXISTS (SELECT FROM core.retraction x WHERE x.evidence_id = e.id)`,
      [left.map(({ id }) => id)],
    );
    expect([status, rows[0]!.standing]).toEqual([201, 0]);
  });

  it('names either a person or an identifier, and leaves something of the person', async () => {
    const { a } = await twoPeople();
    const say = async (body: object) =>
      (await post(`/v1/people/${a.seed}/different-from`, { reason: 'x', ...body })).status;

    expect(await say({})).toBe(422);
    expect(await say({ personId: a.seed, identifierId: a.id })).toBe(422);
    expect(await say({ identifierId: a.id })).toBe(422);
    expect(await say({ identifierId: randomUUID() })).toBe(404);
  });
});

describe('retract', () => {
  it('is a record of its own, once however often it is said', async () => {
    const { a, b } = await twoPeople();
    const claim = await seedEvidence(world, { kind: 'claim', a: a.id, b: b.id });

    const first = await post<RetractedDto>(`/v1/evidence/${claim}/retract`, { reason: 'mistyped' });
    const second = await post<RetractedDto>(`/v1/evidence/${claim}/retract`, { reason: 'again' });

    expect(first).toMatchObject({ status: 201, body: { retracts: claim } });
    expect(second.body).toEqual(first.body);
    expect(await world.sql('SELECT id, reason, actor FROM core.retraction WHERE evidence_id = $1', [claim])).toEqual([
      { id: first.body.evidenceId, reason: 'mistyped', actor: 'operator' },
    ]);
  });

  it('is answered in time also while nobody works the marks off', async () => {
    const { a, b } = await twoPeople();
    const claim = await seedEvidence(world, { kind: 'claim', a: a.id, b: b.id });
    whenMarked = () => new Promise((resolve) => setTimeout(resolve, 2_500));

    expect((await post(`/v1/evidence/${claim}/retract`, { reason: 'x' })).status).toBe(201);
    expect((await world.ask<PersonDto>('GET', `/v1/people/${a.seed}`)).body.id).toBe(a.seed);
  });
});
