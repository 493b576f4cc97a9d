import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeGsm } from '../gsm-alphabet.js';
import { encodeText } from './short-message.js';

const decoded = ({ dataCoding, parts }: ReturnType<typeof encodeText>): string[] =>
  parts.map((part) => (dataCoding === 0 ? decodeGsm(part) : Buffer.from(part).swap16().toString('utf16le')));

describe('a text', () => {
  it.each([
    ['160 letters of the GSM alphabet', 'a'.repeat(160), 0, [160]],
    ['161', 'a'.repeat(161), 0, [153, 8]],
    ['80 letters that take two each', '€'.repeat(80), 0, [160]],
    ['81, of which none is cut', '€'.repeat(81), 0, [152, 10]],
    ['70 Vietnamese letters', 'ạ'.repeat(70), 8, [140]],
    ['71', 'ạ'.repeat(71), 8, [134, 8]],
    ['36 faces, of which none is cut', '😀'.repeat(36), 8, [132, 12]],
    ['nothing', '', 0, [0]],
  ])('of %s', (_, text, dataCoding, lengths) => {
    const encoded = encodeText(text);
    expect(encoded.dataCoding).toBe(dataCoding);
    expect(encoded.parts.map(({ length }) => length)).toEqual(lengths);
  });

  it('is written in composed letters, which take less room', () => {
    expect(encodeText('e\u0300').dataCoding).toBe(0);
    expect(decoded(encodeText('Đa\u0323'))).toEqual(['Đạ']);
  });

  it('is whole again when its parts are put together, whatever stands in it', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'aé€[ạđ😀 \n'), maxLength: 700 });
    fc.assert(
      fc.property(texts, (text) => {
        const encoded = encodeText(text);
        expect(decoded(encoded).join('')).toBe(text.normalize('NFC'));
        const most = encoded.parts.length > 1 ? [153, 134] : [160, 140];
        expect(Math.max(...encoded.parts.map(({ length }) => length))).toBeLessThanOrEqual(
          most[encoded.dataCoding === 0 ? 0 : 1]!,
        );
      }),
      { numRuns: 200 },
    );
  });
});
