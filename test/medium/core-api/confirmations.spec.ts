import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountDirectory, openForCommand } from '@lienmach/accounts';
import {
  EVENT_TYPES,
  eventId,
  schemaUrn,
  type Author,
  type ChannelEvent,
  type Claim,
  type IdentifierRef,
} from '@lienmach/contracts';
import { JsonLogger } from '@lienmach/platform';
import type { DataSource } from 'typeorm';
import {
  createDataSource,
  DirectoryOfTenants,
  IngestPipeline,
  type ConfirmationDto,
  type ConfirmationsDto,
  type ConversationsDto,
  type LookedUpDto,
  type PersonDto,
  type ProblemDto,
  type TimelineDto,
  type WhyDto,
} from '../../../apps/core/src/public.js';
import { waitUntil } from '../../support/index.js';
import { newResolvingWorld, type ResolvingWorld } from './world.js';

const secretsKey = randomBytes(32);
const PAGE = '1234567890';
const NUMBER = '+84900000199';
const MAILBOX = 'care@example.com';
const MINUTE = 60_000;

let world: ResolvingWorld;
let source: DataSource;
let directory: AccountDirectory;
let pipeline: IngestPipeline;

beforeAll(async () => {
  world = await newResolvingWorld({ secretsKey });
  // as their adapters would leave them
  await world.sql(
    `INSERT INTO channel.account (tenant, channel, vendor, id, brand) VALUES ('demo', 'facebook', 'facebook', $1, NULL), ('demo', 'sms', 'twilio', $2, NULL),
       ('demo', 'sms', 'twilio', '+84900000198', 'Another'), ('demo', 'email', 'imap', $3, NULL), ('other', 'sms', 'twilio', '+84900000197', NULL)`,
    [PAGE, NUMBER, MAILBOX],
  );
  source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_ingest' }).initialize();
  const logger = JsonLogger.create({ name: 'test', level: 'silent' });
  directory = new AccountDirectory({ databaseUrl: world.databaseUrl, secretsKey, logger, channel: null });
  await directory.start();
  pipeline = new IngestPipeline(new DirectoryOfTenants(directory));
  const { person, identifierId } = await claimant();
  await waitUntil('the API to know the accounts', async () => (await ask(person, { identifierId })).status === 202);
}, 60_000);
afterAll(async () => {
  await directory?.stop();
  await source?.destroy();
  await world?.close();
});

interface Said {
  text: string;
  at?: number;
  id?: string;
  claims?: Claim[];
  data?: object;
}

/** A customer's message on the Fanpage. */
function message(
  psid: string,
  { text, at = Date.now(), id = randomUUID(), claims = [], data = {} }: Said,
): ChannelEvent {
  const customer: IdentifierRef = { type: 'fb_psid', scope: PAGE, value: psid };
  const author: Author = { kind: 'customer', identifiers: [customer], name: null };
  const origin = { tenant: 'demo', channel: 'facebook', vendor: 'facebook', account: PAGE };
  const time = new Date(at).toISOString();
  return {
    specversion: '1.0',
    id: eventId(origin, id),
    source: `/facebook/${PAGE}`,
    type: 'message.received',
    time,
    datacontenttype: 'application/json',
    dataschema: schemaUrn(EVENT_TYPES['message.received']),
    subject: psid,
    tenant: 'demo',
    channel: 'facebook',
    account: PAGE,
    identifier: `fb_psid:${PAGE}:${psid}`,
    receivedtime: time,
    data: {
      kind: 'message',
      vendor: 'facebook',
      vendorEventId: id,
      thread: psid,
      direction: 'inbound',
      author,
      participants: [],
      content: { text, attachments: [], replyTo: null },
      claims,
      vendorData: {},
      ...data,
    },
  };
}

/** Transactions 1 and 2. */
async function hear(...events: ChannelEvent[]): Promise<void> {
  const records = events.map((event, index) => ({
    topic: 'channel.facebook.v1',
    partition: 0,
    offset: BigInt(index),
    timestamp: 0,
    key: null,
    value: Buffer.from(JSON.stringify(event)),
    headers: {},
  }));
  const { placed, rejected } = pipeline.read(records);
  expect(rejected).toEqual([]);
  await source.transaction((manager) => pipeline.store(manager, [placed]));
  await world.resolveAll();
}

let customers = 0;

/** Somebody who typed a number, or an address, some minutes ago. */
async function claimant(type: 'phone' | 'email' = 'phone') {
  customers += 1;
  const psid = String(7_700_000_000_000_000 + customers);
  const value = type === 'phone' ? `+849000${String(10_000 + customers)}` : `an${customers}@example.com`;
  const said = message(psid, {
    text: `của em ${value}`,
    at: Date.now() - 10 * MINUTE,
    claims: [{ type, value, where: 'text' }],
  });
  await hear(said);
  const person = (await get<LookedUpDto>(`/v1/identifiers/fb_psid/${psid}?scope=${PAGE}`)).people[0]!.id;
  const { identifier } = await get<LookedUpDto>(`/v1/identifiers/${type}/${encodeURIComponent(value)}`);
  return { psid, value, person, identifierId: identifier.id };
}

const get = async <T>(url: string): Promise<T> => (await world.ask<T>('GET', url)).body;
type Asked = ConfirmationDto & ProblemDto & Record<string, unknown>;
const ask = (person: string, body: object, key: string | null = randomUUID(), token?: string) =>
  world.ask<Asked>('POST', `/v1/people/${person}/confirmations`, {
    body,
    ...(token && { token }),
    headers: { ...(!token && { 'x-tenant': 'demo' }), ...(key !== null && { 'idempotency-key': key }) },
  });
const standing = (id: string) => get<ConfirmationDto>(`/v1/confirmations/${id}`);
interface Command {
  text: string;
  sealed: string;
  thread: string;
}
const command = async (id: string): Promise<{ data: Command & Record<string, unknown> }> => {
  const [row] = await world.sql<{ payload: { data: Command & Record<string, unknown> } }>(
    'SELECT payload FROM core.outbox WHERE id = $1',
    [id],
  );
  return row!.payload;
};
/** As the adapter reads it. */
const codeOf = async (id: string): Promise<string> =>
  openForCommand(secretsKey, { tenant: 'demo', id }, (await command(id)).data.sealed);
const wrong = (code: string, step = 1): string => String((Number(code) + step) % 1_000_000).padStart(6, '0');
const member = async (person: string, value: string) =>
  (await get<PersonDto>(`/v1/people/${person}`)).identifiers.find((one) => one.value === value);

describe('a one-time code', () => {
  it('that is typed back makes the claim verified, and undone it is a claim again', async () => {
    const { psid, value, person, identifierId } = await claimant();
    const { status, body } = await ask(person, { identifierId });
    expect([status, body]).toMatchObject([
      202,
      { identifierId, channel: 'sms', account: NUMBER, state: 'pending', delivery: 'queued', confirmedAt: null },
    ]);
    expect(await member(person, value)).toBeUndefined();

    const typed = message(psid, { text: `Mã đây ạ ${await codeOf(body.id)}` });
    await hear(typed);
    const done = await standing(body.id);
    expect(done).toMatchObject({ state: 'confirmed', confirmedAt: typed.time });
    expect(await member(person, value)).toMatchObject({ level: 'verified' });
    const { steps } = await get<WhyDto>(`/v1/people/${person}/why`);
    expect(steps).toMatchObject([
      { kind: 'one-time-code', strength: 'verified', level: 'verified', rule: 'I3', evidenceId: done.evidenceId },
    ]);
    expect((await get<ConfirmationsDto>(`/v1/people/${person}/confirmations`)).items).toEqual([done]);
    expect(
      await world.sql(`SELECT payload->'data'->>'kind' AS kind FROM core.outbox WHERE id = $1`, [done.evidenceId]),
    ).toEqual([{ kind: 'one-time-code' }]);

    const undo = { body: { reason: 'the phone was stolen' } };
    expect((await world.ask('POST', `/v1/evidence/${done.evidenceId!}/retract`, undo)).status).toBe(201);
    await world.resolveAll();
    expect(await member(person, value)).toBeUndefined();
  });

  it('is read by nobody but whoever has the number: not in the command, the outbox, the timeline, the tables', async () => {
    const { psid, person, identifierId } = await claimant();
    const { body } = await ask(person, { identifierId });
    const code = await codeOf(body.id);
    expect(code).toMatch(/^\d{6}$/);
    const { data } = await command(body.id);
    expect(data).toMatchObject({ text: expect.stringContaining('******') as unknown, authorKind: 'system' });
    for (const table of ['outbox', 'event', 'item', 'item_words', 'confirmation', 'reply', 'dirty']) {
      const rows = await world.sql(`SELECT to_jsonb(t) AS row FROM core.${table} t WHERE tenant = 'demo'`);
      // digits of times and ids aside, which are longer runs
      expect(JSON.stringify(rows)).not.toMatch(new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])`));
    }
    await hear(message(psid, { text: code }));
    const { items } = await get<TimelineDto>(`/v1/people/${person}/timeline`);
    const sent = items.find(({ id }) => id === body.id);
    expect(sent).toMatchObject({ text: expect.stringContaining('******') as unknown, author: { kind: 'system' } });
  });

  it('makes nobody of the number before, answers no customer and opens no conversation', async () => {
    const { person, value, identifierId } = await claimant();
    const before = await get<ConversationsDto>('/v1/conversations?limit=100');
    await ask(person, { identifierId });
    await world.resolveAll();
    const { people } = await get<LookedUpDto>(`/v1/identifiers/phone/${encodeURIComponent(value)}`);
    expect(people).toEqual([{ id: person, name: null, level: 'claimed' }]);
    expect(await get<ConversationsDto>('/v1/conversations?limit=100')).toEqual(before);
  });

  it('goes by mail to a claimed address, in a thread of its own with a subject', async () => {
    const { psid, value, person, identifierId } = await claimant('email');
    const { body } = await ask(person, { identifierId, text: 'Mã của bạn là {code} nhé' });
    const { data } = await command(body.id);
    expect(data).toMatchObject({
      channel: 'email',
      account: MAILBOX,
      thread: body.id,
      to: { type: 'email', scope: null, value },
      subject: 'Mã xác nhận',
      text: 'Mã của bạn là ****** nhé',
    });
    await hear(message(psid, { text: await codeOf(body.id) }));
    expect(await member(person, value)).toMatchObject({ level: 'verified' });
  });

  it('makes a corroborated tie verified', async () => {
    const { psid, value, person, identifierId } = await claimant();
    // as if the number had called
    await world.sql(
      `INSERT INTO core.evidence (tenant, id, kind, strength, a, at, rule) VALUES ('demo', gen_random_uuid(), 'contact', 'transport', $1, now(), 'I3')`,
      [identifierId],
    );
    const mark = `INSERT INTO core.dirty (tenant, identifier_id, at, identity, refold) VALUES ('demo', $1, now(), true, false)`;
    await world.sql(mark, [identifierId]);
    await world.resolveAll();
    expect(await member(person, value)).toMatchObject({ level: 'corroborated' });
    const { body } = await ask(person, { identifierId });
    await hear(message(psid, { text: await codeOf(body.id) }));
    expect(await member(person, value)).toMatchObject({ level: 'verified' });
    expect(await ask(person, { identifierId })).toMatchObject({ status: 409, body: { reason: 'already-verified' } });
  });
});

describe('whatever is typed', () => {
  const pending = async () => {
    const made = await claimant();
    const { body } = await ask(made.person, { identifierId: made.identifierId });
    return { ...made, id: body.id, code: await codeOf(body.id) };
  };

  it('by somebody else, in another way, or too late proves nothing', async () => {
    const { value, person, psid, id, code } = await pending();
    const stranger = await claimant();
    await hear(message(stranger.psid, { text: code }));
    await hear(message(stranger.psid, { text: code }), message(psid, { text: wrong(code) }));
    await hear(message(psid, { text: code, data: { automatic: 'auto-reply' } }));
    await hear(message(psid, { text: code, at: Date.now() + 16 * MINUTE }));
    expect((await standing(id)).state).toBe('pending');
    expect(await member(person, value)).toBeUndefined();
    expect(await member(stranger.person, value)).toBeUndefined();
  });

  it('in time counts, however late it is heard of', async () => {
    const { psid, id, code } = await pending();
    const shift = `UPDATE core.confirmation SET at = at - interval '1 hour', expires_at = expires_at - interval '1 hour' WHERE id = $1`;
    await world.sql(shift, [id]);
    expect((await standing(id)).state).toBe('expired');
    await hear(message(psid, { text: code, at: Date.now() - 50 * MINUTE }));
    expect((await standing(id)).state).toBe('confirmed');
  });

  it('five times wrong is the end of it, and a repeat is no second guess', async () => {
    const { psid, id, code } = await pending();
    const guesses = [1, 2, 3, 4].map((step) => message(psid, { text: wrong(code, step) }));
    await hear(...guesses, ...guesses);
    await hear(...guesses);
    expect((await standing(id)).state).toBe('pending');
    await hear(message(psid, { text: wrong(code, 5) }));
    expect(await standing(id)).toMatchObject({ state: 'failed', reason: 'too-many-guesses' });
    await hear(message(psid, { text: code }));
    expect((await standing(id)).state).toBe('failed');
  });

  it('gives the same in every order, in one batch or in many', async () => {
    const states = [];
    const orders = ['0123456', '6543210', '3051642', '5612034'];
    for (const [index, order] of orders.entries()) {
      const { psid, value, person, id, code } = await pending();
      const start = Date.now();
      // right at the third place, wrong around it, right again at the end
      const texts = [1, 2, 0, 4, 5, 6, 0].map((step) => (step === 0 ? code : wrong(code, step)));
      const events = [...order].map((at) =>
        message(psid, { text: texts[Number(at)]!, at: start + Number(at) * 1_000 }),
      );
      if (index % 2 === 0) await hear(...events);
      else for (const event of events) await hear(event);
      const { state, confirmedAt } = await standing(id);
      states.push([state, Date.parse(confirmedAt!) - start, (await member(person, value))?.level]);
    }
    expect(states).toEqual(orders.map(() => ['confirmed', 2_000, 'verified']));
  });

  it('and heard of late, takes back what a later right code had proven', async () => {
    const { psid, value, person, id, code } = await pending();
    const start = Date.now();
    await hear(message(psid, { text: code, at: start + 9_000 }));
    const { evidenceId } = await standing(id);
    expect(await member(person, value)).toMatchObject({ level: 'verified' });
    await hear(...[1, 2, 3, 4, 5].map((step) => message(psid, { text: wrong(code, step), at: start + step * 1_000 })));
    expect(await standing(id)).toMatchObject({ state: 'failed', reason: 'too-many-guesses', evidenceId: null });
    expect(await member(person, value)).toBeUndefined();
    expect(
      await world.sql(`SELECT type FROM core.outbox WHERE payload->'data'->>'retracts' = $1`, [evidenceId]),
    ).toEqual([{ type: 'evidence.retracted' }]);
  });

  it('is no wrong guess at one code where it is right for another', async () => {
    const { psid, person, identifierId, id } = await pending();
    await world.sql(`UPDATE core.confirmation SET at = at - interval '2 minutes' WHERE id = $1`, [id]);
    const { body } = await ask(person, { identifierId });
    await hear(message(psid, { text: await codeOf(body.id) }));
    expect((await standing(body.id)).state).toBe('confirmed');
    expect(await world.sql('SELECT FROM core.confirmation_attempt WHERE confirmation_id = $1', [id])).toEqual([]);
  });
});

describe('a request', () => {
  it('asked again with its key is answered the same and sends once, even by many at the same time', async () => {
    const { person, identifierId } = await claimant();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(person, { identifierId }, key)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    const rows = await world.sql('SELECT FROM core.confirmation WHERE identifier_id = $1', [identifierId]);
    expect(rows).toHaveLength(1);
    const other = await ask(person, { identifierId, text: 'Mã {code}' }, key);
    expect(other).toMatchObject({ status: 422, body: { errors: [{ field: 'Idempotency-Key' }] } });
  });

  it('is refused where one was sent a moment ago, and where many were within a day', async () => {
    const { person, identifierId } = await claimant();
    const again = () =>
      world.sql(`UPDATE core.confirmation SET at = at - interval '2 minutes' WHERE identifier_id = $1`, [identifierId]);
    for (let count = 1; count <= 5; count += 1) {
      expect((await ask(person, { identifierId })).status).toBe(202);
      const soon = await ask(person, { identifierId });
      expect(soon).toMatchObject({ status: 429, body: { type: 'urn:lienmach:problem:too-many-requests' } });
      expect(Number(soon.headers['retry-after'])).toBeGreaterThan(0);
      await again();
    }
    const sixth = await ask(person, { identifierId });
    expect(sixth.status).toBe(429);
    expect(Number(sixth.headers['retry-after'])).toBeGreaterThan(23 * 3600);
  });

  it('is refused for what nobody claimed, or took back, what is shared, and by the wrong account or text', async () => {
    const { person, identifierId } = await claimant();
    const other = await claimant();
    const field = (name: string) => ({ status: 422, body: { errors: [{ field: name }] } });
    expect(await ask(person, { identifierId: other.identifierId })).toMatchObject(field('identifierId'));
    expect(await ask(person, { identifierId: 'none' })).toMatchObject(field('identifierId'));
    expect(await ask(person, { identifierId, account: PAGE })).toMatchObject(field('account'));
    for (const text of ['ma', '{code} {code}', '****** {code}']) {
      expect(await ask(person, { identifierId, text })).toMatchObject(field('text'));
    }
    expect(await ask(person, { identifierId }, null)).toMatchObject(field('Idempotency-Key'));
    expect((await ask(randomUUID(), { identifierId })).status).toBe(404);
    await world.sql(`UPDATE core.identifier SET standing = 'shared' WHERE id = $1`, [identifierId]);
    expect(await ask(person, { identifierId })).toMatchObject({ status: 409, body: { class: 'shared' } });
    const analyst = await world.token('demo', 'analyst');
    expect((await ask(person, { identifierId }, randomUUID(), analyst)).status).toBe(403);
    expect(await world.sql('SELECT FROM core.confirmation WHERE identifier_id = $1', [identifierId])).toEqual([]);
  });

  it('is refused where a code could join nobody, with what stands against it', async () => {
    const { person, value, identifierId } = await claimant();
    const other = await claimant();
    await hear(message(other.psid, { text: value, claims: [{ type: 'phone', value, where: 'text' }] }));
    const { body } = await ask(person, { identifierId });
    const psid = (await get<PersonDto>(`/v1/people/${person}`)).identifiers[0]!.value;
    await hear(message(psid, { text: await codeOf(body.id) }));
    await world.sql(`UPDATE core.confirmation SET at = at - interval '2 minutes' WHERE id = $1`, [body.id]);
    const { evidenceId } = await standing(body.id);
    const refused = await ask(other.person, { identifierId });
    expect(refused).toMatchObject({ status: 409, body: { conflict: { because: 'contested' }, against: [evidenceId] } });
  });

  it('sends by the account of the brand in which the customer writes, or the one that is named', async () => {
    const { person, identifierId } = await claimant();
    const named = await ask(person, { identifierId, account: '+84900000198' });
    expect([named.status, named.body.account]).toEqual([202, '+84900000198']);
    expect((await command(named.body.id)).data).toMatchObject({ account: '+84900000198' });
  });

  it('whose message fails says so', async () => {
    const { person, identifierId, value } = await claimant();
    const { body } = await ask(person, { identifierId });
    const failed = message('x', { text: '' });
    await hear({
      ...failed,
      id: randomUUID(),
      type: 'message.failed',
      dataschema: schemaUrn('receipt'),
      channel: 'sms',
      account: NUMBER,
      subject: value,
      identifier: `phone::${value}`,
      data: {
        kind: 'receipt',
        vendor: 'twilio',
        vendorEventId: `${body.id}|failed`,
        thread: value,
        direction: 'outbound',
        author: { kind: 'system', identifiers: [], name: 'operator' },
        participants: [],
        targets: [body.id],
        watermark: null,
        reason: 'no such number',
        vendorData: {},
      },
    } as unknown as ChannelEvent);
    expect(await standing(body.id)).toMatchObject({ state: 'failed', reason: 'no such number', delivery: 'failed' });
  });
});
