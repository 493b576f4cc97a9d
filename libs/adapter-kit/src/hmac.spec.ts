import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hmacSha256, hmacSha256Fits } from './hmac.js';

const theirs = (secret: string, body: Buffer): string => createHmac('sha256', secret).update(body).digest('hex');

describe('hmacSha256', () => {
  it('is what Node says for any secret and body', () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 150 }), bytes, (secret, body) => {
        expect(hmacSha256(secret, body)).toBe(theirs(secret, body));
      }),
    );
  });

  it.each([0, 1, 63, 64, 65, 200])('takes a secret of %i bytes', (length) => {
    const secret = 's'.repeat(length);
    expect(hmacSha256(secret, Buffer.from('body'))).toBe(theirs(secret, Buffer.from('body')));
  });

  it('takes bodies larger than any usual one', () => {
    for (const size of [16 * 1024 - 64, 16 * 1024 - 63, 1024 * 1024]) {
      const body = Buffer.alloc(size, 'x');
      expect(hmacSha256('secret', body)).toBe(theirs('secret', body));
    }
  });

  it('keeps the secrets apart', () => {
    const body = Buffer.from('the same');
    expect([hmacSha256('a', body), hmacSha256('b', body), hmacSha256('a', body)]).toEqual([
      theirs('a', body),
      theirs('b', body),
      theirs('a', body),
    ]);
  });
});

describe('hmacSha256Fits', () => {
  const body = Buffer.from('body');
  const right = theirs('secret', body);

  it('takes the signature and nothing else', () => {
    expect(hmacSha256Fits('secret', body, right)).toBe(true);
    for (const given of ['', right.slice(1), `${right}0`, right.toUpperCase(), 'é'.repeat(64)])
      expect({ given, fits: hmacSha256Fits('secret', body, given) }).toEqual({ given, fits: false });
    for (let at = 0; at < right.length; at++) {
      const given = right.slice(0, at) + (right[at] === '0' ? '1' : '0') + right.slice(at + 1);
      expect({ at, fits: hmacSha256Fits('secret', body, given) }).toEqual({ at, fits: false });
    }
  });
});
