import { describe, expect, it } from '@jest/globals';
import { mask, maskText } from './masking.js';

describe('maskText', () => {
  it.each([
    ['SĐT em 0900 000 123 nhé', 'SĐT em ***123 nhé'],
    ['gọi 0900.000.123', 'gọi ***123'],
    ['+84900000123', '***123'],
    ['+84 (90) 000-0123', '***123'],
    ['84900000123', '***123'],
    ['0084900000123,', '***123,'],
    ['02471000001', '***001'],
    ['tel:0900000123', 'tel:***123'],
    ['+14155550123', '***123'],
    ['phone:+84900000123:x', 'phone:***123:x'],
    ['mail lan.nguyen+a@shop.example.vn now', 'mail l***@shop.example.vn now'],
    ['Authorization: Bearer abcdef123456', 'Authorization: Bearer ***'],
    ['postgres://lm:pa55@db:5432/x', 'postgres://lm:***@db:5432/x'],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each([
    'page 7788990011223344',
    '2026-11-20T02:15:30.120Z',
    '1732500000000',
    '7b0c4f0e-2a53-5d0e-9f0b-6d9a3d0f6c11',
    'offset 12345678',
    'm_AbC1dEf2GhI3jKl4MnO5pQ',
    '127.0.0.1:9092',
    'hết hàng 250.000đ',
  ])('leaves %s as it is', (text) => {
    expect(maskText(text)).toBe(text);
  });
});

describe('mask', () => {
  it('reaches every string, hides secrets by name, keeps the rest', () => {
    const input = {
      rows: 5,
      who: { numbers: ['0900000123'] },
      appSecret: 'x1',
      pageToken: 'x2',
      'x-hub-signature-256': 'x3',
      SECRETS_KEY: 'x4',
      bytes: Buffer.from('abc'),
      none: null,
    };
    const before = structuredClone({ ...input, bytes: undefined });
    expect(mask(input)).toEqual({
      rows: 5,
      who: { numbers: ['***123'] },
      appSecret: '[hidden]',
      pageToken: '[hidden]',
      'x-hub-signature-256': '[hidden]',
      SECRETS_KEY: '[hidden]',
      bytes: '[3 bytes]',
      none: null,
    });
    expect({ ...input, bytes: undefined }).toEqual(before);
  });

  it('masks errors with their causes', () => {
    const error = new Error('no thread for 0900000123', { cause: new TypeError('bad lan@shop.vn') });
    const masked = JSON.stringify(mask({ error }));
    expect(masked).toContain('no thread for ***123');
    expect(masked).toContain('TypeError');
    expect(masked).not.toMatch(/0900000123|lan@/);
  });

  it('ends on a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(JSON.stringify(mask(circle))).toContain('[deep]');
  });
});
