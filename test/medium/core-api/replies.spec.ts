import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConversationDto, ProblemDto, ReplyDto } from '../../../apps/core/src/public.js';
import { seedConversation, seedIdentifier, seedItem, seedPerson } from './seed.js';
import { newWorld, type Answer, type Asking, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world.close());

const HOUR = 60 * 60 * 1000;
const ago = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString();

/** A conversation whose customer wrote so many hours ago. */
async function conversation({ hours = 1, tenant = 'demo', kind = 'message' } = {}) {
  const identifier = await seedIdentifier(world, { tenant });
  const personId = await seedPerson(world, [identifier], { tenant });
  const made = await seedConversation(world, { tenant, personId, identifier: identifier.id });
  const { thread, segment } = made;
  await seedItem(world, { tenant, identifier: identifier.id, at: ago(hours), thread, segment, kind });
  return made;
}

const reply = <T = ReplyDto>(id: string, body: object, asking: Asking & { key?: string | null } = {}) => {
  const { key = randomUUID(), headers = {}, ...rest } = asking;
  return world.ask<T>('POST', `/v1/conversations/${id}/replies`, {
    ...rest,
    body,
    headers: { 'x-tenant': 'demo', ...(key !== null && { 'idempotency-key': key }), ...headers },
  });
};
const commands = (id: string): Promise<{ aggregatetype: string; aggregateid: string; payload: object }[]> =>
  world.sql(`SELECT aggregatetype, aggregateid, payload FROM core.outbox WHERE id = $1`, [id]);

describe('a reply', () => {
  it('is accepted as a queued item of the timeline and a command for the adapter', async () => {
    const { id } = await conversation();
    const { status, body } = await reply(id, { text: '  Dạ đơn đang giao ạ ' });
    expect([status, body]).toEqual([
      202,
      { id: expect.any(String), conversationId: id, channel: 'facebook', delivery: 'queued', warnings: [] },
    ]);

    // whose it is, the seeded rows cannot tell: their ids are none that a tenant's secret makes
    const [item] = await world.sql<{ state: object; marks: string }>(
      `SELECT state, (SELECT count(*) FROM core.dirty d WHERE d.item_id = i.id) AS marks FROM core.item i WHERE id = $1 AND shown`,
      [body.id],
    );
    expect(item).toMatchObject({
      marks: '1',
      state: {
        kind: 'message',
        type: 'message.queued',
        direction: 'outbound',
        author: { kind: 'agent', name: 'operator' },
        identifier: expect.stringMatching(/^fb_psid:1234567890:/) as unknown,
        text: 'Dạ đơn đang giao ạ',
        delivery: { state: 'queued', reason: null },
      },
    });
    const [command] = await commands(body.id);
    expect(command).toMatchObject({
      aggregatetype: 'outbound.facebook.v1',
      aggregateid: 'demo|facebook|1234567890|77',
      payload: {
        id: body.id,
        type: 'reply.requested',
        tenant: 'demo',
        data: {
          channel: 'facebook',
          vendor: 'facebook',
          account: '1234567890',
          thread: '77',
          to: { type: 'fb_psid', scope: '1234567890' },
          text: 'Dạ đơn đang giao ạ',
          author: 'operator',
        },
      },
    });
  });

  it('tells the adapter what it answers, and has a token that leads back to it', async () => {
    const { id } = await conversation();
    const data = { vendorEventId: '<q1@khach.example>', subject: 'Đơn', vendorData: { from: 'an@khach.example' } };
    await world.sql(
      `INSERT INTO core.event (tenant, id, item_id, type, at, received_at, value)
       SELECT tenant, hash, id, 'message.received', at, at, jsonb_build_object('data', $2::jsonb) FROM core.item
       WHERE segment_id IN (SELECT id FROM core.segment WHERE conversation_id = $1)`,
      [id, JSON.stringify(data)],
    );
    const { body } = await reply(id, { text: 'Dạ vâng' });
    const [{ payload } = { payload: {} }] = await commands(body.id);
    const { data: command } = payload as { data: { answers: object; replyToken: string } };
    expect(command.answers).toEqual({ ...data, references: null });
    expect(command.replyToken).toMatch(/^[0-9a-f]{32}$/);
    expect(await world.sql(`SELECT 1 FROM core.item_alias WHERE item_id = $1`, [body.id])).toHaveLength(2);
    const other = await reply(id, { text: 'Dạ vâng' });
    const [second] = await commands(other.body.id);
    expect((second!.payload as typeof payload & { data: typeof command }).data.replyToken).not.toBe(command.replyToken);
  });

  it('asked for again with its key is answered the same and sent once, even by many at the same time', async () => {
    const { id } = await conversation();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => reply(id, { text: 'Dạ' }, { key })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await world.sql(`SELECT 1 FROM core.outbox WHERE payload->'data'->>'text' = 'Dạ'`)).toHaveLength(1);
    expect(await world.sql(`SELECT 1 FROM core.item WHERE id = $1`, [answers[0]!.body.id])).toHaveLength(1);
  });

  it('asked for again once the window has closed is answered the same: what was accepted stays so', async () => {
    const { id } = await conversation();
    const key = randomUUID();
    const first = await reply(id, { text: 'Dạ vâng ạ' }, { key });
    await world.sql(
      `UPDATE core.item SET at = at - interval '8 days' WHERE segment_id IN (SELECT id FROM core.segment WHERE conversation_id = $1)`,
      [id],
    );
    expect((await reply(id, { text: 'Dạ vâng ạ' })).status).toBe(409);
    expect(await reply(id, { text: 'Dạ vâng ạ' }, { key })).toMatchObject({ status: 202, body: first.body });
  });

  it('may be a file alone, which stands in its item and in its command', async () => {
    const { id } = await conversation();
    const file = { kind: 'image', url: 'https://shop.example/phieu.png' };
    const { status, body } = await reply(id, { attachments: [file] });
    expect(status).toBe(202);
    const [command] = await commands(body.id);
    const attachments = [{ ...file, name: null }];
    expect(command!.payload).toMatchObject({ data: { text: '', attachments } });
    const [item] = await world.sql<{ state: object }>(`SELECT state FROM core.item WHERE id = $1`, [body.id]);
    expect(item!.state).toMatchObject({ text: null, attachments });
  });

  it.each([
    ['neither text nor file', {}, 'text'],
    ['no file in its list', { attachments: [] }, 'text'],
    ['a text that is none', { text: 5, attachments: [{ kind: 'image', url: 'https://shop.example/a.png' }] }, 'text'],
    [
      'a file of an unknown kind',
      { attachments: [{ kind: 'sticker', url: 'https://shop.example/a.png' }] },
      'attachments.0.kind',
    ],
    [
      'an address without https',
      { attachments: [{ kind: 'image', url: 'http://shop.example/a.png' }] },
      'attachments.0.url',
    ],
    [
      'too many files',
      { attachments: Array.from({ length: 11 }, () => ({ kind: 'image', url: 'https://shop.example/a.png' })) },
      'attachments',
    ],
  ])('with %s is refused, and the field named', async (_, request, field) => {
    const { id } = await conversation();
    const { status, body } = await reply<ProblemDto>(id, request);
    expect([status, body.errors?.map((error) => error.field)]).toEqual([422, [field]]);
  });

  it('with the key of another file is refused', async () => {
    const { id } = await conversation();
    const key = randomUUID();
    const image = (name: string) => ({ attachments: [{ kind: 'image', url: `https://shop.example/${name}.png` }] });
    expect((await reply(id, image('a'), { key })).status).toBe(202);
    expect((await reply(id, image('a'), { key })).status).toBe(202);
    expect((await reply(id, image('b'), { key })).status).toBe(422);
  });

  it('with the key of another is refused', async () => {
    const { id } = await conversation();
    const key = randomUUID();
    await reply(id, { text: 'one' }, { key });
    const { status, body } = await reply<ProblemDto>(id, { text: 'two' }, { key });
    expect([status, body.errors?.[0]?.field]).toEqual([422, 'Idempotency-Key']);
    const again = await conversation();
    expect((await reply(again.id, { text: 'one' }, { key })).status).toBe(422);
  });

  it('of another caller may have the same key', async () => {
    const { id } = await conversation();
    const [key, token] = [randomUUID(), await world.token('demo', 'agent')];
    const [mine, theirs] = [
      await reply(id, { text: 'one' }, { key }),
      await reply(id, { text: 'two' }, { key, token }),
    ];
    expect([mine.status, theirs.status]).toEqual([202, 202]);
    expect(mine.body.id).not.toBe(theirs.body.id);
  });

  it.each<[string, object, string | null, string]>([
    ['no key', { text: 'x' }, null, 'Idempotency-Key'],
    ['a key without end', { text: 'x' }, 'k'.repeat(256), 'Idempotency-Key'],
    ['no text', {}, 'k1', 'text'],
    ['nothing but spaces', { text: '   ' }, 'k2', 'text'],
    ['more than the channel takes', { text: 'x'.repeat(2_001) }, 'k3', 'text'],
    ['a channel that is no word', { text: 'x', channel: 7 }, 'k4', 'channel'],
  ])('with %s is refused with the name of the field', async (_, body, key, field) => {
    const { id } = await conversation();
    const answer = await reply<ProblemDto>(id, body, { key });
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, field]);
  });

  it('past the window of the vendor is refused, with the reason and what is open', async () => {
    const { id } = await conversation({ hours: 8 * 24 });
    const { status, body } = await reply<ProblemDto & Record<string, unknown>>(id, { text: 'Dạ' });
    expect([status, body['reason'], body['channels']]).toEqual([409, 'window-closed', []]);
    expect(Date.parse(String(body['closedAt']))).toBeLessThan(Date.now());
  });

  it('to a comment is a comment of ours that answers it, and says that everybody reads it', async () => {
    const { id } = await conversation({ kind: 'comment', hours: 30 * 24 });
    await world.sql(
      `INSERT INTO core.event (tenant, id, item_id, type, at, received_at, value)
       SELECT tenant, hash, id, 'comment.received', at, at, '{"data":{"vendorEventId":"77_1","vendorData":{}}}' FROM core.item
       WHERE segment_id IN (SELECT id FROM core.segment WHERE conversation_id = $1)`,
      [id],
    );
    const { status, body } = await reply(id, { text: 'Dạ shop nhắn bạn ạ' });
    expect([status, body.warnings]).toEqual([202, ['public']]);
    const [command] = await commands(body.id);
    expect(command!.payload).toMatchObject({ data: { as: 'comment', thread: '77', replyTo: '77_1' } });
    const [item] = await world.sql<{ state: object; family: string }>(
      `SELECT state, family FROM core.item WHERE id = $1 AND shown`,
      [body.id],
    );
    expect(item).toMatchObject({
      family: 'comment',
      state: { kind: 'comment', type: 'comment.queued', replyTo: '77_1', delivery: { state: 'queued' } },
    });
  });

  it('to a mention, or on a channel where the customer never wrote, is refused', async () => {
    const reasonOf = ({ status, body }: Answer<unknown>) => [status, (body as { reason: string }).reason];
    const { id } = await conversation({ kind: 'mention' });
    expect(reasonOf(await reply(id, { text: 'Dạ' }))).toEqual([409, 'channel-sends-nothing']);
    expect(reasonOf(await reply(id, { text: 'Dạ', channel: 'sms' }))).toEqual([409, 'no-such-thread']);
  });

  it('needs a conversation of the tenant, and a role that acts', async () => {
    const { id } = await conversation({ tenant: 'other' });
    expect((await reply(id, { text: 'Dạ' })).status).toBe(404);
    expect((await reply(randomUUID(), { text: 'Dạ' })).status).toBe(404);
    expect((await reply('nothing', { text: 'Dạ' })).status).toBe(404);
    const own = await conversation();
    expect((await reply(own.id, { text: 'Dạ' }, { token: await world.token('demo', 'analyst') })).status).toBe(403);
    const stranger = await reply(
      own.id,
      { text: 'Dạ' },
      { token: await world.token('other', 'agent'), headers: { 'x-tenant': 'other' } },
    );
    expect(stranger.status).toBe(404);
  });

  it('follows a former id of its conversation', async () => {
    const { id } = await conversation();
    const former = randomUUID();
    await world.sql(
      `INSERT INTO core.conversation_name (tenant, id, item_id, conversation_id) VALUES ('demo', $1, $2, $3)`,
      [former, randomUUID(), id],
    );
    expect((await reply(former, { text: 'Dạ' })).body.conversationId).toBe(id);
    expect((await world.ask<ConversationDto>('GET', `/v1/conversations/${former}`)).body.id).toBe(id);
  });
});
