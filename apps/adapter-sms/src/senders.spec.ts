import { afterEach, describe, expect, it } from '@jest/globals';
import type { ChannelAccount, OutboundReply, SendContext, SendOutcome } from '@lienmach/adapter-kit';
import nock from 'nock';
import { sendByEsms } from './esms/esms.sender.js';
import { infobipIds, sendByInfobip } from './infobip/infobip.sender.js';
import { sendBySpeedsms } from './speedsms/speedsms.sender.js';
import { sendByVonage } from './vonage/vonage.sender.js';

const API = 'http://vendor.example.com';
const NOW = Date.UTC(2026, 10, 21);
const REPLY: OutboundReply = {
  id: 'c0ffee00-0000-4000-8000-000000000001',
  thread: '+84900000123',
  to: { type: 'phone', scope: null, value: '+84900000123' },
  text: 'Dạ shop gửi rồi ạ',
  attachments: [],
  lastCustomerAt: NOW - 3_600_000,
  replyTo: null,
  answers: null,
  subject: null,
  replyToken: null,
};

/** A vendor's sender with everything that its account needs, as a test knows it. */
interface Sender {
  vendor: string;
  path: string;
  settings: Record<string, unknown>;
  send: (reply: OutboundReply, account: ChannelAccount<never>, context: SendContext) => Promise<SendOutcome>;
}

const vonage: Sender = {
  vendor: 'vonage',
  path: '/sms/json',
  settings: { apiKey: 'key-1', apiSecret: 'hidden-1' },
  send: sendByVonage,
};
const infobip: Sender = {
  vendor: 'infobip',
  path: '/sms/2/text/advanced',
  settings: { apiKey: 'hidden-1', secret: 'path-secret' },
  send: sendByInfobip,
};
const esms: Sender = {
  vendor: 'esms',
  path: '/MainService.svc/json/SendMultipleMessage_V4_post_json/',
  settings: { apiKey: 'key-1', secretKey: 'hidden-1', brandname: 'SHOP', secret: 'path-secret' },
  send: sendByEsms,
};
const speedsms: Sender = {
  vendor: 'speedsms',
  path: '/index.php/sms/send',
  settings: { accessToken: 'hidden-1', secret: 'path-secret' },
  send: sendBySpeedsms,
};

interface Asked {
  settings?: Record<string, unknown>;
  reply?: Partial<OutboundReply>;
  env?: Record<string, string>;
  signal?: AbortSignal;
}

function ask({ vendor, settings: usual, send }: Sender, asked: Asked = {}): Promise<SendOutcome> {
  const { settings = usual, reply = {}, env = {}, signal = AbortSignal.timeout(2_000) } = asked;
  const account = { tenant: 'demo', channel: 'sms', vendor, id: '+84900000199', settings, ownNumbers: [] };
  const context = { env: { [`${vendor.toUpperCase()}_API_URL`]: `${API}/`, ...env }, signal, now: NOW };
  return send({ ...REPLY, ...reply }, account as unknown as ChannelAccount<never>, context);
}

/** Answers the next call and gives what it sent. */
function prepared({ path }: Sender, status: number, answer: unknown, headers: Record<string, string> = {}) {
  const seen: { body: unknown; authorization: unknown } = { body: undefined, authorization: undefined };
  nock(API)
    .post(path, (body) => Boolean((seen.body = body as unknown)))
    .reply(function () {
      seen.authorization = this.req.headers['authorization'];
      return [status, answer as nock.Body, headers];
    });
  return seen;
}

afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  expect(left).toEqual([]);
});

const failed = (word: string) => ({ kind: 'failed', reason: expect.stringContaining(word) });
const held = (word: string, more: object = {}) => ({
  kind: 'not-taken',
  holds: 'account',
  reason: expect.stringContaining(word),
  ...more,
});
const later = { kind: 'not-taken', reason: expect.any(String) };
const unknown = { kind: 'unknown', reason: expect.any(String) };
const sent = (...ids: string[]) => ({ kind: 'sent', ids });
const PUBLIC = { SMS_PUBLIC_URL: 'https://hooks.example.com/' };

describe.each([vonage, infobip, esms, speedsms])('a reply by $vendor', (sender) => {
  it('needs credentials, and asks nobody without', async () => {
    expect(await ask(sender, { settings: { secret: 'path-secret' } })).toEqual(failed('credentials-missing'));
  });

  it('was surely not taken where nobody answered the telephone, and tells no secret', async () => {
    const error = Object.assign(new Error('connect ECONNREFUSED hidden-1'), { code: 'ECONNREFUSED' });
    nock(API).post(sender.path).replyWithError(error);
    const outcome = await ask(sender);
    expect(outcome.kind).toBe('not-taken');
    expect(JSON.stringify(outcome)).not.toContain('hidden-1');
  });

  it.each([
    ['the answer was lost', undefined],
    ['a proxy answered', 502],
    ['half an answer came', 200],
  ])('is sent again only where the vendor knows repetitions: %s', async (_, status) => {
    const call = nock(API).post(sender.path);
    if (status === undefined) call.replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    else call.reply(status, '{"mess');
    expect((await ask(sender)).kind).toBe(sender === esms ? 'not-taken' : 'unknown');
  });

  it('waits with the account where too much is sent at once', async () => {
    prepared(sender, 429, 'slow');
    expect(await ask(sender)).toEqual(held('rate-limit', { retryAfterMs: expect.any(Number) }));
  });
});

describe('Vonage', () => {
  it('gets number, text and our id, and where receipts go', async () => {
    const seen = prepared(vonage, 200, { messages: [{ status: '0', 'message-id': 'v-1' }] });
    expect(await ask(vonage, { env: PUBLIC })).toEqual(sent('v-1'));
    expect(seen.body).toEqual({
      api_key: 'key-1',
      api_secret: 'hidden-1',
      from: '84900000199',
      to: '84900000123',
      text: REPLY.text,
      type: 'unicode',
      'client-ref': REPLY.id,
      callback: 'https://hooks.example.com/webhooks/sms/vonage/%2B84900000199/status',
    });
  });

  it('writes in the GSM alphabet what can be written in it', async () => {
    const seen = prepared(vonage, 200, { messages: [{ status: '0', 'message-id': 'v-1' }] });
    await ask(vonage, { reply: { text: 'Da gui roi {1} €' } });
    expect(seen.body).toMatchObject({ type: 'text' });
  });

  it.each<[string, unknown, object]>([
    [
      'a long text has an id for each part',
      [
        { status: '0', 'message-id': 'a' },
        { status: '0', 'message-id': 'b' },
      ],
      sent('a', 'b'),
    ],
    [
      'a part that is missing is told',
      [{ status: '0', 'message-id': 'a' }, { status: '5' }],
      { kind: 'unknown', reason: 'Vonage took 1 of the 2 parts of the text' },
    ],
    ['throttled', [{ status: '1' }], held('rate-limit', { retryAfterMs: 5_000 })],
    ['credentials', [{ status: '4', 'error-text': 'Bad Credentials' }], held('credentials-expired')],
    ['no money', [{ status: '9' }], held('no-balance')],
    ['barred', [{ status: '7' }], failed('number-barred')],
    ['its own trouble', [{ status: '5' }], later],
    ['a status that we do not know', [{ status: '99' }], failed('99')],
    ['taken without an id', [{ status: '0' }], unknown],
  ])('%s', async (_name, messages, outcome) => {
    prepared(vonage, 200, { messages });
    expect(await ask(vonage)).toEqual(outcome);
  });
});

describe('Infobip', () => {
  const answer = (group: string, name = group) => ({
    messages: [{ messageId: REPLY.id, status: { groupName: group, name } }],
  });

  it('takes our id for the message', async () => {
    const seen = prepared(infobip, 200, answer('PENDING', 'PENDING_ACCEPTED'));
    expect(await ask(infobip, { env: PUBLIC })).toEqual(sent(REPLY.id));
    expect(infobipIds(REPLY)).toEqual([REPLY.id]);
    expect(seen).toEqual({
      authorization: 'App hidden-1',
      body: {
        messages: [
          {
            from: '84900000199',
            destinations: [{ to: '84900000123', messageId: REPLY.id }],
            text: REPLY.text,
            notifyUrl: 'https://hooks.example.com/webhooks/sms/infobip/path-secret/status',
            notifyContentType: 'application/json',
          },
        ],
      },
    });
  });

  it.each<[string, number, unknown, object]>([
    ['no money', 200, answer('REJECTED', 'REJECTED_NOT_ENOUGH_CREDITS'), held('no-balance')],
    ['no mobile', 200, answer('REJECTED', 'REJECTED_PREFIX_MISSING'), failed('no-such-number')],
    ['a state that we do not know', 200, answer('REJECTED', 'REJECTED_OTHERWISE'), failed('REJECTED_OTHERWISE')],
    ['credentials', 401, { requestError: {} }, held('credentials-expired')],
    ['a wrong request', 400, { requestError: {} }, failed('400')],
  ])('%s', async (_name, status, body, outcome) => {
    prepared(infobip, status, body);
    expect(await ask(infobip)).toEqual(outcome);
  });
});

describe('eSMS', () => {
  it('gets our id, by which it knows a repetition', async () => {
    const seen = prepared(esms, 200, { CodeResult: '100', SMSID: 'e-1' });
    expect(await ask(esms, { env: PUBLIC })).toEqual(sent('e-1'));
    expect(seen.body).toEqual({
      ApiKey: 'key-1',
      SecretKey: 'hidden-1',
      Phone: '84900000123',
      Content: REPLY.text,
      SmsType: '2',
      IsUnicode: '1',
      RequestId: REPLY.id,
      Brandname: 'SHOP',
      CallbackUrl: 'https://hooks.example.com/webhooks/sms/esms/path-secret/status',
    });
  });

  it.each([
    [{ brandname: undefined }, '8'],
    [{ smsType: 4 }, '4'],
  ])('has the type of its sender: %j', async (more, type) => {
    const seen = prepared(esms, 200, { CodeResult: '100', SMSID: 'e-1' });
    await ask(esms, { settings: { ...esms.settings, ...more }, reply: { text: 'Da gui' } });
    expect(seen.body).toMatchObject({ SmsType: type, IsUnicode: '0' });
  });

  it.each<[string, object]>([
    ['99', failed('number-barred')],
    ['101', held('credentials-expired')],
    ['103', held('no-balance')],
    ['108', failed('no-such-number')],
    ['124', sent()],
    ['140', held('address-not-listed', { retryAfterMs: 300_000 })],
    ['146', failed('wrong-template')],
    ['177', failed('network-not-registered')],
    ['4711', failed('4711')],
  ])('CodeResult %s', async (CodeResult, outcome) => {
    prepared(esms, 200, { CodeResult });
    expect(await ask(esms)).toEqual(outcome);
  });
});

describe('SpeedSMS', () => {
  it('gets number and text by whatever number is free, or by the account’s sender', async () => {
    const seen = prepared(speedsms, 200, { status: 'success', code: '00', data: { tranId: 123456, invalidPhone: [] } });
    expect(await ask(speedsms)).toEqual(sent('123456'));
    expect(seen).toEqual({
      authorization: `Basic ${Buffer.from('hidden-1:x').toString('base64')}`,
      body: { to: ['84900000123'], content: REPLY.text, sms_type: 2 },
    });
    const branded = prepared(speedsms, 200, { status: 'success', data: { tranId: 1 } });
    await ask(speedsms, { settings: { ...speedsms.settings, sender: 'SHOP' } });
    expect(branded.body).toMatchObject({ sms_type: 3, sender: 'SHOP' });
  });

  it.each<[string, number, unknown, object]>([
    [
      'an invalid number',
      200,
      { status: 'success', data: { tranId: 1, invalidPhone: ['84900000123'] } },
      failed('no-such-number'),
    ],
    ['no money', 200, { status: 'error', code: '300' }, held('no-balance')],
    ['an address that is not listed', 200, { status: 'error', code: '007' }, held('address-not-listed')],
    ['its own trouble', 200, { status: 'error', code: '500' }, later],
    ['a code that we do not know', 200, { status: 'error', code: '999' }, failed('999')],
    ['credentials', 401, 'no', held('credentials-expired')],
  ])('%s', async (_name, status, body, outcome) => {
    prepared(speedsms, status, body);
    expect(await ask(speedsms)).toEqual(outcome);
  });

  it.each([
    ['seconds that are left', '12', 12_000],
    ['a moment', String(NOW / 1_000 + 30), 30_000],
    ['nothing', undefined, 60_000],
  ])('waits as long as the vendor says: %s', async (_, reset, retryAfterMs) => {
    prepared(speedsms, 429, {}, reset === undefined ? {} : { 'X-Rate-Limit-Reset': reset });
    expect(await ask(speedsms)).toEqual(held('rate-limit', { retryAfterMs }));
  });
});
