import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TOPICS, channelTopic, type ChannelEvent, type ReplyData } from '@lienmach/contracts';
import {
  createGatheringProducer,
  headerText,
  kafkaConnectionFromEnv,
  readToEnd,
  type KafkaRecord,
} from '@lienmach/kafka';
import type { AppProcess } from '@lienmach/tools';
import pg from 'pg';
import {
  GraphServer,
  createTopics,
  demo,
  newSettings,
  replyRecord,
  rival,
  startApp,
  waitUntil,
  writeAccountsFile,
  type Settings,
  type Shop,
} from '../support/index.js';

jest.setTimeout(120_000);

let settings: Settings;
let graph: GraphServer;
let adapter: AppProcess;
let producer: ReturnType<typeof createGatheringProducer>;
let database: pg.Pool;
const PSID = '7788990011223344';
const AT = new Date().toISOString();

beforeAll(async () => {
  graph = await GraphServer.start();
  settings = await newSettings({ ACCOUNTS_FILE: writeAccountsFile(), FACEBOOK_GRAPH_URL: graph.url });
  await createTopics(settings);
  producer = createGatheringProducer(kafkaConnectionFromEnv(settings, 'test'));
  database = new pg.Pool({ connectionString: settings['DATABASE_URL'], max: 2 });
  adapter = await startApp('adapter-facebook', settings);
});

afterAll(async () => {
  await adapter?.stop();
  await producer?.close();
  await database?.end();
  await graph?.stop();
});

interface Asked {
  text?: string;
  psid?: string;
  shop?: Shop;
  id?: string;
  at?: string;
  data?: Partial<ReplyData>;
}

/** A command on the topic. Returns its id. */
async function ask({ text = 'Dạ', psid = PSID, shop = demo, id, at = AT, data = {} }: Asked = {}): Promise<string> {
  const to = { type: 'fb_psid', scope: shop.page, value: psid } as const;
  const place = { channel: 'facebook', vendor: 'facebook', account: shop.page, thread: psid, to };
  const asked = replyRecord({ tenant: shop.tenant, id, at, data: { ...place, text, lastCustomerAt: AT, ...data } });
  await producer.send([asked.record], { deadlineMs: 10_000 });
  return asked.id;
}

async function recordsOf(topic: string): Promise<KafkaRecord[]> {
  const records: KafkaRecord[] = [];
  await readToEnd(kafkaConnectionFromEnv(settings, 'test'), topic, (record) => records.push(record));
  return records;
}

const toldOf = async (id: string): Promise<ChannelEvent[]> =>
  (await recordsOf(channelTopic('facebook')))
    .map(({ value }) => JSON.parse(String(value)) as ChannelEvent)
    .filter(({ data }) => data.vendorEventId.startsWith(id));
const told = (id: string): Promise<ChannelEvent> =>
  waitUntil(`the topic to tell of ${id}`, async () => (await toldOf(id))[0], { within: 30_000 });
const stateOf = async (id: string): Promise<string | undefined> =>
  (await database.query<{ state: string }>('SELECT state FROM channel.outbound WHERE id = $1', [id])).rows[0]?.state;

describe('a command', () => {
  it('is sent once, however often it comes, and told with the id that the vendor gave', async () => {
    const id = await ask({ text: 'Dạ còn ạ' });
    await ask({ id, text: 'Dạ còn ạ' });
    const event = await told(id);
    expect(event).toMatchObject({
      type: 'message.sent',
      tenant: 'demo',
      account: demo.page,
      identifier: `fb_psid:${demo.page}:${PSID}`,
      data: {
        commandId: id,
        sentAs: [`m_${id}`],
        direction: 'outbound',
        author: { kind: 'agent', name: 'Lan' },
        content: { text: 'Dạ còn ạ' },
      },
    });
    await ask({ id, text: 'Dạ còn ạ' });
    const last = await ask();
    await told(last);
    expect(graph.callsOf(id)).toMatchObject([
      { page: demo.page, psid: PSID, token: 'page-token-of-demo', type: 'RESPONSE', text: 'Dạ còn ạ' },
    ]);
    await waitUntil('its text to be forgotten', async () => (await stateOf(id)) === 'done');
    const { rows } = await database.query('SELECT command, outcome FROM channel.outbound WHERE id = $1', [id]);
    expect(rows).toEqual([{ command: null, outcome: null }]);
  });

  it('waits for the one before it in its thread, and for no other', async () => {
    graph.answer = (call) =>
      call.text === 'one'
        ? { status: 500, body: { error: { code: 2 } } }
        : { status: 200, body: { message_id: graph.midOf(call) } };
    const one = await ask({ text: 'one', psid: 'busy' });
    const two = await ask({ text: 'two', psid: 'busy' });
    const other = await ask({ text: 'other', psid: 'free' });
    await told(other);
    expect(graph.callsOf(two)).toEqual([]);
    graph.answer = (call) => ({ status: 200, body: { message_id: graph.midOf(call) } });
    await told(two);
    expect(graph.callsOf(one).length).toBeGreaterThan(1);
    expect(await told(one)).toMatchObject({ type: 'message.sent' });
    const texts = graph.calls.filter(({ psid }) => psid === 'busy').map(({ text }) => text);
    expect(texts.lastIndexOf('one')).toBeLessThan(texts.indexOf('two'));
  });

  it('of several messages goes on where it stopped, and what was taken is sent no second time', async () => {
    let refusals = 1;
    graph.answer = (call) =>
      call.attachment && refusals-- > 0
        ? { status: 500, body: { error: { code: 2 } } }
        : { status: 200, body: { message_id: graph.midOf(call) } };
    const url = 'https://shop.example.com/ao.jpg';
    const attachments: ReplyData['attachments'] = [{ kind: 'image', url, name: null }];
    const id = await ask({ text: 'Dạ đây ạ', data: { attachments } });
    expect(await told(id)).toMatchObject({
      type: 'message.sent',
      data: { sentAs: [`m_${id}`, `m_${id}_2`], content: { text: 'Dạ đây ạ', attachments: [{ url }] } },
    });
    expect(graph.callsOf(id).map(({ text }) => text)).toEqual(['Dạ đây ạ', null, null]);

    graph.answer = (call) =>
      call.attachment
        ? { status: 400, body: { error: { code: 100 } } }
        : { status: 200, body: { message_id: graph.midOf(call) } };
    const half = await ask({ text: 'Dạ đây ạ', data: { attachments } });
    expect(await told(half)).toMatchObject({
      type: 'message.failed',
      data: {
        targets: [half],
        commandId: half,
        sentAs: [`m_${half}`],
        partly: true,
        reason: expect.stringMatching(/^refused: .* was sent\)$/) as unknown,
      },
    });
    graph.answer = (call) => ({ status: 200, body: { message_id: graph.midOf(call) } });
  });

  it('of a page whose token does not hold waits for other settings; other pages go on', async () => {
    graph.answer = (call) =>
      call.token === 'page-token-of-demo'
        ? { status: 401, body: { error: { code: 190 } } }
        : { status: 200, body: { message_id: graph.midOf(call) } };
    const held = await ask();
    await waitUntil('the token to be refused', () => graph.callsOf(held).length > 0);
    const behind = await ask({ psid: 'another' });
    await told(await ask({ shop: rival }));
    expect([graph.callsOf(held).length, graph.callsOf(behind).length]).toEqual([1, 0]);
    expect(await stateOf(held)).toBe('waiting');

    graph.answer = (call) => ({ status: 200, body: { message_id: graph.midOf(call) } });
    await database.query(`UPDATE channel.account SET enabled = true WHERE id = $1`, [demo.page]);
    expect((await Promise.all([held, behind].map(told))).map(({ type }) => type)).toEqual([
      'message.sent',
      'message.sent',
    ]);
  });

  it('that the vendor refuses for good fails with his reason', async () => {
    graph.answer = () => ({ status: 400, body: { error: { code: 10, error_subcode: 2018278 } } });
    const id = await ask();
    expect(await told(id)).toMatchObject({
      type: 'message.failed',
      data: { targets: [id], reason: expect.stringMatching(/^outside-window: /) as unknown },
    });
    graph.answer = (call) => ({ status: 200, body: { message_id: graph.midOf(call) } });
  });

  it('of an account of another tenant, and one that is too old, fail without a call', async () => {
    const foreign = await ask({ data: { account: rival.page } });
    const old = await ask({ at: new Date(Date.now() - 5 * 60 * 60_000).toISOString() });
    expect(await told(foreign)).toMatchObject({
      type: 'message.failed',
      data: { reason: expect.stringContaining('is not set up') as unknown },
    });
    expect(await told(old)).toMatchObject({
      type: 'message.failed',
      data: { reason: 'it could not be sent in time' },
    });
    expect(graph.callsOf(foreign).concat(graph.callsOf(old))).toEqual([]);
  });

  it('that is none goes to the dead letters, and holds nobody up', async () => {
    const broken = await ask({ data: { text: '' } });
    await told(await ask());
    const letters = await recordsOf(TOPICS.deadLetter);
    const [letter] = letters.filter(({ value }) => String(value).includes(broken));
    expect(headerText(letter!, '__connect.errors.stage')).toBe('outbound');
  });
});

describe('a process killed between the call and the record', () => {
  it('leaves a reply that is told as unconfirmed, and never sent again', async () => {
    graph.answer = () => 'never';
    const id = await ask({ psid: 'killed' });
    const behind = await ask({ psid: 'killed' });
    await waitUntil('the call', () => graph.callsOf(id).length > 0);
    await adapter.kill('SIGKILL');
    graph.answer = (call) => ({ status: 200, body: { message_id: graph.midOf(call) } });
    expect(await stateOf(id)).toBe('trying');
    // as if its lease had passed
    await database.query(`UPDATE channel.outbound SET tried_at = tried_at - interval '1 hour' WHERE id = $1`, [id]);

    adapter = await startApp('adapter-facebook', settings);
    expect(await told(id)).toMatchObject({ type: 'message.unconfirmed', data: { targets: [id] } });
    expect(await told(behind)).toMatchObject({ type: 'message.sent' });
    expect(graph.callsOf(id)).toHaveLength(1);
    expect(await toldOf(id)).toHaveLength(1);
  });

  it('tells what it had recorded and not yet told', async () => {
    const id = await ask();
    await told(id);
    await waitUntil('it to be done', async () => (await stateOf(id)) === 'done');
    const [event] = await toldOf(id);
    await database.query(
      `UPDATE channel.outbound SET state = 'settled', outcome = $2, settled_at = settled_at - interval '1 hour' WHERE id = $1`,
      [id, JSON.stringify(event)],
    );
    const repeated = await waitUntil('it to be told again', async () => {
      const events = await toldOf(id);
      return events.length > 1 ? events : undefined;
    });
    expect(repeated[1]).toEqual(event);
    expect(graph.callsOf(id)).toHaveLength(1);
  });
});
