import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountDirectory } from '@lienmach/accounts';
import { eventId, schemaUrn, type ChannelEvent, type ProfileData } from '@lienmach/contracts';
import { JsonLogger } from '@lienmach/platform';
import type { DataSource } from 'typeorm';
import {
  createDataSource,
  DirectoryOfTenants,
  IngestPipeline,
  rebuild,
  RecordPipeline,
  type AssertedDto,
  type LookedUpDto,
  type PersonDto,
  type ProblemDto,
} from '../../../apps/core/src/public.js';
import { newResolvingWorld, type ResolvingWorld } from './world.js';

const secretsKey = randomBytes(32);
const OA = '388613280878808645';
const T0 = Date.parse('2026-11-20T02:00:00.000Z');

let world: ResolvingWorld;
let source: DataSource;
let directory: AccountDirectory;
let pipelines: { events: IngestPipeline; records: RecordPipeline };

beforeAll(async () => {
  world = await newResolvingWorld({ secretsKey });
  source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_ingest' }).initialize();
  const logger = JsonLogger.create({ name: 'test', level: 'silent' });
  directory = new AccountDirectory({ databaseUrl: world.databaseUrl, secretsKey, logger, channel: null });
  await directory.start();
  const tenants = new DirectoryOfTenants(directory);
  pipelines = { events: new IngestPipeline(tenants), records: new RecordPipeline(tenants) };
}, 60_000);
afterAll(async () => {
  await directory?.stop();
  await source?.destroy();
  await world?.close();
});

/** Transactions 1 and 2. */
async function hear(kind: 'events' | 'records', ...told: object[]): Promise<void> {
  const records = told.map((event, index) => ({
    topic: 'any.v1',
    partition: 0,
    offset: BigInt(index),
    timestamp: 0,
    key: null,
    value: Buffer.from(JSON.stringify(event)),
    headers: {},
  }));
  await source.transaction(async (manager) => {
    const pipeline = pipelines[kind] as IngestPipeline;
    const { placed, rejected } = pipeline.read(records);
    expect(rejected).toEqual([]);
    await pipeline.store(manager, [placed]);
  });
  await world.resolveAll();
}

/** What a customer filled in, a minute after each other. */
function form(uid: string, minute: number, profile: ProfileData, name: string | null = null): ChannelEvent {
  const vendorEventId = `form|${uid}|${minute}`;
  const time = new Date(T0 + minute * 60_000).toISOString();
  const customer = { type: 'zalo_oa_uid', scope: OA, value: uid } as const;
  return {
    specversion: '1.0',
    id: eventId({ tenant: 'demo', channel: 'zalo', vendor: 'zalo', account: OA }, vendorEventId),
    source: `/zalo/${OA}`,
    type: 'form.submitted',
    time,
    datacontenttype: 'application/json',
    dataschema: schemaUrn('form'),
    subject: uid,
    tenant: 'demo',
    channel: 'zalo',
    account: OA,
    identifier: `zalo_oa_uid:${OA}:${uid}`,
    receivedtime: time,
    data: {
      kind: 'form',
      vendor: 'zalo',
      vendorEventId,
      thread: uid,
      direction: 'inbound',
      author: { kind: 'customer', identifiers: [customer], name },
      participants: [],
      fields: [],
      profile,
      claims: [],
      vendorData: {},
    },
  };
}

const record = (crmId: string, minute: number, data: object) => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/crm',
  type: 'customer.recorded',
  time: new Date(T0 + minute * 60_000).toISOString(),
  datacontenttype: 'application/json',
  dataschema: schemaUrn('customer-record'),
  subject: crmId,
  tenant: 'demo',
  data: { crmId, ...data },
});

let customers = 0;
const aCustomer = (): string => String(246_845_883_529_197_000 + (customers += 1) * 64);
const personOf = async (uid: string): Promise<string> =>
  (await get<LookedUpDto>(`/v1/identifiers/zalo_oa_uid/${uid}?scope=${OA}`)).people[0]!.id;
const get = async <T>(url: string): Promise<T> => (await world.ask<T>('GET', url)).body;
const person = (id: string) => get<PersonDto>(`/v1/people/${id}`);
const edit = <T = PersonDto>(id: string, body: object, token?: string) =>
  world.ask<T>('PATCH', `/v1/people/${id}`, { body: { reason: 'told by phone', ...body }, ...(token && { token }) });
const shown = ({ profile }: Pick<PersonDto, 'profile'>): Record<string, string | null> =>
  Object.fromEntries(profile.filter((one) => one.shown).map(({ field, value }) => [field, value]));
/** As consumers of the topic know the person now. */
async function published(id: string): Promise<{ name: string | null; profile: Record<string, string> }> {
  const [row] = await world.sql<{ payload: { name: string | null; profile?: { field: string; value: string }[] } }>(
    `SELECT payload FROM core.outbox WHERE aggregatetype = 'person.state.v1' AND aggregateid = $1 ORDER BY seq DESC LIMIT 1`,
    [id],
  );
  const { name, profile = [] } = row!.payload;
  return { name, profile: Object.fromEntries(profile.map(({ field, value }) => [field, value])) };
}

describe('what is said of a customer', () => {
  it('is kept with its source and time; of one source the newest is shown, and published', async () => {
    const uid = aCustomer();
    await hear(
      'events',
      form(uid, 2, { address: 'Huế', gender: 'female' }, 'Lan'),
      form(uid, 1, { address: 'Hà Nội' }),
    );
    const id = await personOf(uid);
    const known = await person(id);
    expect(shown(known)).toEqual({ name: 'Lan', address: 'Huế', gender: 'female' });
    expect(known.profile.filter(({ field }) => field === 'address')).toMatchObject([
      { value: 'Huế', source: 'claim', at: '2026-11-20T02:02:00.000Z', shown: true, editId: null },
      { value: 'Hà Nội', source: 'claim', at: '2026-11-20T02:01:00.000Z', shown: false },
    ]);
    expect(await published(id)).toEqual({ name: 'Lan', profile: shown(known) });
  });

  it('by a CRM comes before an agent, and an agent before a channel, whatever comes last', async () => {
    const uid = aCustomer();
    const crm = `KH-${uid}`;
    await hear('events', form(uid, 1, { address: 'Huế', language: 'vi' }, 'Lan'));
    const id = await personOf(uid);
    await edit(id, { address: '1 Lê Lợi, Huế', name: 'Nguyễn Thị Lan', birthday: '1999-10-30' });
    await hear('events', form(uid, 9_999_999, { address: 'Đà Nẵng', birthday: '1980-01-01' }, 'Lan cute'));
    expect(shown(await person(id))).toEqual({
      name: 'Nguyễn Thị Lan',
      address: '1 Lê Lợi, Huế',
      birthday: '1999-10-30',
      language: 'vi',
    });
    expect(await published(id)).toEqual({ name: 'Nguyễn Thị Lan', profile: shown(await person(id)) });

    const phone = `+849000${String(20_000 + customers)}`;
    await hear('records', record(crm, 0, { phones: [phone], birthday: '1999-10-31', gender: 'female' }));
    const [owner] = (await get<LookedUpDto>(`/v1/identifiers/crm_id/${crm}`)).people;
    await world.ask<AssertedDto>('POST', `/v1/people/${id}/same-as`, {
      body: { personId: owner!.id, reason: 'the same' },
    });
    await world.resolveAll();
    expect(shown(await person(id))).toMatchObject({
      birthday: '1999-10-31',
      gender: 'female',
      address: '1 Lê Lợi, Huế',
    });
  });

  it('again, publishes nothing; a record with something new does', async () => {
    const crm = `KH-again-${aCustomer()}`;
    const phones = [`+849000${String(30_000 + customers)}`];
    await hear('records', record(crm, 1, { phones, address: 'Huế' }));
    const rows = async () =>
      (
        await world.sql(
          `SELECT FROM core.outbox WHERE aggregatetype = 'person.state.v1' AND payload::text LIKE '%' || $1 || '%'`,
          [crm],
        )
      ).length;
    const before = await rows();
    await hear('records', record(crm, 2, { phones, address: 'Huế' }));
    expect(await rows()).toBe(before);
    await hear('records', record(crm, 3, { phones, address: 'Vinh' }));
    expect(await rows()).toBe(before + 1);
    // the older one, told again later, is the newest word of the CRM
    await hear('records', record(crm, 4, { phones, address: 'Huế' }));
    const [owner] = (await get<LookedUpDto>(`/v1/identifiers/crm_id/${crm}`)).people;
    expect(shown(await person(owner!.id))).toEqual({ address: 'Huế' });
    expect((await published(owner!.id)).profile).toEqual({ address: 'Huế' });
  });
});

describe('an edit', () => {
  it('is a record with actor and reason, told without its value, and undone as if it had never been', async () => {
    const uid = aCustomer();
    await hear('events', form(uid, 1, { address: 'Huế' }, 'Lan'));
    const id = await personOf(uid);
    const { status, body } = await edit(id, { name: 'Nguyễn Thị Lan', address: 'Hà Nội' });
    expect([status, body.name]).toEqual([200, 'Nguyễn Thị Lan']);
    const mine = body.profile.filter(({ editId }) => editId !== null);
    expect(mine).toMatchObject([
      { source: 'agent', actor: 'operator', shown: true },
      { source: 'agent', actor: 'operator', shown: true },
    ]);
    const told = await world.sql<{ payload: { data: object } }>(
      `SELECT payload FROM core.outbox WHERE type = 'person.edited' AND aggregateid = $1 ORDER BY seq`,
      [id],
    );
    expect(told.map(({ payload }) => payload.data)).toMatchObject([
      { cause: 'agent', rule: 'I15', fields: ['name', 'address'], actor: 'operator', reason: 'told by phone' },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/Nguyễn|Hà Nội/);

    for (const { editId } of mine) {
      const undone = await world.ask('POST', `/v1/profile-edits/${editId!}/undo`, { body: { reason: 'a mistake' } });
      expect([undone.status, undone.body]).toEqual([201, { undoes: editId, personId: id }]);
    }
    await world.resolveAll();
    const after = await person(id);
    expect([after.name, shown(after)]).toEqual(['Lan', { name: 'Lan', address: 'Huế' }]);
    expect(await published(id)).toEqual({ name: 'Lan', profile: shown(after) });
    // nothing is deleted
    expect(
      await world.sql('SELECT FROM core.profile_edit WHERE id = ANY($1)', [mine.map(({ editId }) => editId)]),
    ).toHaveLength(2);
  });

  it('of a name that nobody else gave leaves none when it is undone', async () => {
    const uid = aCustomer();
    await hear('events', form(uid, 1, {}));
    const id = await personOf(uid);
    const { body } = await edit(id, { name: 'Lan' });
    await world.ask('POST', `/v1/profile-edits/${body.profile[0]!.editId!}/undo`, { body: { reason: 'a mistake' } });
    expect((await person(id)).name).toBeNull();
  });

  it('said again is the same record, another is newer, and null takes back what agents said', async () => {
    const uid = aCustomer();
    await hear('events', form(uid, 1, { gender: 'male' }));
    const id = await personOf(uid);
    const first = await edit(id, { gender: 'female' });
    const again = await edit(id, { gender: 'female' });
    expect(again.body.profile).toEqual(first.body.profile);
    await edit(id, { gender: 'other' });
    await edit(id, { gender: 'female' });
    expect(shown(await person(id))).toEqual({ gender: 'female' });
    const taken = await edit(id, { gender: null });
    expect(taken.body.profile).toMatchObject([{ value: 'male', source: 'claim', shown: true }]);
    expect((await edit(id, {})).body.profile).toEqual(taken.body.profile);
  });

  it('stays with whom it was about when people are joined and parted again', async () => {
    const [one, other] = [aCustomer(), aCustomer()];
    await hear('events', form(one, 1, {}, 'Lan'), form(other, 2, {}, 'Hùng'));
    const [a, b] = [await personOf(one), await personOf(other)];
    await edit(b, { name: 'Trần Hùng', address: 'Vinh' });
    const { body } = await world.ask<AssertedDto>('POST', `/v1/people/${a}/same-as`, {
      body: { personId: b, reason: 'the same' },
    });
    await world.resolveAll();
    expect(shown(await person(a))).toEqual({ name: 'Trần Hùng', address: 'Vinh' });
    await edit(a, { address: 'Huế' });
    await world.ask('POST', `/v1/evidence/${body.evidenceId}/retract`, { body: { reason: 'they are two' } });
    await world.resolveAll();
    expect(shown(await person(a))).toEqual({ name: 'Lan', address: 'Huế' });
    expect(shown(await person(b))).toEqual({ name: 'Trần Hùng', address: 'Vinh' });
  });

  it('survives a rebuild', async () => {
    const uid = aCustomer();
    await hear('events', form(uid, 1, { address: 'Huế' }, 'Lan'));
    const id = await personOf(uid);
    await edit(id, { name: 'Nguyễn Thị Lan', address: 'Hà Nội' });
    const before = await person(id);
    const tenants = new DirectoryOfTenants(directory);
    await rebuild({ databaseUrl: world.databaseUrl, tenants, dryRun: false, progress: () => undefined });
    expect(await person(id)).toEqual(before);
    expect(shown(before)).toEqual({ name: 'Nguyễn Thị Lan', address: 'Hà Nội' });
  }, 60_000);

  it('is refused where a value is none, and hidden from analysts', async () => {
    const uid = aCustomer();
    await hear('events', form(uid, 1, {}, 'Lan'));
    const id = await personOf(uid);
    const bad = { gender: 'nữ', birthday: '1999-02-31', language: 'tiếng Việt', name: ' ', address: 'a\u0000b' };
    for (const [field, value] of Object.entries(bad)) {
      const { status, body } = await edit<ProblemDto>(id, { [field]: value });
      expect([status, body.errors?.[0]?.field]).toEqual([422, field]);
    }
    expect((await edit(randomUUID(), { name: 'x' })).status).toBe(404);
    await edit(id, { address: '1 Lê Lợi', birthday: '1999-10-30', gender: 'female' });
    const token = await world.token('demo', 'analyst');
    expect((await edit(id, { name: 'x' }, token)).status).toBe(403);
    const seen = await world.ask<PersonDto>('GET', `/v1/people/${id}`, { token });
    expect(shown(seen.body)).toEqual({ name: 'L***', address: null, birthday: null, gender: 'female' });
  });
});
