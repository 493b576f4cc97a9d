import { describe, expect, it } from '@jest/globals';
import { isThanks } from './thanks.rules.js';

const said = (text: string | null, ...kinds: ('sticker' | 'image')[]): boolean =>
  isThanks({ text, attachments: kinds.map((kind) => ({ kind })) });

describe('a pure thanks', () => {
  it.each([
    'cảm ơn shop ❤️',
    'Cám ơn shop nhiều nhé!',
    'Dạ em cảm ơn chị ạ',
    'cam on ad nha',
    'CẢM ƠN SHOP NHIỀUUUU',
    'cảm ơn shop đã giúp đỡ em',
    'Thank you so much!',
    'thanks shop',
    'thankssss',
    'tks ad',
    'Many thanks for your help',
    'ok',
    'Okkkk shop',
    'oke em nhé',
    'ok ạ 👍🏻',
    'dạ',
    'Dạ vâng ạ.',
    'được rồi ạ',
    'đc ạ',
    '👍',
    '❤️❤️',
    '🙏 🙏',
    '<3',
    'tuyệt vời, cảm ơn shop :)',
    // decomposed, as an iPhone may send it
    'cảm ơn'.normalize('NFD'),
  ])('%s', (text) => {
    expect(said(text)).toBe(true);
  });

  it.each([
    'cảm ơn shop, nhưng em chưa nhận được hàng',
    'ok?',
    'ok vậy bao giờ giao?',
    'ok 2 cái nha',
    'không cảm ơn',
    'no thanks',
    'help thanks',
    'cảm ơn shop, cho em xin địa chỉ',
    'dạ có ạ',
    'ok làm đi',
    'đơn của em đâu rồi',
    'hihi',
    'shop ơi',
    '😡',
    '👍😡',
    '👎',
    '?',
    '.',
    '0900000123',
    '',
    `cảm ơn ${'nhiều '.repeat(100)}`,
  ])('is not: %s', (text) => {
    expect(said(text)).toBe(false);
  });

  it('may be a sticker, with or without such words, and never a picture', () => {
    expect(said(null, 'sticker')).toBe(true);
    expect(said('cảm ơn', 'sticker')).toBe(true);
    expect(said(null, 'image')).toBe(false);
    expect(said('cảm ơn', 'image')).toBe(false);
    expect(said('đâu rồi', 'sticker')).toBe(false);
    expect(said(null)).toBe(false);
  });
});
