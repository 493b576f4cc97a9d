import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ChannelAccount, Door, DoorRequest } from '@lienmach/adapter-kit';
import { channelConformance, readFixtures } from '@lienmach/adapter-kit/testing';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { facebook } from './facebook.channel.js';
import { FacebookSettings } from './facebook.config.js';

const signature = (body: Buffer, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

channelConformance(facebook, readFixtures(new URL('../fixtures/', import.meta.url)), {
  sign: ({ body }, { settings }) => ({ 'x-hub-signature-256': signature(body, String(settings['appSecret'])) }),
});

const door = facebook.vendors[0]!.doors[0] as Door<FacebookSettings>;
const page = (id: string, verifyToken: string): ChannelAccount<FacebookSettings> => ({
  tenant: 'demo',
  channel: 'facebook',
  vendor: 'facebook',
  id,
  settings: { appSecret: 'secret', verifyToken },
  ownNumbers: [],
});

describe('the handshake', () => {
  const pages = [page('1', 'one'), page('2', 'two')];
  const ask = (query: Record<string, string>, method: DoorRequest['method'] = 'GET') =>
    door.handshake?.(
      {
        method,
        target: '/webhooks/facebook',
        publicUrl: 'https://hooks.example.com',
        query: new URLSearchParams(query),
        headers: {},
        body: Buffer.alloc(0),
      },
      pages,
    );
  const good = { 'hub.mode': 'subscribe', 'hub.verify_token': 'two', 'hub.challenge': '1158201444' };

  it('gives the bare challenge back for the token of any page', () => {
    expect(ask(good)).toEqual({ status: 200, contentType: 'text/plain', body: '1158201444' });
  });

  it.each([
    ['a wrong token', { 'hub.verify_token': 'three' }],
    ['an empty token', { 'hub.verify_token': '' }],
    ['another mode', { 'hub.mode': 'unsubscribe' }],
    ['no challenge', { 'hub.challenge': '' }],
  ])('refuses %s', (_name, changed) => {
    expect(ask({ ...good, ...changed })?.status).toBe(403);
  });

  it('refuses a request without any of it', () => {
    expect(ask({})?.status).toBe(403);
  });

  it('leaves events alone', () => {
    expect(ask(good, 'POST')).toBeUndefined();
  });
});

describe('the settings of a page', () => {
  const problemsOf = (settings: object): string[] =>
    validateSync(plainToInstance(FacebookSettings, settings)).flatMap(({ constraints }) =>
      Object.values(constraints ?? {}),
    );
  const least = { appSecret: 's', verifyToken: 'v' };

  it('are complete with the secret and the token', () => {
    expect(problemsOf(least)).toEqual([]);
    expect(problemsOf({ ...least, appId: '151777648186011', pageToken: 't', agentApps: ['200300400500600'] })).toEqual(
      [],
    );
  });

  it('may hold ids without quotes', () => {
    const settings = plainToInstance(FacebookSettings, {
      ...least,
      appId: 151777648186011,
      agentApps: [200300400500600],
    });
    expect(validateSync(settings)).toEqual([]);
    expect(settings).toMatchObject({ appId: '151777648186011', agentApps: ['200300400500600'] });
  });

  it.each([
    [{ verifyToken: 'v' }, 'appSecret must be set'],
    [{ ...least, appSecret: '' }, 'appSecret must be set'],
    [{ appSecret: 's' }, 'verifyToken must be set'],
    [{ ...least, appId: 'my app' }, 'appId must be'],
    [{ ...least, pageToken: '' }, 'pageToken must not be empty'],
    [{ ...least, agentApps: '200300400500600' }, 'agentApps must be a list'],
    [{ ...least, agentApps: ['the bot'] }, 'each of agentApps must be'],
  ])('%j: %s', (settings, problem) => {
    expect(problemsOf(settings)).toContainEqual(expect.stringContaining(problem));
  });

  it('name what is secret', () => {
    expect(facebook.vendors[0]!.secrets).toEqual(['appSecret', 'verifyToken', 'pageToken']);
  });
});
