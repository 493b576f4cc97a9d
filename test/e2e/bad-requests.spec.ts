import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { channelTopic, rawTopic, TOPICS } from '@lienmach/contracts';
import { headerText } from '@lienmach/kafka';
import {
  callRequest,
  demo,
  facebookMessages,
  facebookRequest,
  post,
  rival,
  startPipeline,
  waitUntil,
  type Pipeline,
  type Webhook,
} from '../support/index.js';

/** Stands in every body that nobody has signed. */
const unsignedMark = 'UNSIGNED';
const now = Date.now();
const message = (mid: string) =>
  facebookMessages([{ mid, psid: '7300000000000001', text: `${unsignedMark} ${mid}`, at: now }]);
const callEvent = (callId: string) =>
  callRequest({
    eventId: `${unsignedMark}-${callId}`,
    callId,
    event: 'ringing',
    customerNumber: '+84905777888',
    at: now,
  });

function flipped({ body, ...rest }: Webhook): Webhook {
  const bytes = Buffer.from(body);
  bytes[bytes.length - 3]! ^= 0x01;
  return { ...rest, body: bytes };
}

const doors = [
  {
    door: 'Fanpage',
    request: message,
    header: 'x-hub-signature-256',
    secret: demo.appSecret,
    foreign: rival.appSecret,
  },
  {
    door: 'call',
    request: callEvent,
    header: 'x-lienmach-signature',
    secret: demo.pbxSecret,
    foreign: rival.pbxSecret,
  },
];

describe('bad requests', () => {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await startPipeline();
  }, 120_000);

  afterAll(() => pipeline?.stop(), 30_000);

  const status = async (webhook: Webhook) => (await pipeline.send(webhook)).status;

  describe.each(doors)('at the $door door', ({ request, header, secret, foreign }) => {
    const signed = (mark: string, signature: (body: Buffer) => string | undefined): Webhook => {
      const webhook = request(mark);
      const { [header]: _valid, ...headers } = webhook.headers;
      const value = signature(webhook.body);
      return { ...webhook, headers: value === undefined ? headers : { ...headers, [header]: value } };
    };
    const hmac = (algorithm: string, key: string, body: Buffer) =>
      createHmac(algorithm, key).update(body).digest('hex');

    it.each<[string, (body: Buffer) => string | undefined]>([
      ['no signature', () => undefined],
      ['an empty one', () => ''],
      ['one without its algorithm', (body) => hmac('sha256', secret, body)],
      ['one of another algorithm', (body) => `sha1=${hmac('sha1', secret, body)}`],
      ['one cut short', (body) => `sha256=${hmac('sha256', secret, body).slice(0, 62)}`],
      ['one that is no hex', () => `sha256=${'z'.repeat(64)}`],
      ["another tenant's", (body) => `sha256=${hmac('sha256', foreign, body)}`],
      ['one of other bytes', () => `sha256=${hmac('sha256', secret, Buffer.from('{}'))}`],
    ])('%s: 401', async (what, signature) => {
      expect(await status(signed(what, signature))).toBe(401);
    });

    it('one byte of the body flipped: 401', async () => {
      expect(await status(flipped(request('flipped')))).toBe(401);
    });

    it('2 MiB: 413', async () => {
      const body = Buffer.alloc(2 * 1024 * 1024, ' ');
      expect(await status({ ...request('large'), body })).toBe(413);
    });

    it('a content type that the vendor never sends: 415', async () => {
      const webhook = request('type');
      expect(await status({ ...webhook, headers: { ...webhook.headers, 'content-type': 'text/plain' } })).toBe(415);
    });

    it('another method: 405 with those that are allowed', async () => {
      const { app, path } = request('method');
      const answer = await fetch(`${pipeline.app(app).url}${path}`, { method: 'PUT', body: unsignedMark });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')]);
    });
  });

  it('the call door is not to be read: 405', async () => {
    const { app, path } = callEvent('method');
    expect((await fetch(`${pipeline.app(app).url}${path}`)).status).toBe(405);
  });

  it('the wrong verify token at the Fanpage: 403; the right one: its challenge', async () => {
    const ask = async (token: string) => {
      const query = `hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=c4711`;
      const answer = await fetch(`${pipeline.app('adapter-facebook').url}/webhooks/facebook?${query}`);
      return [answer.status, await answer.text()];
    };
    expect((await ask('wrong'))[0]).toBe(403);
    expect(await ask(demo.verifyToken)).toEqual([200, 'c4711']);
  });

  it('an account that nobody has, in the path: 404', async () => {
    const webhook = callEvent('nobody');
    expect(await status({ ...webhook, path: '/webhooks/call/generic/nobody' })).toBe(404);
  });

  it('none of it was stored', async () => {
    const topics = [rawTopic, channelTopic].flatMap((topicOf) => [topicOf('facebook'), topicOf('call')]);
    for (const topic of [...topics, TOPICS.deadLetter]) expect(await pipeline.records(topic)).toEqual([]);
    expect(await pipeline.sql('SELECT id FROM core.event')).toEqual([]);
  }, 60_000);

  describe('signed, but not to be read: 200, and the exact bytes to the dead letters', () => {
    const entry = `"object":"page","entry":[{"id":"${demo.page}","time":${now},"messaging":`;
    it.each<[string, Buffer]>([
      ['broken UTF-8', Buffer.concat([Buffer.from(`{${entry}["`), Buffer.from([0xc3, 0x28]), Buffer.from('"]}]}')])],
      ['JSON cut short', Buffer.from(`{${entry}[{"sender"`)],
      ['JSON ten thousand levels deep', Buffer.from(`{${entry}${'['.repeat(10_000)}${']'.repeat(10_000)}}]}`)],
      ['a message without its id', Buffer.from(`{${entry}[{"sender":{"id":"1"},"timestamp":1,"message":{}}]}]}`)],
      ['a page that nobody has', Buffer.from('{"object":"page","entry":[{"id":"31337","time":1,"messaging":[{}]}]}')],
    ])('%s', async (_what, body) => {
      expect(await status(facebookRequest(body))).toBe(200);
      const letters = (await pipeline.records(TOPICS.deadLetter)).filter(({ value }) => value?.equals(body));
      expect(letters).toHaveLength(1);
      const letter = letters[0]!;
      expect(headerText(letter, '__connect.errors.stage')).toBe('door');
      expect(headerText(letter, '__connect.errors.exception.message')).not.toBe('');
      expect(Object.keys(letter.headers).join()).not.toMatch(/secret|token/);
    });
  });

  it('ids that come as numbers beyond 2^53 keep every digit, up to the timeline', async () => {
    const psid = '90071992547409931234';
    const at = Date.now();
    const body = `{"object":"page","entry":[{"id":${demo.page},"time":${at},"messaging":[{"sender":{"id":${psid}},"recipient":{"id":${demo.page}},"timestamp":${at},"message":{"mid":"m_number","text":"số lớn"}}]}]}`;
    expect(await status(facebookRequest(body))).toBe(200);
    const items = await waitUntil('the message in its timeline', async () => {
      const [person] = await pipeline.api.peopleOf('fb_psid', psid, demo.page);
      const found = person ? await pipeline.api.timeline(person) : [];
      return found.length > 0 ? found : undefined;
    });
    expect(items.map(({ text, thread }) => [text, thread])).toEqual([['số lớn', psid]]);
  }, 30_000);

  it('the doors answer as before', async () => {
    const url = pipeline.app('adapter-facebook').url;
    expect((await post(url, message('after'))).status).toBe(200);
    expect((await post(pipeline.app('adapter-call').url, callEvent('after'))).status).toBe(200);
  });
});
