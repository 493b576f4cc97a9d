import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DoorRequest } from '@lienmach/adapter-kit';
import { verifyStringee } from './stringee.signature.js';

const secret = 'test-stringee-signing-secret';
const sign = (data: string) => createHmac('sha1', secret).update(data).digest('base64');

const request = (method: 'GET' | 'POST', target: string, body: string, signature?: string): DoorRequest => ({
  method,
  target,
  publicUrl: 'https://hooks.example.com',
  query: new URLSearchParams(target.split('?')[1]),
  headers: { 'x-stringee-signature': signature },
  body: Buffer.from(body),
});

describe('X-STRINGEE-SIGNATURE', () => {
  const question =
    '/webhooks/call/stringee/acme/answer?from=84900000001&to=842470000001&uuid=890ccbe2-0000-11e7-be7b-000000000001&fromInternal=false';
  const body =
    '{"time":"1740968110736","dtmf":"5","call_id":"call-vn-1-SAMPLE0001-1740968100000","customField":"survey:csat","timeout":false}';

  it('of a GET covers the Request-URI', () => {
    expect(verifyStringee(request('GET', question, '', 'vDKEArPzg7A+7Ktenrh3AFXxE1A='), secret)).toBe(true);
  });

  it('of a POST covers the raw body, wherever it is posted', () => {
    const signature = 'N3Lo65CAeC+tQyoCRgHvUMzgs24=';
    expect(verifyStringee(request('POST', '/webhooks/call/stringee/acme', body, signature), secret)).toBe(true);
    expect(
      verifyStringee(request('POST', '/webhooks/call/stringee/acme/dtmf?purpose=ivr', body, signature), secret),
    ).toBe(true);
  });

  it('covers the query as it was sent, not as it decodes', () => {
    const target = '/webhooks/call/stringee/acme/answer?from=84900000001&to=a%20b&custom=x%2By';
    expect(verifyStringee(request('GET', target, '', sign(target)), secret)).toBe(true);
    expect(verifyStringee(request('GET', target, '', sign(decodeURIComponent(target))), secret)).toBe(false);
  });

  it('covers the path that a proxy serves us below', () => {
    const behind = {
      ...request('GET', question, '', sign(`/lienmach${question}`)),
      publicUrl: 'https://example.com/lienmach/',
    };
    expect(verifyStringee(behind, secret)).toBe(true);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['of another secret', createHmac('sha1', 'other').update(body).digest('base64')],
    ['by SHA-256', createHmac('sha256', secret).update(body).digest('base64')],
    ['in hex', createHmac('sha1', secret).update(body).digest('hex')],
    ['over the address', sign('/webhooks/call/stringee/acme')],
  ])('%s is refused', (_, signature) => {
    expect(verifyStringee(request('POST', '/webhooks/call/stringee/acme', body, signature), secret)).toBe(false);
  });

  it('does not fit a flipped byte', () => {
    expect(verifyStringee(request('POST', '/x', body.replace('"5"', '"4"'), sign(body)), secret)).toBe(false);
    expect(
      verifyStringee(request('GET', question.replace('from=8', 'from=9'), '', 'vDKEArPzg7A+7Ktenrh3AFXxE1A='), secret),
    ).toBe(false);
  });
});
