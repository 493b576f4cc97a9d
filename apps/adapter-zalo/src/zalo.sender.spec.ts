import { afterEach, describe, expect, it } from '@jest/globals';
import type { ChannelAccount, OutboundReply, TokenContext } from '@lienmach/adapter-kit';
import { CredentialsExpired } from '@lienmach/contracts';
import nock from 'nock';
import type { ZaloSettings } from './zalo.config.js';
import { sendByOa, testOa } from './zalo.sender.js';

const API = 'http://zalo.example.com';
const PATH = '/v3.0/oa/message/cs';
const CUSTOMER = '246845883529197922';
const REPLY: OutboundReply = {
  id: 'c0ffee00-0000-4000-8000-000000000001',
  thread: CUSTOMER,
  to: { type: 'zalo_oa_uid', scope: '388613280878808645', value: CUSTOMER },
  text: 'Dạ còn ạ',
  attachments: [],
  lastCustomerAt: Date.UTC(2026, 10, 20),
  replyTo: null,
  answers: null,
  subject: null,
  replyToken: null,
};
const oa = (settings: Partial<ZaloSettings> = {}): ChannelAccount<ZaloSettings> => ({
  tenant: 'demo',
  channel: 'zalo',
  vendor: 'zalo',
  id: '388613280878808645',
  settings: { appId: '360846524940903967', oaSecret: 'oa-secret', accessToken: 'access-token', ...settings },
  ownNumbers: [],
});
/** What it was asked to renew is kept. */
let refusedTokens: (string | undefined)[] = [];
const context = (): TokenContext => ({
  env: { ZALO_API_URL: `${API}/` },
  signal: AbortSignal.timeout(2_000),
  now: Date.UTC(2026, 10, 21),
  accessToken: (refused) => {
    refusedTokens.push(refused);
    return Promise.resolve(refused === undefined ? 'access-token' : 'newer-token');
  },
});
const send = (reply: Partial<OutboundReply> = {}, account = oa()) =>
  sendByOa({ ...REPLY, ...reply }, account, context());
const api = (token = 'access-token') => nock(API, { reqheaders: { access_token: token } }).post(PATH);
const taken = { error: 0, message: 'Success', data: { message_id: 'f3a9d0', user_id: CUSTOMER } };

afterEach(() => {
  refusedTokens = [];
  const left = nock.pendingMocks();
  nock.cleanAll();
  expect(left).toEqual([]);
});

describe('a reply of an official account', () => {
  it('goes to the customer as a consulting message', async () => {
    nock(API, { reqheaders: { access_token: 'access-token' } })
      .post(PATH, { recipient: { user_id: CUSTOMER }, message: { text: 'Dạ còn ạ' } })
      .reply(200, taken);
    expect(await send()).toEqual({ kind: 'sent', ids: ['f3a9d0'] });
  });

  it('quotes the message that it answers', async () => {
    nock(API)
      .post(PATH, { recipient: { user_id: CUSTOMER }, message: { text: 'Dạ còn ạ', quote_message_id: 'm-1' } })
      .reply(200, taken);
    expect((await send({ replyTo: 'm-1' })).kind).toBe('sent');
  });

  it.each([
    ['with its text', 'Dạ còn ạ', { text: 'Dạ còn ạ' }],
    ['alone', '', {}],
  ])('carries an image by its address, %s', async (_, text, withText) => {
    const url = 'https://shop.example/phieu.png';
    const payload = { template_type: 'media', elements: [{ media_type: 'image', url }] };
    nock(API)
      .post(PATH, {
        recipient: { user_id: CUSTOMER },
        message: { ...withText, attachment: { type: 'template', payload } },
      })
      .reply(200, taken);
    expect((await send({ text, attachments: [{ kind: 'image', url, name: null }] })).kind).toBe('sent');
  });

  it.each([
    ['without a token', {}, oa({ accessToken: undefined }), /^credentials-missing: /],
    ['to what somebody wrote in a group', { thread: 'group-1' }, oa(), /^group: /],
  ])('%s fails, and nobody is asked', async (_, reply, account, reason) => {
    expect(await send(reply, account)).toEqual({ kind: 'failed', reason: expect.stringMatching(reason) });
  });
});

describe('an answer of Zalo', () => {
  const failed = (reason: RegExp) => ({ kind: 'failed', reason: expect.stringMatching(reason) });
  const later = (more: object = {}) => ({ kind: 'not-taken', reason: expect.any(String), ...more });
  const held = (more: object = {}) => later({ holds: 'account', ...more });
  it.each<[string, unknown, object]>([
    ['7 days are over', -230, failed(/^outside-window: /)],
    ['no follower', -213, failed(/^outside-window: /)],
    ['a wrong parameter', -201, failed(/^refused: /)],
    ['a code that we do not know', -4711, failed(/-4711/)],
    ['a code in quotes', '-230', failed(/^outside-window: /)],
    ['no package', -224, held()],
    ["the account's quota", -211, held({ retryAfterMs: 1_800_000 })],
    ["the customer's quota", -218, later({ retryAfterMs: 1_800_000 })],
    ['trouble of its own', -200, later()],
  ])('%s', async (_name, error, outcome) => {
    api().reply(200, { error, message: 'wording changes' } as nock.Body);
    expect(await send()).toEqual(outcome);
  });

  it.each([-216, -220])('%d: the reply goes with another token, once', async (error) => {
    api().reply(200, { error });
    api('newer-token').reply(200, taken);
    expect(await send()).toEqual({ kind: 'sent', ids: ['f3a9d0'] });
    expect(refusedTokens).toEqual([undefined, 'access-token']);

    api().reply(200, { error });
    api('newer-token').reply(200, { error });
    expect(await send()).toEqual(held({ reason: expect.stringMatching(/^credentials-expired: /) }));
  });

  it('that no token is had for stays with whoever keeps the tokens', async () => {
    api().reply(200, { error: -216 });
    const accessToken = (refused?: string) =>
      refused ? Promise.reject(new CredentialsExpired('connect it')) : Promise.resolve('access-token');
    await expect(sendByOa(REPLY, oa(), { ...context(), accessToken })).rejects.toThrow(CredentialsExpired);
  });

  it.each<[string, string | undefined, object]>([
    ["the app's minute is used up", '0', held({ retryAfterMs: 60_000 })],
    ['it does not say what is left', undefined, held({ retryAfterMs: 60_000 })],
    ['the app has some left', '3999', later()],
  ])('too fast, and %s', async (_name, left, outcome) => {
    api().reply(200, { error: -32, message: '' }, left === undefined ? {} : { 'X-RateLimit-Remain': left });
    expect(await send()).toEqual(outcome);
  });

  it.each<[string, number, unknown, string]>([
    ['of a proxy, 502', 502, '<html>', 'unknown'],
    ['that breaks off', 200, '{"error":0,"data":{"message_', 'unknown'],
    ['200 without a message', 200, { error: 0 }, 'unknown'],
    ['404 of somebody else', 404, '<html>', 'failed'],
    ['429 of somebody else', 429, 'slow', 'not-taken'],
  ])('%s', async (_name, status, body, kind) => {
    api().reply(status, body as nock.Body);
    expect((await send()).kind).toBe(kind);
  });

  it.each([
    ['that was lost', 'ECONNRESET', 'unknown'],
    ['of nobody', 'ECONNREFUSED', 'not-taken'],
  ])('%s: %s is %s, and tells no token', async (_name, code, kind) => {
    api().replyWithError(Object.assign(new Error(`connect ${code}`), { code }));
    const outcome = await send();
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).not.toContain('access-token');
  });
});

describe('a test of an official account', () => {
  const getOa = (token = 'access-token') => nock(API, { reqheaders: { access_token: token } }).get('/v2.0/oa/getoa');

  it('names it, with another token where one is refused', async () => {
    getOa().reply(200, { error: -216 });
    getOa('newer-token').reply(200, { error: 0, data: { oa_id: '388613280878808645', name: 'Cửa hàng' } });
    expect(await testOa(oa(), context())).toEqual({ ok: true, detail: 'Cửa hàng' });
  });

  it.each<[string, nock.Body, string]>([
    ["another account's tokens", { error: 0, data: { oa_id: 99 } }, '99'],
    ['an app that may not', { error: -209 }, '-209'],
  ])('tells of %s', async (_name, answer, word) => {
    getOa().reply(200, answer);
    expect(await testOa(oa(), context())).toEqual({ ok: false, detail: expect.stringContaining(word) });
  });

  it('tells of one who cannot be reached', async () => {
    getOa().replyWithError(Object.assign(new Error('connect access-token'), { code: 'ECONNREFUSED' }));
    expect(await testOa(oa(), context())).toEqual({ ok: false, detail: 'Zalo cannot be reached (ECONNREFUSED)' });
  });
});
