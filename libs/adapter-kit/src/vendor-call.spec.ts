import { afterEach, describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { apiUrl, askVendor } from './vendor-call.js';

const API = 'http://vendor.example.com';
const context = { signal: AbortSignal.timeout(10_000) };

afterEach(() => nock.cleanAll());

describe('askVendor', () => {
  it('posts fields as JSON, and keeps every digit of an id', async () => {
    nock(API).post('/send', { text: 'Dạ' }).reply(200, '{"id":579745863508352884,"ok":true}', { 'X-Left': '3' });
    const answer = await askVendor({ url: `${API}/send`, body: { text: 'Dạ' } }, context);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'x-left': '3' },
      body: { id: '579745863508352884', ok: true },
    });
  });

  it('asks by GET without a body, and takes an answer in words as it is', async () => {
    nock(API).get('/me').reply(502, '<html>Bad gateway');
    expect(await askVendor({ url: `${API}/me` }, context)).toMatchObject({ status: 502, body: '<html>Bad gateway' });
  });

  it('follows nobody elsewhere: credentials go to the vendor alone', async () => {
    nock(API).get('/me').reply(302, '', { location: 'http://elsewhere.example.com/' });
    expect((await askVendor({ url: `${API}/me` }, context)).status).toBe(302);
  });
});

describe('apiUrl', () => {
  it("is the setting's where there is one", () => {
    expect(apiUrl({ env: { X_API_URL: 'http://proxy.example.com/x//' } }, 'X_API_URL', API)).toBe(
      'http://proxy.example.com/x',
    );
    expect(apiUrl({ env: { X_API_URL: '' } }, 'X_API_URL', API)).toBe(API);
  });
});
