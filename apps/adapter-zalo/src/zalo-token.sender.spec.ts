import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ChannelAccount, SendContext } from '@lienmach/adapter-kit';
import nock from 'nock';
import type { ZaloSettings } from './zalo.config.js';
import { connectAddress, givenPair, renewTokens } from './zalo-token.sender.js';

const OAUTH = 'http://oauth.example.com';
const PATH = '/v4/oa/access_token';
const NOW = Date.UTC(2026, 10, 21);
const SETTINGS: ZaloSettings = {
  appId: '360846524940903967',
  oaSecret: 'oa-secret',
  appSecret: 'app-secret',
  refreshToken: 'refresh-1',
};
const oa = (settings: Partial<ZaloSettings> = {}): ChannelAccount<ZaloSettings> => ({
  tenant: 'demo',
  channel: 'zalo',
  vendor: 'zalo',
  id: '388613280878808645',
  settings: { ...SETTINGS, ...settings },
  ownNumbers: [],
});
const context = (): SendContext => ({
  env: { ZALO_OAUTH_URL: `${OAUTH}/` },
  signal: AbortSignal.timeout(2_000),
  now: NOW,
});
const renew = () => renewTokens('refresh-1', oa(), context());

afterEach(() => {
  const left = nock.pendingMocks();
  nock.cleanAll();
  expect(left).toEqual([]);
});

describe('an exchange', () => {
  it('gives the refresh token, by the secret of the app, for the next pair', async () => {
    nock(OAUTH, { reqheaders: { secret_key: 'app-secret' } })
      .post(PATH, { grant_type: 'refresh_token', refresh_token: 'refresh-1', app_id: SETTINGS.appId })
      .reply(200, { access_token: 'access-2', refresh_token: 'refresh-2', expires_in: '90000' });
    expect(await renew()).toEqual({
      kind: 'renewed',
      tokens: { accessToken: 'access-2', refreshToken: 'refresh-2', expiresAt: NOW + 90_000_000 },
    });
  });

  it.each<[string, number, unknown, string]>([
    ['an error is for an administrator', 200, { error: -14014, error_name: 'x' }, 'refused'],
    ['too many requests pass', 200, { error: -32 }, 'not-taken'],
    ['half a pair may have used the token up', 200, { access_token: 'access-2' }, 'unknown'],
    ['a proxy may have', 502, '<html>', 'unknown'],
    ['half an answer too', 200, '{"access_token":"acc', 'unknown'],
  ])('%s', async (_name, status, answer, kind) => {
    nock(OAUTH)
      .post(PATH)
      .reply(status, answer as nock.Body);
    expect((await renew()).kind).toBe(kind);
  });

  it.each([
    ['ECONNRESET', 'unknown'],
    ['ECONNREFUSED', 'not-taken'],
  ])('%s is %s, and tells no secret', async (code, kind) => {
    nock(OAUTH)
      .post(PATH)
      .replyWithError(Object.assign(new Error(`connect ${code}`), { code }));
    const outcome = await renew();
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).not.toMatch(/refresh-1|app-secret/);
  });
});

describe('the pair of the settings', () => {
  it('has no refresh token where nothing could be exchanged', () => {
    expect(givenPair(SETTINGS)).toEqual({ accessToken: null, refreshToken: 'refresh-1' });
    expect(givenPair({ ...SETTINGS, accessToken: 'access-1', appSecret: undefined })).toEqual({
      accessToken: 'access-1',
      refreshToken: null,
    });
  });
});

describe('the address of the consent', () => {
  const addressOf = (settings: Partial<ZaloSettings>, env: Record<string, string>) => connectAddress(oa(settings), env);

  it('names the app, where to come back to, and a proof that only the app can give', () => {
    const address = new URL(addressOf({}, { ZALO_PUBLIC_URL: 'https://hooks.example.com/' })!);
    expect(address.origin + address.pathname).toBe('https://oauth.zaloapp.com/v4/oa/permission');
    const { app_id, redirect_uri, code_challenge } = Object.fromEntries(address.searchParams);
    expect(app_id).toBe(SETTINGS.appId);
    expect(redirect_uri).toMatch(/^https:\/\/hooks\.example\.com\/webhooks\/zalo\/connected\?state=[\w-]{43}$/);
    expect(code_challenge).toMatch(/^[\w-]{43}$/);
    expect(code_challenge).not.toBe(createHash('sha256').update('').digest('base64url'));
    expect(address.href).not.toContain('app-secret');
  });

  it('is none where Zalo could not lead back', () => {
    expect(addressOf({}, {})).toBeNull();
    expect(addressOf({ appSecret: undefined }, { PUBLIC_URL: 'https://hooks.example.com' })).toBeNull();
  });
});
