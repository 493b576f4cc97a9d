import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itemId } from '@lienmach/contracts';
import type { ProblemDto, ReplyDto } from '../../../apps/core/src/public.js';
import { seedConversation, seedIdentifier, seedItem, seedPerson, seedThread, type SeededItem } from './seed.js';
import { newWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.close());

const HOUR = 60 * 60 * 1000;
const ago = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString();
const OTHER = { channel: 'zalo', state: { vendor: 'zalo' } };

/** What the channel told of a customer's item. */
async function told(item: string, data: object): Promise<void> {
  await world.sql(
    `INSERT INTO core.event (tenant, id, item_id, type, at, received_at, value)
     SELECT tenant, hash, id, 'message.received', at, at, jsonb_build_object('data', $2::jsonb) FROM core.item WHERE id = $1`,
    [item, JSON.stringify({ subject: null, vendorData: {}, ...data })],
  );
}

/** A customer who wrote twice in one thread, and in another one of the same conversation. */
async function story() {
  const identifier = await seedIdentifier(world);
  const personId = await seedPerson(world, [identifier]);
  const { id, segment, thread } = await seedConversation(world, { personId, identifier: identifier.id });
  const other = { segment: randomUUID(), thread: await seedThread(world, { id: randomUUID() }) };
  await world.sql(`UPDATE core.thread SET channel = 'zalo', thread = '88' WHERE id = $1`, [other.thread]);
  await world.sql(
    `INSERT INTO core.segment (tenant, id, person_id, thread_id, identifier_id, channel, account, conversation_id, started_at, started_by, last_at)
     SELECT tenant, $2, person_id, $3, identifier_id, 'zalo', account, conversation_id, started_at, $2, last_at FROM core.segment WHERE id = $1`,
    [segment, other.segment, other.thread],
  );
  const item = (at: string, rest: Partial<SeededItem> = {}) =>
    seedItem(world, { identifier: identifier.id, at, thread, segment, ...rest });
  return { id, item, other, identifier: identifier.id };
}

const reply = <T = ReplyDto>(id: string, body: object, key: string = randomUUID()) =>
  world.ask<T>('POST', `/v1/conversations/${id}/replies`, {
    body: { text: 'Dạ', ...body },
    headers: { 'x-tenant': 'demo', 'idempotency-key': key },
  });

async function commandOf(id: string) {
  const [row] = await world.sql<{ topic: string; data: Record<string, unknown> }>(
    `SELECT aggregatetype AS topic, payload->'data' AS data FROM core.outbox WHERE id = $1`,
    [id],
  );
  return row!;
}

describe('a private reply to a comment', () => {
  const reasonOf = ({ status, body }: { status: number; body: unknown }) => [
    status,
    (body as { reason: string }).reason,
  ];
  async function commented(at: string) {
    const made = await story();
    const comment = await made.item(at, { kind: 'comment' });
    await told(comment, { vendorEventId: '77_1' });
    return { ...made, comment };
  }

  it('is a message that names the comment, once', async () => {
    const { id, item, comment } = await commented(ago(5));
    await item(ago(1));
    const { status, body } = await reply(id, { itemId: comment, private: true });
    expect([status, body.warnings]).toEqual([202, []]);
    const { data } = await commandOf(body.id);
    expect(data).toMatchObject({ as: 'private-message', replyTo: '77_1', thread: '77' });
    const [stored] = await world.sql<{ state: object }>(`SELECT state FROM core.item WHERE id = $1`, [body.id]);
    expect(stored!.state).toMatchObject({ kind: 'message', type: 'message.queued', replyTo: '77_1' });
  });

  it('is refused when there was one before that did not fail, and never asked for twice by many at once', async () => {
    const { id, comment } = await commented(ago(5));
    // the item that the channel's events would have made
    const named = itemId({ tenant: 'demo', channel: 'facebook', vendor: 'facebook', account: '1234567890' }, '77_1');
    await world.sql(`UPDATE core.item SET id = $2 WHERE id = $1`, [comment, named]);
    await world.sql(`DELETE FROM core.item WHERE refers ? $1`, [named]);
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        reply(id, { itemId: named, private: true }, index < 2 ? key : randomUUID()),
      ),
    );
    const taken = answers.filter(({ status }) => status === 202);
    expect(new Set(taken.map(({ body }) => body.id)).size).toBe(1);
    for (const refused of answers.filter((one) => !taken.includes(one)))
      expect(reasonOf(refused)).toEqual([409, 'answered-privately']);
    expect(reasonOf(await reply(id, { itemId: named, private: true }))).toEqual([409, 'answered-privately']);
    const failed = { delivery: { state: 'failed', reason: 'x' } };
    await world.sql(`UPDATE core.item SET state = state || $2 WHERE id = $1`, [taken[0]!.body.id, failed]);
    expect((await reply(id, { itemId: named, private: true })).status).toBe(202);
  });

  it('counts its seven days from that comment, whatever came after', async () => {
    const { id, item, comment } = await commented(ago(8 * 24));
    await item(ago(1), { kind: 'comment' });
    expect(reasonOf(await reply(id, { itemId: comment, private: true }))).toEqual([409, 'window-closed']);
    expect((await reply(id, { itemId: comment })).body.warnings).toEqual(['public']);
  });

  it('is another reply than a public one, and there is none to a message', async () => {
    const { id, item, comment } = await commented(ago(5));
    const key = randomUUID();
    expect((await reply(id, { itemId: comment }, key)).status).toBe(202);
    expect((await reply(id, { itemId: comment, private: true }, key)).status).toBe(422);
    const message = await item(ago(1));
    expect(reasonOf(await reply(id, { itemId: message, private: true }))).toEqual([409, 'no-private-answer']);
    expect((await reply(id, { itemId: comment, private: 'yes' })).status).toBe(422);
  });
});

describe('a reply that names the item which it answers', () => {
  it('quotes that item by the id that its vendor knows, and the timeline shows it', async () => {
    const { id, item } = await story();
    const first = await item(ago(3));
    await told(first, { vendorEventId: 'm_first' });
    const lastAt = ago(1);
    await told(await item(lastAt), { vendorEventId: 'm_last' });

    const { status, body } = await reply(id, { itemId: first });
    expect(status).toBe(202);
    const { data } = await commandOf(body.id);
    // the window counts from the last word in the thread, whichever is answered
    expect(data).toMatchObject({ replyTo: 'm_first', answers: { vendorEventId: 'm_first' }, lastCustomerAt: lastAt });
    const [stored] = await world.sql<{ state: object }>(`SELECT state FROM core.item WHERE id = $1`, [body.id]);
    expect(stored!.state).toMatchObject({ replyTo: 'm_first', delivery: { state: 'queued' } });

    const plain = await commandOf((await reply(id, {})).body.id);
    expect(plain.data).toMatchObject({ replyTo: null, answers: { vendorEventId: 'm_last' } });
  });

  it("goes to that item's thread, though the customer's last word is elsewhere", async () => {
    const { id, item, other } = await story();
    const there = await item(ago(5), { ...OTHER, ...other });
    await item(ago(1));
    const { body } = await reply(id, { itemId: there });
    expect(body.channel).toBe('zalo');
    expect(await commandOf(body.id)).toMatchObject({ topic: 'outbound.zalo.v1', data: { thread: '88' } });
    expect((await reply(id, { itemId: there, channel: 'zalo' })).status).toBe(202);
    expect((await reply(id, {})).body.channel).toBe('facebook');
  });

  it('is refused when the window of that thread is closed, with what is open', async () => {
    const { id, item, other } = await story();
    const there = await item(ago(8 * 24), { ...OTHER, ...other });
    await item(ago(1));
    const { status, body } = await reply<ProblemDto & Record<string, unknown>>(id, { itemId: there });
    expect([status, body['reason'], body['channels']]).toEqual([409, 'window-closed', ['facebook']]);
  });

  it('names no id that we made ourselves of a tapped button', async () => {
    const { id, item } = await story();
    const tapped = await item(ago(1), { kind: 'postback' });
    await told(tapped, { vendorEventId: 'postback|77|1' });
    const { data } = await commandOf((await reply(id, { itemId: tapped })).body.id);
    expect(data).toMatchObject({ replyTo: null, answers: { vendorEventId: 'postback|77|1' } });
  });

  it('is found by a former id of the item', async () => {
    const { id, item } = await story();
    const [now, former] = [await item(ago(1)), randomUUID()];
    await world.sql(`INSERT INTO core.item_alias (tenant, id, item_id) VALUES ('demo', $1, $2)`, [former, now]);
    expect((await reply(id, { itemId: former })).status).toBe(202);
  });

  it.each<[string, 'itemId' | 'channel', (one: Awaited<ReturnType<typeof story>>) => Promise<object>]>([
    ['of another conversation', 'itemId', async () => ({ itemId: await (await story()).item(ago(1)) })],
    ['that is none', 'itemId', () => Promise.resolve({ itemId: randomUUID() })],
    ['by no id', 'itemId', () => Promise.resolve({ itemId: 'm_first' })],
    [
      'of the shop itself',
      'itemId',
      async ({ item }) => {
        const itemId = await item(ago(1), { state: { direction: 'outbound' } });
        await world.sql('UPDATE core.item SET customer = false WHERE id = $1', [itemId]);
        return { itemId };
      },
    ],
    [
      'that was taken back',
      'itemId',
      async ({ item }) => {
        const itemId = await item(ago(1));
        await world.sql(`UPDATE core.item SET state = state || '{"removed": true}' WHERE id = $1`, [itemId]);
        return { itemId };
      },
    ],
    ['of another channel', 'channel', async ({ item }) => ({ itemId: await item(ago(1)), channel: 'zalo' })],
  ])('%s is refused by the field', async (_, field, request) => {
    const made = await story();
    await made.item(ago(2));
    const { status, body } = await reply<ProblemDto>(made.id, await request(made));
    expect([status, body.errors?.map((error) => error.field)]).toEqual([422, [field]]);
  });

  it('is another reply than one that names none, or another: the same key is refused', async () => {
    const { id, item } = await story();
    const [one, two] = [await item(ago(2)), await item(ago(1))];
    const key = randomUUID();
    const first = await reply(id, { itemId: one }, key);
    expect(await reply(id, { itemId: one }, key)).toMatchObject({ status: 202, body: first.body });
    expect((await reply(id, { itemId: two }, key)).status).toBe(422);
    expect((await reply(id, {}, key)).status).toBe(422);
  });
});
