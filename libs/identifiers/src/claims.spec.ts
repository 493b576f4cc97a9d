import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findClaims } from './claims.js';

const found = (text: string, options?: Parameters<typeof findClaims>[1]) =>
  findClaims(text, options).map(({ type, value }) => `${type} ${value}`);
const PHONE = 'phone +84900000123';

describe('findClaims finds', () => {
  it.each([
    'Shop ơi gọi em 0900000123 nhé',
    'SĐT em 0900 000 123',
    '0900.000.123',
    '0900-000-123',
    '0900 000.123',
    '(0900) 000 123',
    '+84900000123',
    '+84 900 000 123',
    '(+84) 900 000 123',
    '+84 (0) 900 000 123',
    '84900000123',
    '84 900 000 123',
    'o9oooool23',
    'O900OOO123 ạ',
    '０９０００００１２３',
    'sdt0900000123',
    'sđt:0900000123',
    'ĐT0900000123',
    'zalo 0900000123nha',
    'em ở 12 Lê Lợi, 0900000123, giao chiều',
    'lấy 2 cái 0900 000 123 o nha',
    'ngày 20/11/2026 gọi 0900000123',
    '20.11.2026 0900000123',
    'https://zalo.me/0900000123',
    '0900000123 lấy 3 cái giá 250.000đ',
    'không chín không không không không không một hai ba',
    'Số em là Không chín, không không không không không, một hai ba ạ',
    'khong chin khong khong khong khong khong mot hai ba',
  ])('the phone in: %s', (text) => {
    expect(found(text)).toEqual([PHONE]);
  });

  it.each([
    ['0900000123, 0900000124', [PHONE, 'phone +84900000124']],
    ['0900000123 0900000124', [PHONE, 'phone +84900000124']],
    ['0900 000 123 0900 000 124', [PHONE, 'phone +84900000124']],
    ['0900000123/0900000124', [PHONE, 'phone +84900000124']],
    ['0900000123 hoặc 0900 000 123', [PHONE]],
    ['0168 345 6789', ['phone +84383456789']],
    ['(024) 3825 1234', ['phone +842438251234']],
    ['+1 202 555 0123', ['phone +12025550123']],
    ['mail An.Nguyen@Example.com.', ['email An.Nguyen@example.com']],
    ['an@example.com/0900000123', [PHONE, 'email an@example.com']],
    ['0900000123@example.com', ['email 0900000123@example.com']],
  ])('all of: %s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('order codes by the tenant’s pattern, and no phone inside of them', () => {
    const orderCodePattern = 'DH[- ]?\\d{4,}|\\d{14}';
    expect(found('đơn dh1024 và DH0900000123, 20261120000900', { orderCodePattern })).toEqual([
      'order_code dh1024',
      'order_code DH0900000123',
      'order_code 20261120000900',
    ]);
    expect(found('đơn DH1024 SĐT 0900000123', { orderCodePattern })).toEqual(['order_code DH1024', PHONE]);
    expect(found('ADH1024 DH1024x', { orderCodePattern })).toEqual([]);
    expect(found('đơn DH1024', { orderCodePattern: null })).toEqual([]);
  });

  it('where it was told that the text stands', () => {
    expect(findClaims('0900000123', { where: 'form' })).toEqual([
      { type: 'phone', value: '+84900000123', where: 'form' },
    ]);
  });
});

describe('findClaims finds nothing in', () => {
  it.each([
    '',
    'Chị ơi còn hàng không ạ?',
    'không có gì, không sao đâu, không',
    'Giá 1.250.000đ',
    '900.000.123 VND',
    '84.900.000.123 đ',
    '84 900 000 123 vnđ',
    '900000123',
    'sinh ngày 02/10/2026',
    '03.01.2026 10 giờ',
    '2026-11-20 10:15',
    'thẻ 09000001234567',
    'mã 00900000123456',
    'STK 0071001234567',
    'ABC0900000123',
    'x_0900000123',
    '0900000123A',
    '0900.000.123.456.789',
    '12.0900.000.123',
    'https://example.com/p/0900000123',
    'gọi 1900 1234 hoặc 113',
    '0123456789',
    'an@example',
    '@example.com',
    'hello oooo lol',
    'một hai ba bốn năm sáu bảy tám chín mười',
    'không chín không không không không không một hai ba bốn năm sáu',
  ])('%s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('the business’s own numbers and addresses', () => {
    const ownNumbers = ['024 7100 0001', 'cskh@demo.example'];
    expect(found('gọi 02471000001, cskh@Demo.example, 0900000123', { ownNumbers })).toEqual([PHONE]);
  });
});

describe('findClaims', () => {
  it('reads so many claims and no more', () => {
    const flood = Array.from({ length: 100 }, (_, index) => `09000001${String(index).padStart(2, '0')}`).join(', ');
    expect(findClaims(flood)).toHaveLength(20);
  });

  it.each([
    ['digits', '9'.repeat(10_000)],
    ['letters for digits', 'o'.repeat(10_000)],
    ['zeros apart', '0 '.repeat(5_000)],
    ['zeros with dots', '0.'.repeat(5_000)],
    ['at signs', 'a@'.repeat(5_000)],
    ['dots before an at sign', `${'a.'.repeat(5_000)}@`],
    ['digit words', 'không '.repeat(2_000)],
    ['dates', '1/1/'.repeat(2_500)],
  ])('stays linear over a text of %s', (_name, text) => {
    const started = process.cpuUsage();
    findClaims(text, { orderCodePattern: 'DH\\d+' });
    // a quadratic scan of ten thousand characters takes seconds
    expect(process.cpuUsage(started).user).toBeLessThan(500_000);
  });

  it('never throws, and what it found is found again in its own words', () => {
    const pieces = fc.constantFrom(
      ...'0123456789+ .-(),/@:oOlđk',
      '0900000123',
      '+84',
      'an@example.com',
      'không ',
      'VND',
      '20/11/2026',
      'DH12',
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const claims = findClaims(value, { orderCodePattern: 'DH\\d+' });
        const again = findClaims(claims.map((claim) => claim.value).join(' ; '), { orderCodePattern: 'DH\\d+' });
        expect(new Set(again.map((claim) => claim.value))).toEqual(new Set(claims.map((claim) => claim.value)));
      }),
      { numRuns: 2000 },
    );
  });
});
