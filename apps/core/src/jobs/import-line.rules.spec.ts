import { describe, expect, it } from '@jest/globals';
import { MalformedPayload } from '@lienmach/contracts';
import { linesOf, partsOf, readLine } from './import-line.rules.js';

const linesBy = (body: Buffer, each: number) => {
  const { parts, total } = partsOf(body, each);
  const lines = parts.map((part) => [...linesOf(part)].map(({ line, bytes }) => `${line} ${bytes.toString()}`));
  return { total, lines };
};

describe('the lines of a body', () => {
  it('are cut into parts, counted over the whole body, empty ones left out', () => {
    const body = Buffer.from('a\n\nb\r\n  \nc\nd');
    expect(linesBy(body, 2)).toEqual({
      total: 4,
      lines: [
        ['1 a', '3 b\r'],
        ['5 c', '6 d'],
      ],
    });
    expect(linesBy(body, 3)).toEqual({ total: 4, lines: [['1 a', '3 b\r', '5 c'], ['6 d']] });
    for (const each of [1, 2, 3, 4, 5]) expect(linesBy(body, each).lines.flat()).toEqual(linesBy(body, 9).lines.flat());
  });

  it.each([
    ['nothing', '', 0],
    ['empty lines', ' \n\n\t\r\n', 0],
    ['a last line with its end', 'a\nb\n', 2],
    ['a last line with empty ones behind', 'a\nb\n\n\n', 2],
    ['a byte order mark', '\uFEFFa\nb', 2],
    ['a byte order mark alone', '\uFEFF', 0],
  ])('%s', (_name, body, total) => {
    const cut = linesBy(Buffer.from(body), 1);
    expect(cut.total).toBe(total);
    expect(cut.lines.flat()).toEqual(['1 a', '2 b'].slice(0, total));
  });
});

describe('a line', () => {
  const read = (text: string | Buffer) => readLine({ line: 1, bytes: Buffer.from(text) });

  it('is a record', () => {
    expect(read('{"crmId":"7","phones":["0900000123"],"unknown":1}')).toMatchObject({ customer: { value: '7' } });
  });

  it.each<[string, string | Buffer]>([
    ['the value is not JSON', '{"crmId":'],
    ['the value is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['must be object', '["7"]'],
    ['must be object', 'null'],
    ['crmId must be string,null', '{"crmId":7,"phones":["0900000123"]}'],
    ['phones/0 must be string', '{"crmId":"7","phones":[900000123]}'],
    ['phones must NOT have more than 50 items', JSON.stringify({ crmId: '7', phones: Array(51).fill('0900000123') })],
    ['neither crmId nor loyaltyId is there', '{"phones":["0900000123"]}'],
    ['is longer than 65536 bytes', JSON.stringify({ crmId: '7', more: 'x'.repeat(70_000) })],
  ])('is refused: %s', (reason, text) => {
    const refusal = () => read(text);
    expect(refusal).toThrow(MalformedPayload);
    expect(refusal).toThrow(reason);
  });

  it('is refused with the field, never with what stood there', () => {
    expect(() => read('{"crmId":"7","phones":["0900000123"],"validFrom":"lan@example.com"}')).toThrow(
      /^validFrom must match/,
    );
  });
});
