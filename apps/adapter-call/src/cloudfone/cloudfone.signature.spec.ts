import { expect, it } from '@jest/globals';
import { doorRequest } from '@lienmach/adapter-kit/testing';
import { verifyCloudfone } from './cloudfone.signature.js';

const verify = (body: string, apiKey?: string) =>
  verifyCloudfone(
    doorRequest({ target: '/', headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }),
    apiKey,
  );

it('asks for the key where the account has one', () => {
  expect(verify('{"ApiKey":"k-1"}', 'k-1')).toBe(true);
  for (const body of ['{"ApiKey":"k-2"}', '{"ApiKey":""}', '{}', '{"ApiKey":["k-1"]}', 'no JSON'])
    expect([body, verify(body, 'k-1')]).toEqual([body, false]);
});

it('is content with the path where the account has none', () => {
  expect(verify('{"ApiKey":"whatever"}')).toBe(true);
});
