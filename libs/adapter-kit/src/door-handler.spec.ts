import { describe, expect, it } from '@jest/globals';
import { RecordTooLarge, TemporarilyUnavailable } from '@lienmach/contracts';
import type { DoorRequest } from './channel.js';
import { sample, signature } from './testing/sample.channel.js';
import { doorRequest, TestDoors, type TestAccount, type TestDoorOptions } from './testing/test-doors.js';

const BODY = '/webhooks/sample';
const BY_ID = '/webhooks/sample/:account';
const BY_SECRET = '/webhooks/sample/hook/:secret';
const now = Date.UTC(2026, 10, 20, 2, 15, 30, 480);

const page = (id: string, secret: string, rest: Partial<TestAccount> = {}): TestAccount => ({
  id,
  settings: { secret },
  ...rest,
});
const one = page('p1', 's1');

const text = (id: string, rest: object = {}) => ({
  account: 'p1',
  id,
  kind: 'text',
  at: now - 360,
  text: 'Shop ơi',
  ...rest,
});

function post(
  parts: unknown,
  secret: string | null = 's1',
  part: { target?: string; headers?: Record<string, string> } = {},
): DoorRequest {
  const body = Buffer.from(typeof parts === 'string' ? parts : JSON.stringify(parts));
  return doorRequest({
    target: part.target ?? BODY,
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(secret === null ? {} : { 'x-sample-signature': signature(body, secret) }),
      ...part.headers,
    },
  });
}

const doors = (accounts: readonly TestAccount[] = [one], options: TestDoorOptions = {}) =>
  new TestDoors(sample, accounts, { now: () => now, ...options });

describe('a door with the account in the body', () => {
  it('sends the raw request and its events at once and answers 200', async () => {
    const request = post([text('m1'), text('m2')], 's1', {
      headers: { 'x-delivery': 'd-1', 'x-auth-token': 'hush', cookie: 'hush' },
    });
    const { answer, records, events } = await doors().handle(BODY, request);
    expect(answer).toEqual({ status: 200 });
    expect(records.map(({ topic, key }) => [topic, key])).toEqual([
      ['raw.facebook.v1', 'demo|facebook|p1'],
      ['channel.facebook.v1', 'demo|facebook|p1|u-1'],
      ['channel.facebook.v1', 'demo|facebook|p1|u-1'],
    ]);
    expect(records[0]?.value).toBe(request.body);
    expect(records[0]?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      ce_type: 'request.received',
      ce_source: '/facebook/p1',
      ce_time: '2026-11-20T02:15:30.480Z',
      http_method: 'POST',
      http_target: BODY,
      signature: 'verified',
      'x-delivery': 'd-1',
    });
    expect(JSON.stringify(records[0]?.headers)).not.toContain('hush');
    expect(events[0]).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      source: '/facebook/p1',
      type: 'message.received',
      time: '2026-11-20T02:15:30.120Z',
      datacontenttype: 'application/json',
      dataschema: 'urn:lienmach:schema:message:1',
      subject: 'u-1',
      tenant: 'demo',
      channel: 'facebook',
      account: 'p1',
      identifier: 'fb_psid:p1:u-1',
      receivedtime: '2026-11-20T02:15:30.480Z',
      data: expect.objectContaining({ vendorEventId: 'm1', claims: [] }),
    });
  });

  it('answers a handshake without a signature', async () => {
    const { answer, records } = await doors().handle(
      BODY,
      doorRequest({ method: 'GET', target: `${BODY}?challenge=42` }),
    );
    expect(answer).toMatchObject({ status: 200, contentType: 'text/plain', body: '42' });
    expect(records).toEqual([]);
  });

  it.each([
    ['no signature', post([text('m1')], null)],
    ['another secret', post([text('m1')], 's2')],
    ['a malformed signature', post([text('m1')], 's1', { headers: { 'x-sample-signature': 'ü' } })],
  ])('refuses %s with 401 and keeps nothing', async (_name, request) => {
    const { answer, records } = await doors().handle(BODY, request);
    expect(answer.status).toBe(401);
    expect(records).toEqual([]);
  });

  it('refuses content types that the vendor never sends, and other methods with Allow', async () => {
    const type = (value: string) => post([text('m1')], 's1', { headers: { 'content-type': value } });
    expect((await doors().handle(BODY, type('text/xml'))).answer.status).toBe(415);
    expect((await doors().handle(BODY, type(''))).answer.status).toBe(415);
    expect((await doors().handle(BODY, type('Application/JSON'))).answer.status).toBe(200);
    const put = { ...post([text('m1')]), method: 'PUT' as 'POST' };
    expect((await doors().handle(BODY, put)).answer).toMatchObject({ status: 405, headers: { allow: 'GET, POST' } });
  });

  it('counts only the parts whose own secret signed the body', async () => {
    const accounts = [one, page('p2', 's2', { tenant: 'other' }), page('p3', 's1', { tenant: 'other' })];
    const parts = [
      text('m1'),
      text('m2', { account: 'p2' }),
      text('m3', { account: 'p3' }),
      text('m4', { account: 'p9' }),
    ];
    const { answer, events, deadLetters, records } = await doors(accounts).handle(BODY, post(parts, 's1'));
    expect(answer.status).toBe(200);
    expect(events.map(({ account, tenant }) => [account, tenant])).toEqual([
      ['p1', 'demo'],
      ['p3', 'other'],
    ]);
    expect(deadLetters).toHaveLength(1);
    expect(deadLetters[0]?.value).toBe(records[0]?.value);
    expect(deadLetters[0]?.headers).toMatchObject({
      '__connect.errors.topic': 'raw.facebook.v1',
      '__connect.errors.stage': 'door',
      '__connect.errors.exception.class.name': 'MalformedPayload',
      '__connect.errors.exception.message': 'p2: unknown account; p9: unknown account',
    });
  });

  it('tries the few secrets of the channel when no account is known, and never many', async () => {
    const parts = [text('m1', { account: 'p9' })];
    const signedByTheLast = post(parts, 's16');
    const many = (count: number) => Array.from({ length: count }, (_, at) => page(`q${at + 1}`, `s${at + 1}`));
    const sixteen = await doors(many(16)).handle(BODY, signedByTheLast);
    expect(sixteen.answer.status).toBe(200);
    expect(sixteen.deadLetters).toHaveLength(1);
    expect(sixteen.events).toEqual([]);
    expect((await doors(many(17)).handle(BODY, signedByTheLast)).answer.status).toBe(401);
  });

  it('keeps what is signed but unreadable as a dead letter, 200', async () => {
    const { answer, events, deadLetters, raw } = await doors().handle(BODY, post('[{"account":"p1"'));
    expect(answer.status).toBe(200);
    expect(events).toEqual([]);
    expect(raw).toHaveLength(1);
    expect(deadLetters[0]?.value?.toString()).toBe('[{"account":"p1"');
  });

  it('keeps a body that breaks our own code as a dead letter too', async () => {
    const { answer, deadLetters } = await doors().handle(BODY, post([text('m1', { text: 'throw' })]));
    expect(answer.status).toBe(200);
    expect(deadLetters[0]?.headers?.['__connect.errors.exception.class.name']).toBe('TypeError');
  });

  it('loses no neighbour of a broken part or of an event that breaks the contract', async () => {
    const parts = [text('m1'), null, text('', {}), text('m3')];
    const { events, deadLetters } = await doors().handle(BODY, post(parts));
    expect(events.map(({ data }) => data.vendorEventId)).toEqual(['m1', 'm3']);
    const reason = String(deadLetters[0]?.headers?.['__connect.errors.exception.message']);
    expect(reason).toContain('p1: data/vendorEventId');
    expect(reason).toContain('not a message');
  });

  it('makes no event of an unknown kind, and no dead letter', async () => {
    const { answer, records } = await doors().handle(BODY, post([text('m1', { kind: 'hologram' })]));
    expect(answer.status).toBe(200);
    expect(records.map(({ topic }) => topic)).toEqual(['raw.facebook.v1']);
  });

  it('bounds the events of one body', async () => {
    const { answer, records, deadLetters } = await doors().handle(
      BODY,
      post(Array.from({ length: 5_001 }, (_, at) => text(`m${at}`))),
    );
    expect(answer.status).toBe(200);
    expect(records).toHaveLength(2);
    expect(deadLetters).toHaveLength(1);
  });
});

describe('a door and its broker', () => {
  const failing = (error: Error) => doors([one], { failure: () => error });

  it('answers 503 with Retry-After when the broker does not acknowledge', async () => {
    const { answer } = await failing(new TemporarilyUnavailable('no ack', 7)).handle(BODY, post([text('m1')]));
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
  });

  it('answers 503, never 200, on any other failure to send', async () => {
    const { answer } = await failing(new Error('a mistake of ours')).handle(BODY, post([text('m1')]));
    expect(answer.status).toBe(503);
  });

  it('keeps the bytes when the events are too large for their topic', async () => {
    let first = true;
    const once = () => {
      const error = first ? new RecordTooLarge('5000000 bytes') : undefined;
      first = false;
      return error;
    };
    const { answer, records } = await doors([one], { failure: once }).handle(BODY, post([text('m1')]));
    expect(answer.status).toBe(200);
    expect(records.map(({ topic }) => topic)).toEqual(['raw.facebook.v1', 'dead-letter.v1']);
  });
});

describe('a door with the account in its path', () => {
  it('answers 404 for an unknown id or secret before anything else', async () => {
    expect((await doors().handle(BY_ID, post([], 's1', { target: '/webhooks/sample/p7' }))).answer.status).toBe(404);
    expect(
      (await doors().handle(BY_SECRET, post([], 's1', { target: '/webhooks/sample/hook/s7' }))).answer.status,
    ).toBe(404);
  });

  it('answers what the vendor asks for, after the acknowledgement', async () => {
    const request = post([text('m1')], 's1', { target: '/webhooks/sample/p1' });
    const { answer } = await doors().handle(BY_ID, request);
    expect(answer).toMatchObject({ status: 200, body: '{"for":"p1","parts":1}' });
    const away = doors([one], { failure: () => new TemporarilyUnavailable('away') });
    expect((await away.handle(BY_ID, request)).answer.status).toBe(503);
  });

  it('knows ids with signs that a path encodes', async () => {
    const account = page('+84 24/7', 's1');
    const request = post([text('m1', { account: '+84 24/7' })], 's1', { target: '/webhooks/sample/%2B84%2024%2F7' });
    const { events } = await doors([account]).handle(BY_ID, request);
    expect(events[0]).toMatchObject({ account: '+84 24/7', source: '/facebook/+84%2024/7' });
  });

  it('takes no part of another account, though the body names it', async () => {
    const request = post([text('m1', { account: 'p2' })], 's1', { target: '/webhooks/sample/p1' });
    const { events, deadLetters } = await doors([one, page('p2', 's1')]).handle(BY_ID, request);
    expect(events).toEqual([]);
    expect(deadLetters).toHaveLength(1);
  });

  it('keeps the secret of the path out of every record', async () => {
    const secret = 'päth secret';
    const request = post([text('m1')], null, { target: `/webhooks/sample/hook/${encodeURIComponent(secret)}` });
    const { answer, records } = await doors([page('p1', secret)]).handle(BY_SECRET, request);
    expect(answer.status).toBe(200);
    expect(records[0]?.headers).toMatchObject({
      http_target: '/webhooks/sample/hook/:secret',
      signature: 'path-secret',
    });
    expect(JSON.stringify(records.map(({ headers }) => headers))).not.toContain(encodeURIComponent(secret));
  });

  it('cannot be asked before the accounts are known', async () => {
    expect((await new TestDoors(sample, [], { loaded: false }).handle(BY_ID, post([]))).answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
    });
  });
});

describe('envelopes', () => {
  const eventOf = async (part: object, options: TestDoorOptions = {}, account = one) =>
    (await doors([account], options).handle(BODY, post([text('m1', part)]))).events[0];

  it('mend impossible times and flag late ones', async () => {
    expect(await eventOf({ at: now + 3_600_000 })).toMatchObject({ time: '2026-11-20T02:15:30.480Z', clock: true });
    expect(await eventOf({ at: now - 3_600_000 })).toMatchObject({ time: '2026-11-20T01:15:30.480Z', late: true });
    const usual = await eventOf({ at: null });
    expect(usual).toMatchObject({ time: '2026-11-20T02:15:30.480Z' });
    expect(usual).not.toHaveProperty('late');
    expect(usual).not.toHaveProperty('clock');
  });

  it('carry what the customer claims, but no number of the business', async () => {
    const account = page('p1', 's1', { settings: { secret: 's1', hotlines: ['+84900000999'] } });
    const event = await eventOf(
      { text: 'Đơn DH1024, gọi 0900 000 123 chứ đừng 0900000999\u0000 nha' },
      { orderCodePattern: 'DH\\d{4}' },
      account,
    );
    expect(event?.data).toMatchObject({
      claims: [
        { type: 'order_code', value: 'DH1024', where: 'text' },
        { type: 'phone', value: '+84900000123', where: 'text' },
      ],
    });
  });
});
