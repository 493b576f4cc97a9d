import { asId } from '@lienmach/adapter-kit';
import { describe, expect, it } from '@jest/globals';
import { oaIdsIn } from './oa-ids.payload.js';
import { asNumber, asTime, readPayload } from './zalo.payload.js';

describe('asTime', () => {
  it.each([
    ['1785312004001', 1785312004001],
    [1785312004001, 1785312004001],
    ['1785312004', 1785312004000],
    [1785312004, 1785312004000],
    ['1785312004001999', 1785312004001],
    ['154390853474', 154390853474],
    ['15439085347', 15439085347],
    ['178531200400112', 178531200400112],
    ['178531200', null],
    ['17853120040011234', null],
    ['1785312004.5', null],
    ['-1785312004', null],
    ['', null],
    [Number.NaN, null],
    [null, null],
    [undefined, null],
  ])('%j is %j', (value, expected) => {
    expect(asTime(value)).toBe(expected);
  });
});

describe('asNumber', () => {
  it.each([
    ['10.7769', 10.7769],
    [10.7769, 10.7769],
    ['-3', -3],
    ['0', 0],
    ['1e9', null],
    ['0x10', null],
    [' 1', null],
    ['', null],
    [Number.POSITIVE_INFINITY, null],
    [true, null],
    [null, null],
  ])('%j is %j', (value, expected) => {
    expect(asNumber(value)).toBe(expected);
  });
});

describe('asId', () => {
  it.each([
    ['6142494823000000001', '6142494823000000001'],
    [42, '42'],
    [0, '0'],
    [-1, null],
    [1.5, null],
    // rounded already: whose id it is nobody knows
    [2 ** 53, null],
    ['', null],
    [{}, null],
  ])('%j is %j', (value, expected) => {
    expect(asId(value)).toBe(expected);
  });
});

describe('readPayload', () => {
  it('takes an object with the name of its event', () => {
    const body = { event_name: 'follow', follower: { id: '1' } };
    expect(readPayload(body)).toEqual({ event: 'follow', body });
  });

  it.each([
    ['a list', [], /no object/],
    ['a text', 'follow', /no object/],
    ['null', null, /no object/],
    ['no name', {}, /event_name/],
    ['an empty name', { event_name: '' }, /event_name/],
    ['a number for a name', { event_name: 7 }, /event_name/],
  ])('refuses %s', (_name, value, reason) => {
    expect(() => readPayload(value)).toThrow(reason);
  });
});

describe('oaIdsIn', () => {
  const found = (text: string): string[] => oaIdsIn(Buffer.from(text));

  it('finds the parties, and before them the OA that is named', () => {
    expect(found('{"sender":{"id":"11111"},"recipient" : { "id" : "22222" },"oa_id":"33333"}')).toEqual([
      '33333',
      '11111',
      '22222',
    ]);
    expect(found('{"oaId":"44444"}')).toEqual(['44444']);
  });

  it('finds none in a text, in numbers, and in ids of another shape', () => {
    expect(found('{"text":"\\"id\\":\\"11111\\""}')).toEqual([]);
    expect(found('{"id":11111}')).toEqual([]);
    expect(found('{"id":"1111"}')).toEqual([]);
    expect(found(`{"id":"${'1'.repeat(21)}"}`)).toEqual([]);
    expect(found('{"msg_id":"11111"}')).toEqual([]);
  });

  it('stops after two hundred', () => {
    const ids = Array.from({ length: 300 }, (_, index) => String(10_000 + index));
    expect(found(JSON.stringify(ids.map((id) => ({ id }))))).toEqual(ids.slice(0, 200));
  });
});
