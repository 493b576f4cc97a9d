import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AssertedDto, PersonDto, ProblemDto, WhyDto } from '../../../apps/core/src/public.js';
import { seedIdentifier, type SeededIdentifier } from './seed.js';
import { newResolvingWorld, type ResolvingWorld } from './world.js';

let world: ResolvingWorld;

beforeAll(async () => {
  world = await newResolvingWorld();
});
afterAll(() => world?.close());

/** Identifiers with an interaction of their own, each a person by itself. */
async function strangers(count: number): Promise<SeededIdentifier[]> {
  const made: SeededIdentifier[] = [];
  for (let n = 0; n < count; n += 1) made.push(await seedIdentifier(world));
  await world.sql(
    `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold) SELECT 'demo', id, now(), true, false FROM unnest($1::uuid[]) AS id`,
    [made.map(({ id }) => id)],
  );
  await world.resolveAll();
  return made;
}

const person = async (one: SeededIdentifier): Promise<PersonDto> =>
  (await world.ask<PersonDto>('GET', `/v1/people/${one.seed}`)).body;
const say = async (one: SeededIdentifier, word: string, other: object) => {
  const { status, body } = await world.ask<AssertedDto>('POST', `/v1/people/${one.seed}/${word}`, {
    body: { reason: 'said so', ...other },
  });
  expect(status).toBe(201);
  return body;
};
const retract = (evidenceId: string) =>
  world.ask('POST', `/v1/evidence/${evidenceId}/retract`, { body: { reason: 'was wrong' } });

describe("an agent's words", () => {
  it('join, part and are taken back; every answer already shows what came of it', async () => {
    const [one, other] = (await strangers(2)) as [SeededIdentifier, SeededIdentifier];
    expect((await person(one)).id).not.toBe((await person(other)).id);

    const same = await say(one, 'same-as', { personId: other.seed });
    const joined = await person(one);
    expect([joined.id, await person(other)]).toEqual([same.personId, joined]);
    expect([joined.id, ...joined.formerIds].sort()).toEqual([one.seed, other.seed].sort());
    const why = (await world.ask<WhyDto>('GET', `/v1/people/${other.seed}/why`)).body;
    expect(why.steps).toMatchObject([
      {
        kind: 'same',
        strength: 'verified',
        level: 'verified',
        evidenceId: same.evidenceId,
        actor: 'operator',
        reason: 'said so',
      },
    ]);

    const different = await say(one, 'different-from', { identifierId: other.id });
    expect([(await person(one)).id, (await person(other)).id]).toEqual([one.seed, other.seed]);
    const refused = (await world.ask<WhyDto>('GET', `/v1/people/${one.seed}/why`)).body.rejected;
    expect(refused).toMatchObject([{ because: 'cannot-link', against: [different.evidenceId] }]);

    await retract(different.evidenceId);
    expect(await person(other)).toEqual(joined);
    await retract(same.evidenceId);
    expect([(await person(one)).id, (await person(other)).id]).toEqual([one.seed, other.seed]);
  });

  it('that would join two of whom one member was said to differ are refused, naming what to retract', async () => {
    const [one, friend, other] = (await strangers(3)) as [SeededIdentifier, SeededIdentifier, SeededIdentifier];
    await say(one, 'same-as', { personId: friend.seed });
    const different = await say(friend, 'different-from', { personId: other.seed });

    const answer = await world.ask<ProblemDto & { against: string[] }>('POST', `/v1/people/${other.seed}/same-as`, {
      body: { personId: one.seed, reason: 'x' },
    });

    expect(answer.status).toBe(409);
    expect(answer.body.against).toContain(different.evidenceId);
  });

  it('about people joined by several words come apart one by one', async () => {
    const [a, b, c] = (await strangers(3)) as [SeededIdentifier, SeededIdentifier, SeededIdentifier];
    const first = await say(a, 'same-as', { personId: b.seed });
    await say(b, 'same-as', { personId: c.seed });
    expect((await person(a)).identifiers).toHaveLength(3);

    await retract(first.evidenceId);

    const sizes = await Promise.all([a, b, c].map(async (one) => (await person(one)).identifiers.length));
    expect([...sizes].sort()).toEqual([1, 2, 2]);
  });
});
