import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { tokenFits, verifySignature } from './facebook.signature.js';

const SECRET = 'app-secret-ü';
const body = Buffer.from('{"text":"Ch\\u1ecb \\u01a1i \\ud83d\\ude4f\\/"}');
const sign = (bytes: Buffer, secret = SECRET, algorithm = 'sha256'): string =>
  `${algorithm}=${createHmac(algorithm, secret).update(bytes).digest('hex')}`;

describe('verifySignature', () => {
  it('accepts the vendor’s signature over the raw bytes', () => {
    expect(verifySignature(body, sign(body), SECRET)).toBe(true);
  });

  it('agrees with a signature that was made elsewhere', () => {
    const known = 'sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8';
    expect(verifySignature(Buffer.from('The quick brown fox jumps over the lazy dog'), known, 'key')).toBe(true);
  });

  it('refuses the same JSON written anew', () => {
    const anew = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(verifySignature(anew, sign(body), SECRET)).toBe(false);
  });

  it.each([
    ['a missing header', undefined],
    ['an empty header', ''],
    ['another secret', sign(body, 'other')],
    ['the old SHA-1', sign(body, SECRET, 'sha1')],
    ['a shorter one', sign(body).slice(0, -2)],
    ['a longer one', `${sign(body)}00`],
    ['capitals', sign(body).toUpperCase().replace('SHA256', 'sha256')],
    ['no prefix', sign(body).slice(7)],
    ['something else of that length', `sha256=${'z'.repeat(64)}`],
    ['two of them', `${sign(body)}, ${sign(body)}`],
  ])('refuses %s', (_name, header) => {
    expect(verifySignature(body, header, SECRET)).toBe(false);
  });

  it('refuses any flipped bit of the body', () => {
    const header = sign(body);
    for (let at = 0; at < body.length; at++) {
      const flipped = Buffer.from(body);
      flipped[at]! ^= 1;
      expect({ at, fits: verifySignature(flipped, header, SECRET) }).toEqual({ at, fits: false });
    }
  });
});

describe('tokenFits', () => {
  it.each([
    ['token', 'token', true],
    ['token', 'Token', false],
    ['toke', 'token', false],
    ['', 'token', false],
  ])('%j for %j: %s', (given, expected, fits) => {
    expect(tokenFits(given, expected)).toBe(fits);
  });
});
