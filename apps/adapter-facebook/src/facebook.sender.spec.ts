import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ChannelAccount, OutboundReply, SendContext } from '@lienmach/adapter-kit';
import nock from 'nock';
import type { FacebookSettings } from './facebook.config.js';
import { sendByPage, testPage } from './facebook.sender.js';

const GRAPH = 'http://graph.example.com';
const NOW = Date.UTC(2026, 10, 20, 2);
const HOUR = 60 * 60_000;
const REPLY: OutboundReply = {
  id: 'c0ffee00-0000-4000-8000-000000000001',
  thread: '7788990011223344',
  to: { type: 'fb_psid', scope: '1234567890', value: '7788990011223344' },
  text: 'Dạ còn ạ',
  attachments: [],
  lastCustomerAt: NOW - HOUR,
  replyTo: null,
  answers: null,
  subject: null,
  replyToken: null,
};
const page = (settings: Partial<FacebookSettings> = {}): ChannelAccount<FacebookSettings> => ({
  tenant: 'demo',
  channel: 'facebook',
  vendor: 'facebook',
  id: '1234567890',
  settings: { appSecret: 'app-secret', verifyToken: 'v', pageToken: 'page-token', ...settings },
  ownNumbers: [],
});
const context = (): SendContext => ({
  env: { FACEBOOK_GRAPH_URL: `${GRAPH}/` },
  signal: AbortSignal.timeout(2_000),
  now: NOW,
});
const send = (reply: Partial<OutboundReply> = {}, account = page()) =>
  sendByPage({ ...REPLY, ...reply }, account, context());
const graph = () => nock(GRAPH).post('/v26.0/1234567890/messages').query(true);

afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  expect(left).toEqual([]);
});

describe('a reply of a page', () => {
  it('goes to the customer with the command as metadata, proven by the app secret', async () => {
    let body: unknown;
    let query: unknown;
    nock(GRAPH)
      .post('/v26.0/1234567890/messages', (sent) => Boolean((body = sent)))
      .query((asked) => Boolean((query = asked)))
      .reply(200, { recipient_id: '7788990011223344', message_id: 'm_1' });

    expect(await send()).toEqual({ kind: 'sent', ids: ['m_1'] });
    expect(body).toEqual({
      recipient: { id: '7788990011223344' },
      messaging_type: 'RESPONSE',
      message: { text: 'Dạ còn ạ', metadata: REPLY.id },
    });
    const appsecret_proof = createHmac('sha256', 'app-secret').update('page-token').digest('hex');
    expect(query).toEqual({ access_token: 'page-token', appsecret_proof });
  });

  it('is an attachment by its address, which Facebook fetches, with the same metadata', async () => {
    let body: { message?: object } = {};
    nock(GRAPH)
      .post('/v26.0/1234567890/messages', (sent: typeof body) => Boolean((body = sent)))
      .query(true)
      .reply(200, { message_id: 'm_2' });
    const attachments = [{ kind: 'image' as const, url: 'https://shop.example/phieu.png', name: null }];

    expect(await send({ text: '', attachments })).toEqual({ kind: 'sent', ids: ['m_2'] });
    expect(body.message).toEqual({
      attachment: { type: 'image', payload: { url: 'https://shop.example/phieu.png' } },
      metadata: REPLY.id,
    });
  });

  it('quotes the message that it answers', async () => {
    let body: object = {};
    nock(GRAPH)
      .post('/v26.0/1234567890/messages', (sent: object) => Boolean((body = sent)))
      .query(true)
      .reply(200, { message_id: 'm_1' });
    await send({ replyTo: 'm_0' });
    expect(body).toMatchObject({ reply_to: { mid: 'm_0' }, message: { text: 'Dạ còn ạ' } });
  });

  it.each([
    ['RESPONSE', 23 * HOUR, undefined],
    ['MESSAGE_TAG', 24 * HOUR, 'HUMAN_AGENT'],
    ['MESSAGE_TAG', 6 * 24 * HOUR, 'HUMAN_AGENT'],
  ])('is a %s %d ms after the last word', async (type, since, tag) => {
    let body: { messaging_type?: string; tag?: string } = {};
    nock(GRAPH)
      .post('/v26.0/1234567890/messages', (sent: typeof body) => Boolean((body = sent)))
      .query(true)
      .reply(200, { message_id: 'm_1' });
    await send({ lastCustomerAt: NOW - since });
    expect([body.messaging_type, body.tag]).toEqual([type, tag]);
  });

  it('needs a token, and asks nobody without', async () => {
    expect(await send({}, page({ pageToken: undefined }))).toEqual({
      kind: 'failed',
      reason: 'credentials-missing: give the account its pageToken',
    });
  });
});

describe('an answer of the Send API', () => {
  const wait = (holds?: 'account') => ({ kind: 'not-taken', ...(holds && { holds }) });
  const failed = (word: string) => ({ kind: 'failed', reason: expect.stringContaining(word) as unknown as string });
  it.each<[string, number, object, object]>([
    ['190 lets the page wait for another token', 401, { code: 190, error_subcode: 463 }, wait('account')],
    ['10/2018278: the window is closed', 400, { code: 10, error_subcode: 2018278 }, failed('outside-window')],
    [
      '10/1893063 lets the page wait half an hour',
      400,
      { code: 10, error_subcode: 1893063 },
      { ...wait('account'), retryAfterMs: 1_800_000 },
    ],
    ['10 lets the page wait for a permission', 403, { code: 10 }, wait('account')],
    ['200 too', 403, { code: 200 }, wait('account')],
    [
      '200/1545041: the customer cannot be reached',
      403,
      { code: 200, error_subcode: 1545041 },
      failed('customer-unavailable'),
    ],
    ['551 too', 400, { code: 551 }, failed('customer-unavailable')],
    ['613: the page waits a minute', 400, { code: 613 }, { ...wait('account'), retryAfterMs: 60_000 }],
    ['4 too', 403, { code: 4 }, { ...wait('account'), retryAfterMs: 60_000 }],
    ['an unknown code with 429 too', 429, { code: 99 }, { ...wait('account'), retryAfterMs: 60_000 }],
    ['2 is tried again', 500, { code: 2 }, wait()],
    ['1200 too', 400, { code: '1200' }, wait()],
    ['100 is final', 400, { code: 100, error_subcode: 2018001 }, failed('refused')],
    ['an unknown code is final, by its number', 400, { code: 4711, error_subcode: 12 }, failed('4711/12')],
  ])('%s', async (_, status, error, outcome) => {
    graph().reply(status, { error: { message: 'wording changes', ...error } });
    const found = await send();
    expect(found).toMatchObject(outcome);
    expect('holds' in found).toBe('holds' in outcome);
  });

  it.each<[string, unknown, number]>([
    ['as long as the header says', { 1234567890: [{ type: 'messenger', estimated_time_to_regain_access: 19 }] }, 19],
    [
      'for the longest of several',
      { 1: [{ estimated_time_to_regain_access: 3 }, {}], 2: [{ estimated_time_to_regain_access: 7 }] },
      7,
    ],
    ['a minute where access is there', { 1: [{ estimated_time_to_regain_access: 0 }] }, 1],
    ['an hour at most', { 1: [{ estimated_time_to_regain_access: 1440 }] }, 60],
    ['a minute where the header is none of that', '{', 1],
    [
      'a minute where it holds something else',
      { 1: null, 2: 'x', 3: [{ estimated_time_to_regain_access: 'soon' }] },
      1,
    ],
  ])('about the rate lets the page wait %s', async (_, header, minutes) => {
    const usage = typeof header === 'string' ? header : JSON.stringify(header);
    graph().reply(429, { error: { code: 80004 } }, { 'X-Business-Use-Case-Usage': usage });
    expect(await send()).toMatchObject({ kind: 'not-taken', holds: 'account', retryAfterMs: minutes * 60_000 });
  });

  it.each<[string, number, unknown, string]>([
    ['of a proxy, 502', 502, '<html>', 'unknown'],
    ['200 without a message', 200, {}, 'unknown'],
    ['404 of somebody else', 404, '<html>', 'failed'],
    ['429 of somebody else', 429, 'slow', 'not-taken'],
  ])('%s', async (_, status, body, kind) => {
    graph().reply(status, body as string);
    expect((await send()).kind).toBe(kind);
  });

  it.each([
    ['that was lost', 'ECONNRESET', 'unknown'],
    ['of nobody', 'ECONNREFUSED', 'not-taken'],
  ])('%s: %s is %s, and tells no token', async (_, code, kind) => {
    graph().replyWithError(Object.assign(new Error(`connect ${code}`), { code }));
    const outcome = await send();
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).not.toContain('page-token');
  });

  it('that takes too long is unknown', async () => {
    graph().delay(5_000).reply(200, { message_id: 'm_1' });
    const outcome = await sendByPage(REPLY, page(), { ...context(), signal: AbortSignal.timeout(50) });
    expect(outcome.kind).toBe('unknown');
    nock.abortPendingRequests();
  });

  it('to a call that was not prepared there is none', async () => {
    expect((await send()).kind).toBe('not-taken');
  });
});

describe('an answer to a comment', () => {
  const comment = (reply: Partial<OutboundReply> = {}) =>
    send({
      as: 'comment',
      thread: '1234567890_5',
      replyTo: '5_1',
      to: { ...REPLY.to, type: 'fb_commenter' },
      ...reply,
    });
  const comments = (body: (sent: object) => boolean = () => true) =>
    nock(GRAPH)
      .post('/v26.0/5_1/comments', body)
      .query({ access_token: 'page-token', appsecret_proof: /^[0-9a-f]{64}$/ });

  it('is a comment of the page below it, with its picture', async () => {
    let body: unknown;
    comments((sent) => Boolean((body = sent))).reply(200, { id: '5_2' });
    const attachments = [{ kind: 'image' as const, url: 'https://shop.example/ao.png', name: null }];
    expect(await comment({ attachments })).toEqual({ kind: 'sent', ids: ['5_2'] });
    expect(body).toEqual({ message: 'Dạ còn ạ', attachment_url: 'https://shop.example/ao.png' });
  });

  it.each<[string, number, object, object]>([
    ['to a comment that is gone', 400, { code: 100, error_subcode: 33 }, { kind: 'failed', reason: /^comment-gone: / }],
    ['that is held for abuse', 400, { code: 368 }, { kind: 'failed', reason: /other words/ }],
    ['without the permission', 403, { code: 200 }, { kind: 'failed', reason: /^permission-missing: / }],
    ['by a token of yesterday', 401, { code: 190 }, { kind: 'not-taken', holds: 'account' }],
    ['too fast', 400, { code: 32 }, { kind: 'not-taken', holds: 'account' }],
    ['while Facebook cannot', 500, { code: 2 }, { kind: 'not-taken' }],
  ])('%s', async (_, status, error, { reason, ...wanted }: { reason?: RegExp }) => {
    comments().reply(status, { error: { message: 'wording changes', ...error } });
    const outcome = await comment();
    expect(outcome).toMatchObject(wanted);
    if (reason) expect((outcome as { reason: string }).reason).toMatch(reason);
    expect('holds' in outcome).toBe('holds' in wanted);
  });

  it('that nobody answers is unknown: the post tells', async () => {
    comments().reply(200, {});
    expect((await comment()).kind).toBe('unknown');
    comments().replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    expect(await comment()).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('the post') as unknown });
  });

  it('asks nobody without a token, or without the comment', async () => {
    expect(await send({ as: 'comment', replyTo: '5_1' }, page({ pageToken: undefined }))).toMatchObject({
      kind: 'failed',
    });
    expect(await comment({ replyTo: null })).toMatchObject({ kind: 'failed' });
  });
});

describe('a private answer to a comment', () => {
  const to = { type: 'fb_commenter', scope: '1234567890', value: '5544332211009988' } as const;
  const privately = (reply: Partial<OutboundReply> = {}) =>
    send({ as: 'private-message', thread: '1234567890_5', replyTo: '5_1', to, ...reply });

  it('goes to who wrote the comment, whose own id is known by the answer', async () => {
    let body: unknown;
    nock(GRAPH)
      .post('/v26.0/1234567890/messages', (sent) => Boolean((body = sent)))
      .query(true)
      .reply(200, { recipient_id: '7788990011223344', message_id: 'm_9' });
    expect(await privately()).toEqual({
      kind: 'sent',
      ids: ['m_9'],
      reached: {
        thread: '7788990011223344',
        identifier: { type: 'fb_psid', scope: '1234567890', value: '7788990011223344' },
      },
    });
    expect(body).toEqual({
      recipient: { comment_id: '5_1' },
      message: { text: 'Dạ còn ạ', metadata: `${REPLY.id} 5544332211009988` },
    });
  });

  it('to a post on the page names the post, and without a recipient in the answer nobody is known by it', async () => {
    let body: object = {};
    nock(GRAPH)
      .post('/v26.0/1234567890/messages', (sent: object) => Boolean((body = sent)))
      .query(true)
      .reply(200, { message_id: 'm_9' });
    expect(await privately({ replyTo: '1234567890_5' })).toEqual({ kind: 'sent', ids: ['m_9'] });
    expect(body).toMatchObject({ recipient: { post_id: '1234567890_5' } });
  });

  it.each([
    [10900, undefined, /^answered-privately: /],
    [10903, undefined, /^no-private-answer: /],
    [10, 2018278, /^outside-window: .* seven days/],
    [100, 2018292, /^comment-gone: /],
  ])('refused with %d/%s says what an agent can do', async (code, error_subcode, reason) => {
    graph().reply(400, { error: { code, error_subcode } });
    expect(await privately()).toMatchObject({ kind: 'failed', reason: expect.stringMatching(reason) as unknown });
  });
});

describe('a test of a page', () => {
  const me = () =>
    nock(GRAPH).get('/v26.0/me').query({ fields: 'id,name', access_token: 'page-token', appsecret_proof: /./ });

  it.each<[string, number, object, object]>([
    ['its own token', 200, { id: '1234567890', name: 'Cửa hàng' }, { ok: true, detail: 'Cửa hàng' }],
    ["another page's", 200, { id: '99' }, { ok: false, detail: 'the pageToken belongs to 99' }],
    ['none any more', 400, { error: { code: 190 } }, { ok: false, detail: expect.stringContaining('190') }],
  ])('tells whose token it is: %s', async (_, status, body, answer) => {
    me().reply(status, body as nock.Body);
    expect(await testPage(page(), context())).toEqual(answer);
  });

  it('tells what is missing', async () => {
    expect(await testPage(page({ pageToken: undefined }), context())).toMatchObject({ ok: false });
  });
});
