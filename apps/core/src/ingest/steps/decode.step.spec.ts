import { describe, expect, it } from '@jest/globals';
import { MalformedPayload } from '@lienmach/contracts';
import { decode } from './decode.step.js';

describe('decode', () => {
  it('keeps the text as it was written', () => {
    const text = '{"id":"1", "data":{"text":"chào \\u0111"}}';
    expect(decode(Buffer.from(text))).toEqual({ event: { id: '1', data: { text: 'chào đ' } }, text });
  });

  it.each([
    ['NUL', '"a\\u0000b"', 'a\uFFFDb'],
    ['a lone high surrogate', '"a\\ud83d"', 'a\uFFFD'],
    ['a lone low surrogate', '"\\ude00a"', '\uFFFDa'],
    ['a whole pair', '"\\ud83d\\ude00"', '😀'],
  ])('replaces what PostgreSQL cannot hold: %s', (_name, json, expected) => {
    const { event, text } = decode(Buffer.from(`{"data":{"vendorData":{"x":${json}}}}`));
    expect(event).toEqual({ data: { vendorData: { x: expected } } });
    expect(JSON.parse(text)).toEqual(event);
  });

  it.each([
    ['no value', null],
    ['broken UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['broken JSON', Buffer.from('{"id":')],
  ])('refuses %s', (_name, value) => {
    expect(() => decode(value)).toThrow(MalformedPayload);
  });
});
