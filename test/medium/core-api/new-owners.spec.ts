import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  AssertedDto,
  ConversationsDto,
  LookedUpDto,
  NewOwnerDto,
  PeopleDto,
  PersonDto,
  PreviewDto,
  ProblemDto,
  TimelineDto,
  WhyDto,
} from '../../../apps/core/src/public.js';
import { seedEvidence, seedIdentifier, seedItem, type SeededIdentifier } from './seed.js';
import { newResolvingWorld, type ResolvingWorld } from './world.js';

const DAY = 24 * 60 * 60 * 1000;
const at = (day: number): string => new Date(Date.parse('2026-01-05T02:00:00Z') + day * DAY).toISOString();

let world: ResolvingWorld;
beforeAll(async () => {
  world = await newResolvingWorld();
}, 60_000);
afterAll(() => world?.close());

/** An identifier that did nothing itself yet. */
async function unused(fields: { type: string; value?: string }): Promise<SeededIdentifier> {
  const made = await seedIdentifier(world, { scope: null, ...fields });
  await world.sql('UPDATE core.identifier SET first_own_at = NULL WHERE id = $1', [made.id]);
  return made;
}
let numbers = 100;
const aNumber = async (): Promise<SeededIdentifier & { value: string; thread: string }> => {
  const value = `+84900000${(numbers += 1)}`;
  const made = await unused({ type: 'phone', value });
  const thread = randomUUID();
  await world.sql(
    `INSERT INTO core.thread (tenant, id, channel, account, thread) VALUES ('demo', $1, 'sms', 'brand', $2)`,
    [thread, value],
  );
  return { ...made, value, thread };
};
/** Known from its records alone, as an import leaves it. */
const customerOfTheCrm = (): Promise<SeededIdentifier> => unused({ type: 'crm_id' });
const record = (crm: SeededIdentifier, phone: SeededIdentifier, day: number) =>
  seedEvidence(world, { kind: 'record', strength: 'verified', a: crm.id, b: phone.id, at: at(day), actor: 'crm' });
const texts = async (phone: { id: string; thread: string }, day: number, text: string): Promise<string> => {
  const state = { vendor: 'twilio', text, thread: phone.thread };
  const item = { identifier: phone.id, at: at(day), thread: phone.thread, channel: 'sms', state };
  await seedEvidence(world, { kind: 'contact', strength: 'transport', a: phone.id, b: null, at: at(day) });
  await world.sql('UPDATE core.identifier SET first_own_at = least(first_own_at, $2) WHERE id = $1', [
    phone.id,
    at(day),
  ]);
  return seedItem(world, item);
};
const resolve = async (...identifiers: SeededIdentifier[]): Promise<void> => {
  await world.sql(
    `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold) SELECT 'demo', id, now(), true, true FROM unnest($1::uuid[]) AS id`,
    [identifiers.map(({ id }) => id)],
  );
  await world.resolveAll();
};

const get = async <T>(url: string): Promise<T> => (await world.ask<T>('GET', url)).body;
const said = async (person: string): Promise<(string | null | undefined)[]> =>
  (await get<TimelineDto>(`/v1/people/${person}/timeline`)).items.map((item) => ('text' in item ? item.text : null));
const lookUp = async ({ value }: { value: string }) =>
  (await get<LookedUpDto>(`/v1/identifiers/phone/${encodeURIComponent(value)}`)).people;
const conversationsOf = async (person: string): Promise<string[]> =>
  (await get<PersonDto>(`/v1/people/${person}`)).conversations.map(({ id }) => id);
const reply = (conversation: string) =>
  world.ask<ProblemDto & { reason: string; channels: string[] }>('POST', `/v1/conversations/${conversation}/replies`, {
    body: { text: 'Dạ shop nghe ạ' },
    headers: { 'idempotency-key': randomUUID() },
  });
const sayNewOwner = (phone: SeededIdentifier, body: object = {}, token?: string) =>
  world.ask<NewOwnerDto & ProblemDto>('POST', `/v1/identifiers/${phone.id}/new-owner`, {
    body: { reason: 'rang back', ...body },
    token,
  });
const retract = (evidenceId: string) =>
  world.ask('POST', `/v1/evidence/${evidenceId}/retract`, { body: { reason: 'was wrong' } });

/** The CRM's records of two customers of one number, and a text of each. */
async function givenAway() {
  const phone = await aNumber();
  const [seven, nine] = [await customerOfTheCrm(), await customerOfTheCrm()];
  await record(seven, phone, 0);
  await texts(phone, 1, 'của khách cũ');
  await record(nine, phone, 100);
  await texts(phone, 101, 'của khách mới');
  await resolve(phone, seven, nine);
  return { phone, seven, nine };
}

describe('a number that the CRM gives to another customer', () => {
  let phone: Awaited<ReturnType<typeof aNumber>>;
  let seven: SeededIdentifier;
  let nine: SeededIdentifier;
  beforeAll(async () => {
    ({ phone, seven, nine } = await givenAway());
  });

  it('has two timelines: what it texted before is the first one’s, what it texts since is the second one’s', async () => {
    expect(await said(seven.seed)).toEqual(['của khách cũ']);
    expect(await said(nine.seed)).toEqual(['của khách mới']);
    expect(await conversationsOf(seven.seed)).not.toEqual(await conversationsOf(nine.seed));
  });

  it('is looked up as the second one’s, and formerly the first one’s', async () => {
    expect(await lookUp(phone)).toEqual([
      { id: nine.seed, name: null, level: 'verified' },
      { id: seven.seed, name: null, level: 'verified', until: at(100) },
    ]);
    const found = await get<PeopleDto>(`/v1/people?q=${encodeURIComponent(phone.value)}`);
    expect(found.items.map(({ id }) => id)).toEqual([nine.seed, seven.seed]);
    const spans = found.items.map(({ identifiers }) => identifiers.filter(({ type }) => type === 'phone'));
    expect(spans).toMatchObject([[{ since: at(100) }], [{ until: at(100) }]]);
  });

  it('tells why, and publishes each of the two by its epoch', async () => {
    const why = await get<WhyDto>(`/v1/people/${nine.seed}/why`);
    expect(why.epochs).toMatchObject([
      { identifier: { id: phone.id }, since: at(100), because: 'record', rule: 'I13' },
    ]);
    expect(why.rejected).toEqual([]);
    expect((await get<WhyDto>(`/v1/people/${seven.seed}/why`)).epochs).toEqual([]);
    const maps = await world.sql<{ key: string; payload: object }>(
      `SELECT DISTINCT ON (aggregateid) aggregateid AS key, payload FROM core.outbox
       WHERE aggregatetype = 'identity.map.v1' AND aggregateid LIKE $1 ORDER BY aggregateid, seq DESC`,
      [`${phone.id}:%`],
    );
    expect(maps).toMatchObject([
      { key: `${phone.id}:1`, payload: { epoch: 1, personId: seven.seed, until: at(100) } },
      { key: `${phone.id}:2`, payload: { epoch: 2, personId: nine.seed, since: at(100) } },
    ]);
  });

  it('is one customer’s again when the record that gave it away is taken back', async () => {
    const [given] = await world.sql<{ id: string }>('SELECT id FROM core.evidence WHERE a = $1', [nine.id]);
    await retract(given!.id);
    expect(await said(seven.seed)).toEqual(['của khách mới', 'của khách cũ']);
    expect(await lookUp(phone)).toEqual([{ id: seven.seed, name: null, level: 'verified' }]);
    const [gone] = await world.sql<{ payload: object | null }>(
      `SELECT payload FROM core.outbox WHERE aggregatetype = 'identity.map.v1' AND aggregateid = $1 ORDER BY seq DESC LIMIT 1`,
      [`${phone.id}:2`],
    );
    expect(gone).toEqual({ payload: null });
  });
});

describe('a reply', () => {
  it('is not sent to the number in what the first one said there, and is in what the second said', async () => {
    const { seven, nine } = await givenAway();
    const [[old], [present]] = [await conversationsOf(seven.seed), await conversationsOf(nine.seed)];
    const refused = await reply(old!);
    expect([refused.status, refused.body.reason, refused.body.channels]).toEqual([409, 'somebody-elses-now', []]);
    expect((await reply(present!)).status).toBe(202);
  });
});

describe("an agent's word that a number is somebody else's", () => {
  it('parts what was one, and is taken back; the id of the new owner then leads to the old one', async () => {
    const phone = await aNumber();
    await texts(phone, 1, 'trước');
    await texts(phone, 20, 'sau');
    await resolve(phone);
    expect(await said(phone.seed)).toEqual(['sau', 'trước']);

    const { status, body } = await sayNewOwner(phone, { since: at(10) });
    expect([status, body]).toEqual([201, { evidenceId: expect.any(String), personId: expect.any(String) }]);
    expect(body.personId).not.toBe(phone.seed);
    expect([await said(phone.seed), await said(body.personId!)]).toEqual([['trước'], ['sau']]);
    const [change] = await world.sql<{ type: string; data: object }>(
      `SELECT type, payload->'data' AS data FROM core.outbox WHERE aggregatetype = 'person.changes.v1' AND aggregateid = $1 ORDER BY seq DESC`,
      [phone.seed],
    );
    expect(change).toMatchObject({
      type: 'person.split',
      data: { rule: 'I13', actor: 'operator', evidenceIds: [body.evidenceId], after: expect.any(Array) },
    });
    const [moved] = (await get<ConversationsDto>('/v1/conversations')).items.filter(
      ({ personId }) => personId === body.personId,
    );
    expect(moved).toMatchObject({ channels: ['sms'], state: 'open' });

    await retract(body.evidenceId);
    expect(await said(phone.seed)).toEqual(['sau', 'trước']);
    expect((await get<PersonDto>(`/v1/people/${body.personId}`)).id).toBe(phone.seed);
  });

  it('gives a number without a customer’s word since then to somebody who is known by nothing else', async () => {
    const phone = await aNumber();
    await texts(phone, 1, 'trước');
    await resolve(phone);
    const first = await sayNewOwner(phone);
    expect((await lookUp(phone)).map(({ id }) => id)).toEqual([first.body.personId, phone.seed]);
    // said again before the new owner did anything it is the same
    expect((await sayNewOwner(phone)).body).toEqual(first.body);
  });

  it('is undone also by the word that the two owners are one person', async () => {
    const phone = await aNumber();
    await texts(phone, 1, 'trước');
    await texts(phone, 20, 'sau');
    await resolve(phone);
    const { personId } = (await sayNewOwner(phone, { since: at(10) })).body;
    const same = await world.ask<AssertedDto>('POST', `/v1/people/${phone.seed}/same-as`, {
      body: { personId, reason: 'it was her all the time' },
    });
    expect([same.status, same.body.personId]).toEqual([201, phone.seed]);
    expect(await said(phone.seed)).toEqual(['sau', 'trước']);
    expect((await get<PersonDto>(`/v1/people/${personId}`)).id).toBe(phone.seed);
    await retract(same.body.evidenceId);
    expect([await said(phone.seed), await said(personId!)]).toEqual([['trước'], ['sau']]);
  });

  it('as a dry run tells what would part, and writes nothing', async () => {
    const phone = await aNumber();
    await texts(phone, 1, 'trước');
    await resolve(phone);
    const { status, body } = await world.ask<PreviewDto>('POST', `/v1/identifiers/${phone.id}/new-owner?dryRun=true`, {
      body: { reason: 'x' },
    });
    expect([status, body.splits.map(({ personId, after }) => [personId, after.length])]).toEqual([
      200,
      [[phone.seed, 2]],
    ]);
    expect(await world.sql(`SELECT FROM core.evidence WHERE a = $1 AND kind = 'new-owner'`, [phone.id])).toEqual([]);
  });

  it('is refused of what nobody owns, of what is no number, of the future, and to who may not act', async () => {
    const hotline = await seedIdentifier(world, { type: 'phone', scope: null, value: '1900000001', class: 'blocked' });
    const psid = await seedIdentifier(world);
    const phone = await aNumber();
    expect((await sayNewOwner(hotline)).status).toBe(409);
    expect((await sayNewOwner(psid)).status).toBe(422);
    expect((await sayNewOwner({ id: randomUUID(), seed: '' })).status).toBe(404);
    expect((await sayNewOwner(phone, { since: new Date(Date.now() + DAY).toISOString() })).status).toBe(422);
    expect((await sayNewOwner(phone, { since: 'yesterday' })).status).toBe(422);
    expect((await sayNewOwner(phone, {}, await world.token('demo', 'analyst'))).status).toBe(403);
  });
});

describe('names of a number that several had in turn', () => {
  it('are each one’s own', async () => {
    const phone = await aNumber();
    await texts(phone, 1, 'trước');
    await world.sql(
      `INSERT INTO core.profile_value (tenant, identifier_id, field, source, value, at)
       VALUES ('demo', $1, 'name', 'claim', 'Khách Cũ', $2), ('demo', $1, 'name', 'claim', 'Khách Mới', $3)`,
      [phone.id, at(1), at(20)],
    );
    await world.sql(
      `UPDATE core.identifier SET name = 'Khách Mới', name_source = 'claim', name_at = $2 WHERE id = $1`,
      [phone.id, at(20)],
    );
    await texts(phone, 20, 'sau');
    await resolve(phone);
    const { personId } = (await sayNewOwner(phone, { since: at(10) })).body;
    const people = await Promise.all([phone.seed, personId!].map((id) => get<PersonDto>(`/v1/people/${id}`)));
    expect(people.map(({ name, names }) => [name, names.map(({ value }) => value)])).toEqual([
      ['Khách Cũ', ['Khách Cũ']],
      ['Khách Mới', ['Khách Mới']],
    ]);
    const [state] = await world.sql<{ name: string }>(
      `SELECT payload->>'name' AS name FROM core.outbox WHERE aggregatetype = 'person.state.v1' AND aggregateid = $1 ORDER BY seq DESC LIMIT 1`,
      [phone.seed],
    );
    expect(state).toEqual({ name: 'Khách Cũ' });
  });
});
