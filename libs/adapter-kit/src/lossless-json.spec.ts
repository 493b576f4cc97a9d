import { describe, expect, it } from '@jest/globals';
import { MalformedPayload } from '@lienmach/contracts';
import fc from 'fast-check';
import { parseLosslessJson } from './lossless-json.js';

const parse = (text: string) => parseLosslessJson(Buffer.from(text));

describe('parseLosslessJson', () => {
  it.each([
    ['{"id":9007199254740993}', { id: '9007199254740993' }],
    ['{"id":9007199254740991}', { id: 9007199254740991 }],
    ['[ -9007199254740993 , 579745863508352884123]', ['-9007199254740993', '579745863508352884123']],
    ['7788990011223344556', '7788990011223344556'],
    [
      '{"a":"text 9007199254740993, \\"9007199254740993\\" \\\\"}',
      { a: 'text 9007199254740993, "9007199254740993" \\' },
    ],
    [
      '{"a":0.12345678901234567,"b":1234567890123456.5,"c":1e20}',
      JSON.parse('{"a":0.12345678901234567,"b":1234567890123456.5,"c":1e20}'),
    ],
    ['[12345678901234567e1,1E+1234567890123456789]', JSON.parse('[12345678901234567e1,1E+1234567890123456789]')],
    ['{"mật khẩu 🙏":9007199254740993}', { 'mật khẩu 🙏': '9007199254740993' }],
    ['[1e3, -1e300, 12345678901234567890, 1]', [1000, -1e300, '12345678901234567890', 1]],
    ['{"time":1518479195594,"n":null}', { time: 1518479195594, n: null }],
  ])('%s', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it.each(['', '{', '{"a":}', '[00900719925474099312]', '-', '\u{feff}{}', 'nope'])('refuses %p', (text) => {
    expect(() => parse(text)).toThrow(MalformedPayload);
  });

  it('refuses broken UTF-8', () => {
    expect(() => parseLosslessJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow('not UTF-8');
    expect(() => parseLosslessJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toThrow(MalformedPayload);
  });

  it('bounds the nesting, brackets in text not counted', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parse(nested(65))).toThrow('nested too deep');
    expect(() => parse(nested(500_000))).toThrow('nested too deep');
    expect(() => parse('{"a":'.repeat(65) + '1' + '}'.repeat(65))).toThrow('nested too deep');
    expect(parse(nested(64))).toBeDefined();
    expect(parse(`["${'['.repeat(100)}"]`)).toEqual(['['.repeat(100)]);
    expect(() => parseLosslessJson(Buffer.from(nested(3)), { maxDepth: 2 })).toThrow(MalformedPayload);
  });

  it('agrees with JSON.parse wherever that loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        const risky = /[[:,]-?\d{16,}(?![\d.eE])|^-?\d{16,}$/.test(text);
        fc.pre(!risky);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every digit of any whole number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (value) => {
        const [read] = parse(`[${value}]`) as [number | string];
        expect(BigInt(read)).toBe(value);
        expect(typeof read).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'string');
      }),
    );
  });
});
