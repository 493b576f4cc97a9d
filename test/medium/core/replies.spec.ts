import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { itemId, type ChannelEvent, type EventType } from '@lienmach/contracts';
import { CoreDatabase } from './core-database.js';
import { MINUTE, TENANT, message, told } from './stories.js';

const REPLY = '0f6d2c1e-6c2f-4b0a-9d38-0a6f1f5f7a01';
const AN = { type: 'fb_psid', scope: 'page-1', value: 'an' } as const;

const about = (type: EventType, vendorEventId: string, ms: number, data: object): ChannelEvent =>
  told({
    type,
    channel: 'facebook',
    account: 'page-1',
    thread: 'an',
    vendorEventId,
    ms,
    customer: AN,
    author: 'agent',
    data: { ...data },
  });
const text = { content: { text: 'Dạ còn ạ', attachments: [], replyTo: null }, claims: [] };

const question = message('an', 'm1', 0, 'Shop ơi');
const asked = about('message.queued', `${REPLY}|queued`, MINUTE, { ...text, commandId: REPLY });
const sending = about('message.sent', REPLY, 2 * MINUTE, { ...text, commandId: REPLY, sentAs: ['m2'] });
/** The vendor's echo, of which it cannot be told that it is ours. */
const echo = about('message.sent', 'm2', 2 * MINUTE + 300, text);
/** The same with our command's id. */
const ownEcho = about('message.sent', 'm2', 2 * MINUTE + 300, { ...text, commandId: REPLY });
const unconfirmed = about('message.unconfirmed', `${REPLY}|unknown`, 3 * MINUTE, {
  targets: [REPLY],
  watermark: null,
  reason: 'x',
});
const delivered = about('message.delivered', 'd1', 3 * MINUTE, { targets: ['m2'], watermark: null });
const liked = about('reaction.added', 'l1', 4 * MINUTE, { target: 'm2', reaction: 'love', emoji: null });

function permutations<T>(values: readonly T[]): T[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, index) =>
    permutations([...values.slice(0, index), ...values.slice(index + 1)]).map((rest) => [value, ...rest]),
  );
}

let core: CoreDatabase;
beforeEach(async () => {
  core = await CoreDatabase.create();
});
afterEach(() => core.close());

const TABLES =
  'event event_target identifier evidence thread item item_words item_alias node person segment conversation conversation_name channel_switch dirty outbox';
const forget = async (): Promise<void> => {
  for (const table of TABLES.split(' ')) await core.query(`DELETE FROM core.${table}`);
};

/** The state after the reply was asked for and the others came, each by itself, threaded in between. */
async function after(events: readonly ChannelEvent[]): Promise<Record<string, unknown[]>> {
  await forget();
  for (const event of [question, asked, ...events]) {
    await core.take([event]);
    await core.settle();
  }
  return core.state();
}

const ours = async () => {
  const rows = await core.query<{
    state: { type: string; thread: string; hidden: boolean; delivery: { state: string }; reactions: unknown[] };
  }>(`SELECT state FROM core.item WHERE id = $1 AND segment_id IS NOT NULL`, [REPLY]);
  expect(rows).toHaveLength(1);
  return rows[0]!.state;
};

describe('a reply of ours', () => {
  it.each([
    ['its echo does not name the command', [sending, echo, delivered]],
    ['its echo names the command', [unconfirmed, ownEcho, delivered]],
  ])(
    'is one item with its fate in every order of arrival, where %s',
    async (_, events) => {
      const orders = permutations(events);
      const first = await after(orders[0]!);
      expect(first['items']).toHaveLength(2);
      expect((await ours()).delivery.state).toBe('delivered');
      for (const order of orders.slice(1)) expect(await after(order)).toEqual(first);
    },
    120_000,
  );

  it('to a comment is one item with its echo, in every order of arrival', async () => {
    const BINH = { type: 'fb_commenter', scope: 'page-1', value: 'binh' } as const;
    const said = (type: EventType, vendorEventId: string, ms: number, data: object, customer: boolean | null) =>
      told({
        type,
        channel: 'facebook',
        account: 'page-1',
        thread: 'page-1_5',
        vendorEventId,
        ms,
        customer: customer === null ? null : BINH,
        author: customer ? 'customer' : 'agent',
        data: { ...data },
      });
    const content = { text: 'x', attachments: [], replyTo: '5_1' };
    const comment = said(
      'comment.received',
      '5_1',
      0,
      { content: { ...content, replyTo: null }, claims: [], parent: null },
      true,
    );
    const wanted = { content, claims: [], parent: '5_1', commandId: REPLY };
    const queued = said('comment.queued', `${REPLY}|queued`, MINUTE, wanted, false);
    const sent = said('comment.sent', REPLY, 2 * MINUTE, { ...wanted, sentAs: ['5_2'] }, false);
    // a webhook of the page's own comment names no customer, and nothing of ours
    const own = said(
      'comment.sent',
      '5_2',
      2 * MINUTE,
      { content: { ...content, replyTo: null }, claims: [], parent: '5_1' },
      null,
    );
    const hidden = said('comment.hidden', 'h1', 3 * MINUTE, { target: '5_2', hidden: true }, null);
    let expected: unknown;
    for (const order of permutations([sent, own, hidden])) {
      await forget();
      for (const event of [comment, queued, ...order]) {
        await core.take([event]);
        await core.settle();
      }
      expected ??= await core.state();
      expect(await core.state()).toEqual(expected);
      expect(await core.query(`SELECT 1 FROM core.item`)).toHaveLength(2);
      expect(await ours()).toMatchObject({ type: 'comment.sent', delivery: { state: 'sent' }, hidden: true });
      expect(await core.query(`SELECT 1 FROM core.conversation WHERE waiting_since IS NOT NULL`)).toEqual([]);
    }
  }, 120_000);

  it('to a comment in private stands in the thread that it reached, and makes commenter and customer one, in every order', async () => {
    const BINH = { type: 'fb_commenter', scope: 'page-1', value: 'binh' } as const;
    const PSID = { type: 'fb_psid', scope: 'page-1', value: 'p-binh' } as const;
    const both = { participants: [{ kind: 'customer', identifiers: [PSID, BINH], name: null }] };
    const said = (
      type: EventType,
      thread: string,
      id: string,
      ms: number,
      customer: typeof BINH | typeof PSID,
      data: object,
    ) =>
      told({
        type,
        channel: 'facebook',
        account: 'page-1',
        thread,
        vendorEventId: id,
        ms,
        customer,
        author: type.endsWith('received') ? 'customer' : 'agent',
        data: { claims: [], ...data },
      });
    const content = { text: 'x', attachments: [], replyTo: null };
    const wanted = { content: { ...content, replyTo: '5_1' }, commandId: REPLY };
    const comment = said('comment.received', 'page-1_5', '5_1', 0, BINH, { content, parent: null });
    const queued = said('message.queued', 'page-1_5', `${REPLY}|queued`, MINUTE, BINH, wanted);
    const sent = said('message.sent', 'p-binh', REPLY, 2 * MINUTE, PSID, { ...wanted, ...both, sentAs: ['m9'] });
    const copy = said('message.sent', 'p-binh', 'm9', 2 * MINUTE + 300, PSID, { content, commandId: REPLY, ...both });
    // days later, when nothing but the person and what it answers holds the two together
    const answered = said('message.received', 'p-binh', 'm10', 5 * 24 * 60 * MINUTE, PSID, { content });
    let expected: unknown;
    for (const order of permutations([sent, copy, answered])) {
      await forget();
      for (const event of [comment, queued, ...order]) {
        await core.take([event]);
        await core.settle();
      }
      expected ??= await core.state();
      expect(await core.state()).toEqual(expected);
      expect(await core.query('SELECT 1 FROM core.person')).toHaveLength(1);
      expect(await core.query('SELECT 1 FROM core.conversation')).toHaveLength(1);
      expect(await core.query('SELECT kind, strength FROM core.evidence')).toEqual([
        { kind: 'platform', strength: 'verified' },
      ]);
      expect(await ours()).toMatchObject({ thread: 'p-binh', replyTo: '5_1', delivery: { state: 'sent' } });
    }
    // the echo alone tells as much: the answer to our call may be lost
    await forget();
    for (const event of [comment, queued, copy]) {
      await core.take([event]);
      await core.settle();
    }
    expect(await core.query('SELECT 1 FROM core.person')).toHaveLength(1);
    expect(await ours()).toMatchObject({ thread: 'p-binh', delivery: { state: 'sent' } });
  }, 120_000);

  it('of which nobody knows whether it was taken fails when it bounces by the id that it would have', async () => {
    const lost = about('message.unconfirmed', `${REPLY}|unknown`, 3 * MINUTE, {
      targets: [REPLY],
      watermark: null,
      reason: 'x',
      commandId: REPLY,
      sentAs: ['<r@shop>'],
    });
    const bounced = about('message.failed', 'b1', 4 * MINUTE, {
      targets: ['<r@shop>'],
      watermark: null,
      reason: 'no such mailbox',
    });
    const first = await after([lost, bounced]);
    expect((await ours()).delivery).toEqual({ state: 'failed', reason: 'no such mailbox' });
    expect(await after([bounced, lost])).toEqual(first);
  });

  it('is the same in one batch', async () => {
    const one = await after([echo, delivered, sending, liked]);
    expect((await ours()).reactions).toHaveLength(1);
    await forget();
    await core.take([question, asked]);
    await core.take([liked, echo, delivered, sending]);
    await core.settle();
    expect(await core.state()).toEqual(one);
  });

  it('stops the clock when it was sent, not when it was asked for', async () => {
    await after([]);
    const clock = () =>
      core.query<{ waiting: boolean }>(`SELECT waiting_since IS NOT NULL AS waiting FROM core.conversation`);
    expect(await clock()).toEqual([{ waiting: true }]);
    await core.take([unconfirmed]);
    await core.settle();
    expect(await clock()).toEqual([{ waiting: true }]);
    await core.take([sending]);
    await core.settle();
    expect(await clock()).toEqual([{ waiting: false }]);
  });

  it("is not another installation's, whose echo stays an item of its own", async () => {
    await core.take([question, ownEcho]);
    await core.settle();
    const id = itemId({ tenant: TENANT, channel: 'facebook', vendor: 'facebook', account: 'page-1' }, 'm2');
    expect(await core.query('SELECT 1 FROM core.item WHERE id = $1', [id])).toHaveLength(1);
    expect(await core.query('SELECT 1 FROM core.item_alias')).toEqual([]);
  });
});

describe("a customer's mail that names a reply of ours", () => {
  const TOKEN = '5b0f6d2c1e6c2f4b0a9d380a6f1f5f7a';
  const mail = (type: EventType, thread: string, vendorEventId: string, ms: number, data: object): ChannelEvent =>
    told({
      type,
      channel: 'email',
      account: 'cskh@shop.example',
      thread,
      vendorEventId,
      ms,
      customer: { type: 'email', scope: null, value: 'an@khach.example' },
      author: type === 'message.received' ? 'customer' : 'agent',
      data,
    });
  const says = (replyTo: string | null = null) => ({ content: { text: 'x', attachments: [], replyTo }, claims: [] });
  const first = mail('message.received', '<q1>', '<q1>', 0, says());
  const wanted = mail('message.queued', '<q1>', `${REPLY}|queued`, MINUTE, {
    ...says(),
    commandId: REPLY,
    replyToken: TOKEN,
  });
  const sent = mail('message.sent', '<q1>', REPLY, 2 * MINUTE, { ...says(), commandId: REPLY, sentAs: ['<r1>'] });
  const LATER = 40 * 24 * 60 * MINUTE;

  it.each([
    ['by its Message-ID', { ...says('<r1>') }],
    ['among its references', { ...says('<elsewhere>'), references: ['<q0>', '<r1>', '<elsewhere>'] }],
    ['by its token alone', { ...says(), replyToken: TOKEN.toUpperCase() }],
    ['by the id of a mail of his own', { ...says('<q1>') }],
  ])(
    '%s joins its conversation from another thread, in every order of arrival',
    async (_, data) => {
      const answer = mail('message.received', '<q9>', '<q9>', LATER, data);
      let expected: unknown;
      for (const order of permutations([first, sent, answer])) {
        await forget();
        await core.take([wanted]);
        for (const event of order) {
          await core.take([event]);
          await core.settle();
        }
        const segments = await core.query<{ linkedBy: string | null; conversation: string }>(
          `SELECT linked_by AS "linkedBy", conversation_id AS conversation FROM core.segment ORDER BY started_at`,
        );
        expect(segments.map(({ linkedBy }) => linkedBy)).toEqual([null, 'reference']);
        expect(new Set(segments.map(({ conversation }) => conversation)).size).toBe(1);
        expected ??= await core.state();
        expect(await core.state()).toEqual(expected);
      }
    },
    120_000,
  );

  it('with a token of nobody joins nothing', async () => {
    const forged = mail('message.received', '<q9>', '<q9>', LATER, { ...says(), replyToken: `${TOKEN}0` });
    for (const event of [wanted, first, sent, forged]) await core.take([event]);
    await core.settle();
    expect(await core.query('SELECT 1 FROM core.conversation')).toHaveLength(2);
  });
});
