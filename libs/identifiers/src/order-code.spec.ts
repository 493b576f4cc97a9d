import { describe, expect, it } from '@jest/globals';
import { isOrderCodePattern, orderCodesIn } from './order-code.js';

const codes = (text: string, pattern: string): string[] => orderCodesIn(text, pattern).map(({ code }) => code);

describe('order codes', () => {
  it.each<[string, string, string[]]>([
    ['DH1 DH2,DH3', 'DH\\d', ['DH1', 'DH2', 'DH3']],
    ['dh12 và Dh34', 'DH\\d+', ['dh12', 'Dh34']],
    ['DH1x xDH1 ĐDH1', 'DH\\d', []],
    ['DH123456', 'DH\\d{4}|DH\\d{6}', ['DH123456']],
    ['đơn (A-7)', '(?<kind>A|B)-(\\d)', ['A-7']],
    ['DH1\nDH2', '^DH\\d', ['DH1']],
    ['một hai', 'x*', []],
  ])('in %j by %s', (text, pattern, expected) => {
    expect(codes(text, pattern)).toEqual(expected);
  });

  it('stand where they are said to stand', () => {
    const text = 'đơn DH1 và DH2';
    for (const { code, start, end } of orderCodesIn(text, 'DH\\d')) expect(text.slice(start, end)).toBe(code);
  });

  it('of a flood are the first twenty', () => {
    expect(codes('DH1 '.repeat(1_000), 'DH\\d')).toHaveLength(20);
  });

  it.each(['(', 'a)|(b', '(?=DH)\\d', '(?<!x)DH', '(DH)\\1', '((a{100}){100}){100}', 'D'.repeat(201)])(
    '%s is no pattern, and finds nothing',
    (pattern) => {
      expect(isOrderCodePattern(pattern)).toBe(false);
      expect(codes('DH DH1 a b', pattern)).toEqual([]);
    },
  );

  it.each([
    ['repeats of repeats', '(\\d+)+x', '1'.repeat(10_000)],
    ['alternatives of one thing', '(a|a)*b', 'a'.repeat(10_000)],
    ['whatever stands between', '\\d.*\\d.*\\d.*x|\\d', '1 '.repeat(5_000)],
  ])('a pattern of %s takes a time that grows with the text', (_, pattern, text) => {
    const started = process.cpuUsage();
    orderCodesIn(text, pattern);
    // by backtracking it would take longer than anybody waits
    expect(process.cpuUsage(started).user).toBeLessThan(3_000_000);
  });
});
