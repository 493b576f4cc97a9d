import { asId } from '@lienmach/adapter-kit';
import { describe, expect, it } from '@jest/globals';
import { MalformedPayload } from '@lienmach/contracts';
import { asTime, readPayload } from './facebook.payload.js';

describe('asTime', () => {
  it.each([
    [1795140930120, 1795140930120],
    ['1795140930120', 1795140930120],
    [1795140930, 1795140930000],
    ['1795140930', 1795140930000],
    [999999999999, 999999999999000],
    [1e12, 1e12],
    [1795140930120.5, 1795140930120],
  ])('reads %p as %p', (value, time) => expect(asTime(value)).toBe(time));

  it.each([0, -1, NaN, Infinity, 1e300, '', 'soon', '1795140930120000000', null, undefined, {}, true])(
    'reads %p as no time',
    (value) => expect(asTime(value)).toBeNull(),
  );
});

describe('asId', () => {
  it.each([
    ['123', '123'],
    [123, '123'],
    ['90071992547409931234', '90071992547409931234'],
    ['m_a|b', 'm_a|b'],
  ])('reads %p as %p', (value, id) => expect(asId(value)).toBe(id));

  it.each(['', 1.5, -1, 2 ** 53, null, undefined, {}, true])('reads %p as none', (value) =>
    expect(asId(value)).toBeNull(),
  );
});

describe('readPayload', () => {
  it('leaves the entries unread', () => {
    expect(readPayload({ object: 'page', entry: [1, null] })).toEqual({ object: 'page', entries: [1, null] });
  });

  it.each([null, [], 'page', {}, { object: 'page' }, { object: 'page', entry: {} }, { object: 1, entry: [] }])(
    'refuses %j',
    (value) => expect(() => readPayload(value)).toThrow(MalformedPayload),
  );
});
