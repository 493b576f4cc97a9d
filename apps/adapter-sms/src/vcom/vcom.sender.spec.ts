import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { OutboundReply } from '@lienmach/adapter-kit';
import nock from 'nock';
import { sendByVcom } from './vcom.sender.js';

const API = 'http://vendor.example.com';
const NOW = Date.UTC(2026, 10, 21);
const ANSWERS = {
  vendorEventId: '1297875832',
  subject: null,
  references: null,
  vendorData: { to: '7069', command_code: 'cskh', telco: 'VT' },
};
const REPLY: OutboundReply = {
  id: 'c0ffee00-0000-4000-8000-000000000001',
  thread: '+84900000123',
  to: { type: 'phone', scope: null, value: '+84900000123' },
  text: 'Dạ shop gửi rồi ạ',
  lastCustomerAt: NOW - 3_600_000,
  attachments: [],
  replyTo: null,
  answers: ANSWERS,
  subject: null,
  replyToken: null,
};

function ask(reply: Partial<OutboundReply> = {}) {
  const settings = { clientId: 'demo', secureKey: 'hidden-1' };
  const account = { tenant: 'demo', channel: 'sms', vendor: 'vcom', id: '7068', settings, ownNumbers: [] };
  const context = { env: { VCOM_API_URL: API }, signal: AbortSignal.timeout(2_000), now: NOW };
  return sendByVcom({ ...REPLY, ...reply }, account, context);
}

function prepared(status: number, answer: unknown): { body: unknown } {
  const seen = { body: undefined as unknown };
  nock(API)
    .post('/api/v2/send-mt', (body) => Boolean((seen.body = body as unknown)))
    .reply(status, answer as nock.Body);
  return seen;
}

afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  expect(left).toEqual([]);
});

const sent = { kind: 'sent', ids: [] };
const failed = (word: string) => ({ kind: 'failed', reason: expect.stringContaining(word) });
const error = (code: number, message = 'no') => ({ errors: { code, status: 'error', message } });

describe('a reply by V-COM', () => {
  it('answers the message that the customer wrote, at no cost to them, with our id', async () => {
    const seen = prepared(200, { data: { code: 200, status: 'success', message: 'Thanks' } });
    expect(await ask()).toEqual(sent);
    const time = NOW / 1_000;
    expect(seen.body).toEqual({
      client_id: 'demo',
      request_id: '1297875832',
      service_id: '7069',
      command_code: 'cskh',
      mt_code: REPLY.id,
      message: REPLY.text,
      is_charged: 0,
      time,
      checksum: createHash('sha256').update(`demo1297875832${REPLY.id}hidden-1${time}`).digest('base64'),
    });
  });

  it.each([
    ['no message of the customer is known', null],
    ['it has no keyword', { ...ANSWERS, vendorData: {} }],
  ])('fails before anybody is asked where %s', async (_, answers) => {
    expect(await ask({ answers })).toEqual(failed('no-question'));
  });

  it.each<[string, number, unknown, object]>([
    ['a repetition', 200, error(104), sent],
    ['another error', 200, error(102, 'MO is too old'), failed('refused: MO is too old')],
    ['a wrong checksum', 200, error(106), failed('106')],
    [
      'an address that is not listed',
      200,
      error(108),
      {
        kind: 'not-taken',
        holds: 'account',
        reason: expect.stringContaining('address-not-listed'),
        retryAfterMs: 300_000,
      },
    ],
    ['too much at once', 429, 'slow', expect.objectContaining({ kind: 'not-taken', holds: 'account' })],
  ])('%s', async (_name, status, answer, outcome) => {
    prepared(status, answer);
    expect(await ask()).toEqual(outcome);
  });

  it.each([
    ['a proxy answered', 502],
    ['half an answer came', 200],
  ])('is sent again under the same ids where %s', async (_, status) => {
    prepared(status, '{"data');
    expect(await ask()).toMatchObject({ kind: 'not-taken', retryAfterMs: 20_000 });
  });

  it('is sent again where the connection broke, and tells no secret', async () => {
    nock(API)
      .post('/api/v2/send-mt')
      .replyWithError(Object.assign(new Error('hidden-1'), { code: 'ECONNRESET' }));
    const outcome = await ask();
    expect(outcome).toMatchObject({ kind: 'not-taken', retryAfterMs: 20_000 });
    expect(JSON.stringify(outcome)).not.toContain('hidden-1');
  });
});
