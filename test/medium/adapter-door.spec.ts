import { createHmac } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TOPICS, type ChannelEvent } from '@lienmach/contracts';
import { headerText, kafkaConnectionFromEnv, readToEnd, type KafkaRecord } from '@lienmach/kafka';
import { projectRoot, startApp as start, type AppProcess } from '@lienmach/tools';
import {
  callRequest,
  createTopics,
  demo,
  facebookMessages,
  facebookRequest,
  newSettings,
  post,
  startApp,
  temporaryFolder,
  waitUntil,
  writeAccountsFile,
  type Settings,
} from '../support/index.js';

jest.setTimeout(120_000);

const at = Date.now() - 1_000;

async function recordsOf(settings: Settings, topic: string): Promise<KafkaRecord[]> {
  const records: KafkaRecord[] = [];
  await readToEnd(kafkaConnectionFromEnv(settings, 'test'), topic, (record) => records.push(record));
  return records;
}

const eventsOf = async (settings: Settings, topic: string): Promise<ChannelEvent[]> =>
  (await recordsOf(settings, topic)).map(({ value }) => JSON.parse(String(value)) as ChannelEvent);

/** A request that fetch would not make. */
function raw(url: string, method: string, headers: Record<string, string>, body?: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    // the door ends the connection with a refusal, maybe before the body has gone out
    sent.on('error', reject);
    if (body) sent.write(body);
    sent.end();
  });
}

describe('a running adapter', () => {
  let settings: Settings;
  let facebook: AppProcess;
  let call: AppProcess;

  beforeAll(async () => {
    settings = await newSettings({ ACCOUNTS_FILE: writeAccountsFile() });
    await createTopics(settings);
    [facebook, call] = await Promise.all([startApp('adapter-facebook', settings), startApp('adapter-call', settings)]);
  });

  afterAll(() => Promise.all([facebook?.stop(), call?.stop()]));

  it('stores the exact bytes and the event before it answers 200', async () => {
    const webhook = facebookMessages([{ mid: 'm_1', psid: '7788990011223344', text: 'Đơn đâu? 0900 000 123', at }]);
    expect(await post(facebook.url, webhook)).toMatchObject({ status: 200, text: '' });

    const stored = await recordsOf(settings, 'raw.facebook.v1');
    expect(stored.map(({ value }) => value?.equals(webhook.body))).toEqual([true]);
    expect(String(stored[0]?.key)).toBe(`demo|facebook|${demo.page}`);
    expect(headerText(stored[0]!, 'signature')).toBe('verified');
    expect(headerText(stored[0]!, 'x-hub-signature-256')).toBe(webhook.headers['x-hub-signature-256']);

    const [record] = await recordsOf(settings, 'channel.facebook.v1');
    expect(String(record?.key)).toBe(`demo|facebook|${demo.page}|7788990011223344`);
    expect(JSON.parse(String(record?.value))).toMatchObject({
      type: 'message.received',
      tenant: 'demo',
      data: { vendorEventId: 'm_1', claims: [{ type: 'phone', value: '+84900000123' }] },
    });
  });

  it('gives a repeat the same id', async () => {
    const webhook = facebookMessages([{ mid: 'm_2', psid: '1', text: 'x', at }]);
    await post(facebook.url, webhook);
    await post(facebook.url, webhook);
    const events = await eventsOf(settings, 'channel.facebook.v1');
    const ids = events.filter(({ data }) => data.vendorEventId === 'm_2').map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('serves a door whose account stands in the path, with the body that the vendor reads', async () => {
    const webhook = callRequest({ eventId: 'e-1', callId: 'c-1', event: 'ringing', customerNumber: '0900000123', at });
    const answer = await post(call.url, webhook);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ accepted: true });
    expect(await post(call.url, { ...webhook, path: '/webhooks/call/generic/nobody' })).toMatchObject({ status: 404 });
    const events = await eventsOf(settings, 'channel.call.v1');
    expect(events.map(({ type, account }) => [type, account])).toEqual([['call.ringing', demo.pbx]]);
  });

  it('keeps what is signed and unreadable as a dead letter, 200', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const bodies = [`{"object":"page","entry":[{"id":"${demo.page}"`, deep].map((text) => Buffer.from(text));
    const broken = Buffer.from(`{"object":"page","entry":[{"id":"${demo.page}","x":"\u0000"}]}`, 'latin1');
    broken[broken.length - 6] = 0xff;
    for (const body of [...bodies, broken]) {
      expect(await post(facebook.url, facebookRequest(body))).toMatchObject({ status: 200 });
    }
    const letters = await recordsOf(settings, TOPICS.deadLetter);
    expect(letters.map(({ value }) => value)).toEqual(expect.arrayContaining([...bodies, broken]));
    expect(headerText(letters[0]!, '__connect.errors.stage')).toBe('door');
  });

  it('loses no digit of ids that come as large numbers', async () => {
    const id = '9007199254740993';
    const body = facebookMessages([{ mid: 'm_3', psid: id, text: 'x', at }]).body.toString();
    expect((await post(facebook.url, facebookRequest(body.replaceAll(`"${id}"`, id)))).status).toBe(200);
    const events = await eventsOf(settings, 'channel.facebook.v1');
    expect(events.find(({ data }) => data.vendorEventId === 'm_3')?.subject).toBe(id);
  });

  it('refuses what it must, and stores nothing of it', async () => {
    const url = `${facebook.url}/webhooks/facebook`;
    const webhook = facebookMessages([{ mid: 'm_refused', psid: '1', text: 'x', at }]);
    const before = (await recordsOf(settings, 'raw.facebook.v1')).length;
    const flipped = Buffer.from(webhook.body);
    flipped[40]! ^= 1;
    const unsigned = { 'content-type': 'application/json' };
    expect((await post(facebook.url, { ...webhook, body: flipped })).status).toBe(401);
    expect((await post(facebook.url, { ...webhook, headers: unsigned })).status).toBe(401);
    expect(
      (await post(facebook.url, { ...webhook, headers: { ...webhook.headers, 'content-type': 'text/xml' } })).status,
    ).toBe(415);
    expect(await raw(url, 'PUT', unsigned)).toBe(405);
    expect(await raw(`${facebook.url}/webhooks/other`, 'POST', unsigned)).toBe(404);
    expect(await raw(`${call.url}/webhooks/call/generic/%E0%A4`, 'POST', unsigned)).toBe(400);
    expect(await raw(url, 'POST', { ...unsigned, 'x-long': 'x'.repeat(20_000) })).toBe(431);
    expect((await recordsOf(settings, 'raw.facebook.v1')).length).toBe(before);
  });

  it('refuses a body over 1 MiB, announced or not, and goes on', async () => {
    const two = Buffer.alloc(2 * 1024 * 1024, 0x20);
    const url = `${facebook.url}/webhooks/facebook`;
    const headers = { 'content-type': 'application/json' };
    expect(await raw(url, 'POST', { ...headers, 'content-length': String(two.length) })).toBe(413);
    expect(await raw(url, 'POST', { ...headers, 'transfer-encoding': 'chunked' }, two)).toBe(413);
    const largest = facebookRequest(Buffer.alloc(1024 * 1024, 0x20));
    expect((await post(facebook.url, largest)).status).toBe(200);
  });

  it('answers the handshake of the dashboard', async () => {
    const ask = (token: string) =>
      fetch(`${facebook.url}/webhooks/facebook?hub.mode=subscribe&hub.challenge=42&hub.verify_token=${token}`);
    const answer = await ask(demo.verifyToken);
    expect([answer.status, await answer.text()]).toEqual([200, '42']);
    expect((await ask('wrong')).status).toBe(403);
  });

  it('shows its health and its counters, but no secret', async () => {
    const ready = await fetch(`${facebook.url}/health/ready`);
    expect(await ready.json()).toMatchObject({
      checks: { accounts: { detail: { accounts: 2 } }, broker: { status: 'ok' } },
    });
    const metrics = await (await fetch(`${facebook.url}/metrics`)).text();
    expect(metrics).toMatch(
      /lienmach_door_requests_total\{vendor="facebook",outcome="accepted",process="adapter-facebook"\} [1-9]/,
    );
    expect(metrics).toMatch(/lienmach_door_events_total\{.*type="message.received".*\} [1-9]/);
    expect(metrics).not.toContain(demo.appSecret);
  });

  it('answers what is under way before it ends, with code 0', async () => {
    const app = await startApp('adapter-facebook', settings);
    const messages = Array.from({ length: 40 }, (_, index) =>
      facebookMessages([{ mid: `m_last_${index}`, psid: String(index), text: 'x', at }]),
    );
    const answers = Promise.allSettled(messages.map((webhook) => post(app.url, webhook)));
    const stopped = app.kill('SIGTERM');
    expect(await stopped).toMatchObject({ code: 0 });
    const accepted = (await answers).flatMap((result, index) =>
      result.status === 'fulfilled' && result.value.status === 200 ? [`m_last_${index}`] : [],
    );
    const stored = new Set((await eventsOf(settings, 'channel.facebook.v1')).map(({ data }) => data.vendorEventId));
    expect(accepted.filter((mid) => !stored.has(mid))).toEqual([]);
  });
});

describe('an adapter that cannot work', () => {
  const failing = async (extra: Settings, port?: number): Promise<string> => {
    const settings = await newSettings(extra);
    const logFile = `${temporaryFolder('failing')}/adapter.log`;
    const options = { name: 'adapter-facebook', env: { ...process.env, ...settings }, logFile, port: port ?? 1 };
    return start(options).then(
      async (app) => {
        await app.stop();
        return 'it started';
      },
      (error: Error) => error.message,
    );
  };

  it('says in a sentence each what is wrong with its settings', async () => {
    const message = await failing({ SECRETS_KEY: 'short', KAFKA_BROKERS: '', LOG_LEVEL: 'loud' }, 70_000);
    expect(message).toContain('adapter-facebook: FACEBOOK_PORT is not usable: expected a port, 1 to 65535.');
    expect(message).toContain('adapter-facebook: KAFKA_BROKERS is missing');
    expect(message).toContain('adapter-facebook: SECRETS_KEY is not usable');
    expect(message).toContain('adapter-facebook: LOG_LEVEL is not usable');
  });

  it('says which accounts file it cannot read', async () => {
    expect(await failing({ ACCOUNTS_FILE: `${projectRoot}/nowhere.yaml` })).toContain('nowhere.yaml cannot be read');
  });

  it('says that its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      expect(await failing({}, port)).toContain(`port ${port} on 127.0.0.1 is taken by another program`);
    } finally {
      other.close();
    }
  });

  it('is not ready and answers 503 before it knows any account', async () => {
    const settings = await newSettings({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const logFile = `${temporaryFolder('waiting')}/adapter.log`;
    const started = start({
      name: 'adapter-facebook',
      env: { ...process.env, ...settings },
      logFile,
      port,
      readyWithin: 30_000,
    });
    started.catch(() => undefined);
    const url = `http://127.0.0.1:${port}`;
    await waitUntil('the door to listen', async () => (await fetch(`${url}/health/live`)).ok, {
      within: 30_000,
    });
    const body = Buffer.from('{}');
    const signature = `sha256=${createHmac('sha256', 'x').update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
    const answer = await post(url, { app: 'adapter-facebook', path: '/webhooks/facebook', body, headers });
    expect(answer).toMatchObject({ status: 503, retryAfter: 5 });
    const ready = await fetch(`${url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { accounts: { status: 'failed' } } });
    await expect(started).rejects.toThrow('was not ready in time');
  });
});
