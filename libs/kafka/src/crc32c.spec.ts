import { describe, expect, it } from '@jest/globals';
import { crc32c } from './crc32c.js';

const of = (bytes: Buffer): string => crc32c(bytes, 0, bytes.length).toString(16).padStart(8, '0');

describe('CRC-32C', () => {
  it.each([
    ['nothing', Buffer.alloc(0), '00000000'],
    ['the usual check', Buffer.from('123456789'), 'e3069283'],
    ['32 zeros (RFC 3720, B.4)', Buffer.alloc(32), '8a9136aa'],
    ['32 ones (RFC 3720, B.4)', Buffer.alloc(32, 0xff), '62a8ab43'],
    ['0 to 31 (RFC 3720, B.4)', Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)), '46dd794e'],
  ])('knows %s', (_name, bytes, sum) => {
    expect(of(bytes)).toBe(sum);
  });

  it('looks at nothing outside the stretch, however it lies', () => {
    const bytes = Buffer.from('xxxxx123456789yyyyyyyy');
    expect(crc32c(bytes, 5, 14).toString(16)).toBe('e3069283');
  });
});
