import { describe, expect, it } from '@jest/globals';
import { verifyGeneric } from './generic.signature.js';

const secret = 'pbx-secret';
const body = Buffer.from('{"callId":"c-77","event":"ringing"}');
// printf %s "$body" | openssl dgst -sha256 -hmac pbx-secret
const hex = 'ea0f500bc5b23298d1b342ceb6fa62e1eb4d02e2e93e8474aa711c5be852e414';

describe('X-Lienmach-Signature', () => {
  it('fits the raw body', () => {
    expect(verifyGeneric(body, `sha256=${hex}`, secret)).toBe(true);
    expect(verifyGeneric(body, `sha256=${hex.toUpperCase()}`, secret)).toBe(true);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['without its prefix', hex],
    ['of another algorithm', `sha1=${hex}`],
    ['cut short', `sha256=${hex.slice(2)}`],
    ['no hex', `sha256=${'zz'.repeat(32)}`],
    ['twice', `sha256=${hex}, sha256=${hex}`],
    ['wrong in one digit', `sha256=${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`],
  ])('%s does not', (_, header) => {
    expect(verifyGeneric(body, header, secret)).toBe(false);
  });

  it('does not fit one flipped byte, nor another secret', () => {
    const flipped = Buffer.from(body);
    flipped[3]! ^= 1;
    expect(verifyGeneric(flipped, `sha256=${hex}`, secret)).toBe(false);
    expect(verifyGeneric(body, `sha256=${hex}`, 'other')).toBe(false);
  });
});
