import { afterEach, describe, expect, it } from '@jest/globals';
import type { ChannelAccount, OutboundReply, SendContext } from '@lienmach/adapter-kit';
import nock from 'nock';
import type { TwilioSettings } from './twilio.config.js';
import { sendByTwilio, testTwilio } from './twilio.sender.js';

const API = 'http://twilio.example.com';
const SID = 'AC00000000000000000000000000000001';
const PATH = `/2010-04-01/Accounts/${SID}/Messages.json`;
const REPLY: OutboundReply = {
  id: 'c0ffee00-0000-4000-8000-000000000001',
  thread: '+84900000123',
  to: { type: 'phone', scope: null, value: '+84900000123' },
  text: 'Dạ shop gửi rồi ạ & cảm ơn chị',
  attachments: [],
  lastCustomerAt: Date.UTC(2026, 10, 20),
  replyTo: null,
  answers: null,
  subject: null,
  replyToken: null,
};
const number = (settings: Partial<TwilioSettings> = {}): ChannelAccount<TwilioSettings> => ({
  tenant: 'demo',
  channel: 'sms',
  vendor: 'twilio',
  id: '+84900000199',
  settings: { authToken: 'auth-token', accountSid: SID, ...settings },
  ownNumbers: [],
});
const context = (env: Record<string, string> = {}): SendContext => ({
  env: { TWILIO_API_URL: `${API}/`, ...env },
  signal: AbortSignal.timeout(2_000),
  now: Date.UTC(2026, 10, 21),
});
const send = (account = number(), env: Record<string, string> = {}) => sendByTwilio(REPLY, account, context(env));

afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  expect(left).toEqual([]);
});

/** Answers the next call and gives what it sent. */
function prepared(status: number, answer: nock.Body): { form: Record<string, string> } {
  const seen = { form: {} };
  nock(API)
    .post(PATH, (form: Record<string, string>) => Boolean((seen.form = form)))
    .basicAuth({ user: SID, pass: 'auth-token' })
    .reply(status, answer);
  return seen;
}

describe('a reply by Twilio', () => {
  it("goes from the account's number to the customer's, with the account's credentials", async () => {
    const seen = prepared(201, { sid: 'SM1', status: 'queued' });
    expect(await send()).toEqual({ kind: 'sent', ids: ['SM1'] });
    expect(seen.form).toEqual({ From: '+84900000199', To: '+84900000123', Body: REPLY.text });
  });

  it("goes by the messaging service, and has its receipts sent to the account's address", async () => {
    const seen = prepared(201, { sid: 'SM1' });
    await send(number({ messagingServiceSid: 'MG1' }), { PUBLIC_URL: 'https://hooks.example.com/' });
    expect(seen.form).toEqual({
      MessagingServiceSid: 'MG1',
      To: '+84900000123',
      Body: REPLY.text,
      StatusCallback: 'https://hooks.example.com/webhooks/sms/twilio/%2B84900000199/status',
    });
  });

  it("needs the account's sid, and asks nobody without", async () => {
    expect(await send(number({ accountSid: undefined }))).toEqual({
      kind: 'failed',
      reason: 'credentials-missing: give the account its accountSid',
    });
  });
});

describe('an answer of Twilio', () => {
  it.each<[string, number, nock.Body, object]>([
    ['opted out', 400, { code: 21610 }, { kind: 'failed', reason: expect.stringContaining('opted-out') }],
    ['no number', 400, { code: 21211 }, { kind: 'failed', reason: expect.stringContaining('no-such-number') }],
    ['an unknown code', 400, { code: 4711 }, { kind: 'failed', reason: expect.stringContaining('4711') }],
    [
      'wrong credentials',
      401,
      { code: 20003 },
      { kind: 'not-taken', holds: 'account', reason: expect.stringContaining('credentials') },
    ],
    [
      'wrong credentials without a code',
      401,
      '<html>',
      { kind: 'not-taken', holds: 'account', reason: expect.stringContaining('credentials') },
    ],
    [
      'too fast',
      429,
      { code: 20429 },
      { kind: 'not-taken', holds: 'account', retryAfterMs: 10_000, reason: expect.any(String) },
    ],
    [
      'too fast, said by somebody else',
      429,
      'slow',
      { kind: 'not-taken', holds: 'account', retryAfterMs: 10_000, reason: expect.any(String) },
    ],
    ['a proxy', 502, '<html>', { kind: 'unknown', reason: expect.stringContaining('502') }],
    ['a code with 500', 500, { code: 20500 }, { kind: 'unknown', reason: expect.stringContaining('500') }],
    ['201 without a message', 201, {}, { kind: 'unknown', reason: expect.stringContaining('201') }],
    ['404 of somebody else', 404, '<html>', { kind: 'failed', reason: expect.stringContaining('404') }],
  ])('%s', async (_name, status, answer, outcome) => {
    prepared(status, answer);
    expect(await send()).toEqual(outcome);
  });

  it.each([
    ['that was lost', 'ECONNRESET', 'unknown'],
    ['of nobody', 'ECONNREFUSED', 'not-taken'],
  ])('%s: %s is %s, and tells no credentials', async (_name, code, kind) => {
    nock(API)
      .post(PATH)
      .replyWithError(Object.assign(new Error(`connect ${code}`), { code }));
    const outcome = await send();
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).not.toContain('auth-token');
  });

  it('that takes too long is unknown', async () => {
    nock(API).post(PATH).delay(5_000).reply(201, { sid: 'SM1' });
    const outcome = await sendByTwilio(REPLY, number(), { ...context(), signal: AbortSignal.timeout(50) });
    expect(outcome.kind).toBe('unknown');
    nock.abortPendingRequests();
  });
});

describe('a test of an account', () => {
  it.each<[string, number, nock.Body, object]>([
    ['active', 200, { status: 'active', friendly_name: 'Shop' }, { ok: true, detail: 'Shop' }],
    ['suspended', 200, { status: 'suspended' }, { ok: false, detail: 'Twilio says that the account is suspended' }],
    ['unknown', 401, { code: 20003 }, { ok: false, detail: expect.stringContaining('401') }],
  ])('tells how it stands: %s', async (_name, status, answer, told) => {
    nock(API)
      .get(`/2010-04-01/Accounts/${SID}.json`)
      .basicAuth({ user: SID, pass: 'auth-token' })
      .reply(status, answer);
    expect(await testTwilio(number(), context())).toEqual(told);
  });
});
