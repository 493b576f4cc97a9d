import { describe, expect, it } from '@jest/globals';
import { foldText, vectorOf, wantedOf, wordsOf } from './words.rules.js';

describe('folding', () => {
  it.each([
    ['Nguyễn Thị Ánh', 'nguyen thi anh'],
    ['ĐỖ ĐỨC', 'do duc'],
    ['Ðặng', 'dang'],
    ['Lân'.normalize('NFD'), 'lan'],
    ['𝐒𝐡𝐨𝐩 ＤＨ１０２４', 'shop dh1024'],
  ])('%s → %s', (text, folded) => expect(foldText(text)).toBe(folded));
});

describe('words of a text', () => {
  it('are its syllables, each once', () => {
    expect(wordsOf('Áo đỏ, áo ĐEN… ❤️')).toEqual(['ao', 'do', 'den']);
    expect(wordsOf('❤️ 👍🏽 …')).toEqual([]);
  });

  it('are a code as a whole and its parts', () => {
    expect(wordsOf('đơn DH1024')).toEqual(['don', 'dh1024', 'dh', '1024']);
    expect(wordsOf('DH-1024')).toEqual(['dh', '1024']);
  });

  it('are every ending of a telephone number, as it is written and as it is dialled today', () => {
    const endings = (number: string) => [8, 7, 6, 5, 4, 3].map((length) => number.slice(-length));

    expect(wordsOf('+84 900.000.123')).toEqual(
      expect.arrayContaining(['84900000123', '0900000123', '900000123', ...endings('0900000123')]),
    );
    expect(wordsOf('0168 345 6789')).toEqual(expect.arrayContaining(['01683456789', '0383456789', '345', '789']));
    expect(wordsOf('sđt0900000123')).toEqual(expect.arrayContaining(['0900000123', '0123']));
  });

  it('are no endings of what is too short or too long for a telephone number', () => {
    expect(wordsOf('500.000')).toEqual(['500', '000']);
    expect(wordsOf('7788990011223344')).toEqual(['7788990011223344']);
  });

  it('are so many, so long and of so much text at most', () => {
    const many = Array.from({ length: 30_000 }, (_, index) => `từ${index}`).join(' ');

    expect(wordsOf(many).length).toBeLessThan(2_100);
    expect(wordsOf('0900 000 1 '.repeat(1_800)).length).toBeLessThan(1_100);
    expect(wordsOf('a'.repeat(20_000))).toEqual(['a'.repeat(60)]);
  });
});

describe('a vector', () => {
  it('keeps the words of two tenants apart', () => {
    const tag = vectorOf('demo', 'Áo')!.slice(0, -'ao'.length);

    expect(vectorOf('demo', 'Áo đỏ')).toBe(`${tag}ao ${tag}do`);
    expect(vectorOf('other', 'Áo')).not.toBe(vectorOf('demo', 'Áo'));
  });

  it('is none where there are no words', () => expect(vectorOf('demo', '👍')).toBeNull());
});

describe('what somebody asks for', () => {
  /** Without the tenant's tag. */
  const asked = (q: string) => wantedOf('demo', q)?.query.replaceAll(/(?<!\w)[0-9a-f]{5}(?=\w)/g, '');

  it.each([
    ['giao hàng', 'giao & hang:*'],
    ['Áo đỏ', 'ao & do'],
    ['DH1024', '(dh1024:* | dh & 1024:*)'],
    ['đơn #DH-1024', 'don & dh & (1024:*)'],
    ['1024', '(1024:*)'],
    ['0900 000 123', '(0900000123:* | 0900 & 000 & 123)'],
    ['0168.345.6789', '(01683456789:* | 0383456789:* | 0168 & 345 & 6789)'],
    ['+84900', '(84900:* | 0900:*)'],
    ['gọi 0900000123 chưa', 'goi & (0900000123:*) & chua:*'],
    ['an@example.com', 'an & example & com:*'],
    ["'; DROP & | ! (:*", 'drop:*'],
  ])('%s → %s', (q, query) => expect(asked(q)).toBe(query));

  it.each(['', 'x', 'đ', '%', '❤️👍', ' - '])('%j is too little', (q) => expect(wantedOf('demo', q)).toBeNull());

  it.each([
    ['DH1024', true],
    ['0900', true],
    ['0900 000 123', false],
    ['ngọc ánh', false],
  ])('%s: a code or a part of a number: %s', (q, isCode) => expect(wantedOf('demo', q)?.isCode).toBe(isCode));
});
