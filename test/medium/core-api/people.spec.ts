import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LookedUpDto, PersonDto, WhyDto } from '../../../apps/core/src/public.js';
import { seedConversation, seedEvidence, seedIdentifier, seedPerson } from './seed.js';
import { newWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.close());

const get = async <T>(url: string): Promise<T> => {
  const { status, body } = await world.ask<T>('GET', url);
  expect(status).toBe(200);
  return body;
};

const phone = (value: string, fields: { name?: string; class?: string } = {}) =>
  seedIdentifier(world, { type: 'phone', scope: null, value, ...fields });

describe('a person', () => {
  it('is found by its present id and by every former one, and says which those are', async () => {
    const [chat, number] = [await seedIdentifier(world, { name: 'An' }), await phone('+84900000100')];
    const person = await seedPerson(world, [chat, number]);
    const open = await seedConversation(world, { personId: person, identifier: chat.id });
    const resolved = await seedConversation(world, { personId: person, identifier: chat.id, state: 'resolved' });

    const present = await get<PersonDto>(`/v1/people/${person}`);
    const former = await get<PersonDto>(`/v1/people/${number.seed}`);

    expect(former).toEqual(present);
    expect(present).toEqual({
      id: person,
      formerIds: [number.seed],
      name: 'An',
      names: [{ value: 'An', source: 'claim', at: expect.any(String) }],
      profile: [
        {
          field: 'name',
          value: 'An',
          source: 'claim',
          at: expect.any(String),
          shown: true,
          actor: null,
          editId: null,
        },
      ],
      identifiers: [
        { id: number.id, type: 'phone', scope: null, value: '+84900000100', class: 'personal', level: 'corroborated' },
        expect.objectContaining({ id: chat.id, type: 'fb_psid', scope: '1234567890', level: 'verified' }),
      ],
      conversations: [
        { id: open.id, state: 'open' },
        { id: resolved.id, state: 'resolved' },
      ],
    });
  });

  it('is nobody while only claims name it', async () => {
    const number = await phone('+84900000101');

    expect((await world.ask('GET', `/v1/people/${number.seed}`)).status).toBe(404);
  });
});

describe('why', () => {
  it('walks from the member that gives the id outwards, and tells what was refused', async () => {
    const [chat, number, other] = [
      await seedIdentifier(world),
      await phone('+84900000102'),
      await seedIdentifier(world),
    ];
    const person = await seedPerson(world, [chat, number]);
    const edge = {
      a: { identifierId: number.id, epoch: 1 },
      b: { identifierId: chat.id, epoch: 1 },
      level: 'corroborated',
      kind: 'claim-then-call',
      rule: 'I5',
      at: Date.parse('2026-11-20T02:20:00.000Z'),
      hash: chat.id,
      evidenceIds: [chat.id, number.id],
      actor: null,
      reason: null,
    };
    await world.sql(
      `INSERT INTO core.identity_edge (tenant, id, a, b, joins, position, edge) VALUES ('demo', gen_random_uuid(), $1, $2, true, 0, $3)`,
      [number.id, chat.id, edge],
    );
    const conflict = {
      ...edge,
      a: { identifierId: other.id, epoch: 1 },
      b: edge.a,
      because: 'claimed-by-several',
      against: [chat.id],
    };
    await world.sql(
      `INSERT INTO core.identity_conflict (tenant, id, a, b, edge) VALUES ('demo', gen_random_uuid(), $1, $2, $3)`,
      [other.id, number.id, conflict],
    );

    const { steps, rejected } = await get<WhyDto>(`/v1/people/${person}/why`);

    expect(steps).toEqual([
      {
        from: expect.objectContaining({ id: chat.id, type: 'fb_psid' }),
        to: expect.objectContaining({ id: number.id, value: '+84900000102' }),
        kind: 'claim-then-call',
        strength: 'claimed',
        level: 'corroborated',
        at: '2026-11-20T02:20:00.000Z',
        evidenceId: chat.id,
        evidenceIds: [chat.id, number.id],
        rule: 'I5',
        actor: null,
        reason: null,
      },
    ]);
    expect(rejected).toEqual([
      expect.objectContaining({
        from: expect.objectContaining({ id: other.id }),
        because: 'claimed-by-several',
        against: [chat.id],
      }),
    ]);
  });
});

describe('an identifier', () => {
  it('is found in any Vietnamese notation, with its own person first and its claimants after', async () => {
    const [number, chat, taken, denied] = [
      await phone('+84383456789', { name: 'Chủ số' }),
      await seedIdentifier(world, { name: 'Người nhắn' }),
      await seedIdentifier(world),
      await seedIdentifier(world),
    ];
    const owner = await seedPerson(world, [number]);
    const claimant = await seedPerson(world, [chat]);
    for (const one of [taken, denied]) await seedPerson(world, [one]);
    for (const one of [chat, taken, denied]) await seedEvidence(world, { kind: 'claim', a: one.id, b: number.id });
    const [withdrawn] = await world.sql<{ id: string }>('SELECT id FROM core.evidence WHERE a = $1', [taken.id]);
    await world.sql(
      `INSERT INTO core.retraction (tenant, id, evidence_id, at, actor) VALUES ('demo', gen_random_uuid(), $1, now(), 'Lan')`,
      [withdrawn!.id],
    );
    await seedEvidence(world, { kind: 'different', a: number.id, b: denied.id, strength: 'verified' });

    for (const notation of ['0168 345 6789', '+84 38.345.6789', '0084383456789', 'O383456789']) {
      const { identifier, people } = await get<LookedUpDto>(`/v1/identifiers/phone/${encodeURIComponent(notation)}`);
      expect(identifier).toEqual({
        id: number.id,
        type: 'phone',
        scope: null,
        value: '+84383456789',
        class: 'personal',
      });
      expect(people).toEqual([
        { id: owner, name: 'Chủ số', level: 'verified' },
        { id: claimant, name: 'Người nhắn', level: 'claimed' },
      ]);
    }
  });

  it('that joins nobody lists all who typed it', async () => {
    const hotline = await phone('19001234', { class: 'blocked' });
    const callers = [await seedIdentifier(world), await seedIdentifier(world)];
    for (const one of callers) {
      await seedPerson(world, [one]);
      await seedEvidence(world, { kind: 'claim', a: one.id, b: hotline.id });
    }

    const { identifier, people } = await get<LookedUpDto>('/v1/identifiers/phone/1900%201234');

    expect(identifier.class).toBe('blocked');
    expect(people.map(({ id }) => id).sort()).toEqual(callers.map(({ seed }) => seed).sort());
  });

  it('of a page is another one on another page', async () => {
    const chat = await seedIdentifier(world, { value: '4242424242', scope: '111' });
    const person = await seedPerson(world, [chat]);
    const on = (scope: string) => get<LookedUpDto>(`/v1/identifiers/fb_psid/4242424242?scope=${scope}`);

    expect((await on('111')).people.map(({ id }) => id)).toEqual([person]);
    expect((await on('222')).people).toEqual([]);
  });

  it('that was never seen is nobody’s, with the id and class that it will have', async () => {
    const { identifier, people } = await get<LookedUpDto>('/v1/identifiers/phone/0900000999');

    expect(people).toEqual([]);
    expect(identifier).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'phone',
      scope: null,
      value: '+84900000999',
      class: 'personal',
    });
  });

  it.each(['phone/12', 'phone/abc', 'email/nobody', 'shoe_size/42', 'fb_psid/77', 'phone/0900000123?scope=1'])(
    'that is malformed (%s) is 422',
    async (path) => {
      expect((await world.ask('GET', `/v1/identifiers/${path}`)).status).toBe(422);
    },
  );
});
