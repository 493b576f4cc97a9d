import { describe, expect, it } from '@jest/globals';
import { ownNumbersOf, partyOf, withPlus } from './party.rules.js';

describe('the other end of an SMS', () => {
  it.each([
    ['0912345678', '+84912345678'],
    ['84912345678', '+84912345678'],
    ['+84 (0)912 345 678', '+84912345678'],
    ['0084912345678', '+84912345678'],
    ['912345678', '+84912345678'],
    ['01202345678', '+84702345678'],
    ['841202345678', '+84702345678'],
    ['01232345678', '+84832345678'],
    ['01682345678', '+84382345678'],
    ['01862345678', '+84562345678'],
    ['01992345678', '+84592345678'],
    ['02438261234', '+842438261234'],
    [' 84912345678', '+84912345678'],
    ['+6581234567', '+6581234567'],
    ['6581234567', '+6581234567'],
    ['447911123456', '+447911123456'],
  ])('%s is %s', (address, value) => {
    expect(partyOf(address)).toEqual({
      thread: value,
      identifier: { type: 'phone', scope: null, value },
      isMachine: false,
    });
  });

  it.each(['19001900', '5656', '8041', 'ACME', 'VIETTEL', 'Lol', 'oOo', 'Cửa hàng'])(
    '%s is nobody’s own number',
    (address) => {
      expect(partyOf(address)).toEqual({ thread: address, identifier: null, isMachine: true });
    },
  );

  it('a number that nobody has is a thread of its own all the same', () => {
    expect(partyOf('+84 111 111 111')).toEqual({ thread: '84111111111', identifier: null, isMachine: false });
    expect(partyOf('***')).toEqual({ thread: '***', identifier: null, isMachine: false });
  });

  it('another channel of the same vendor has threads of its own', () => {
    expect(partyOf('whatsapp:+84912345678')).toMatchObject({
      thread: 'whatsapp:+84912345678',
      identifier: { type: 'phone', value: '+84912345678' },
    });
  });

  it('is not there', () => expect([partyOf(''), partyOf('  ')]).toEqual([null, null]));

  it('is bounded', () => expect(partyOf('A'.repeat(5000))?.thread).toHaveLength(64));
});

it.each([
  ['84912345678', '+84912345678'],
  ['12025550123', '+12025550123'],
  ['0912345678', '0912345678'],
  ['8079', '8079'],
  ['19001900', '19001900'],
  ['ACME', 'ACME'],
])('withPlus(%s) is %s', (number, wanted) => expect(withPlus(number)).toBe(wanted));

it('own numbers are told once, brandnames are none', () => {
  expect(ownNumbersOf('84912345678', '0912345678', 'ACME', '8079', undefined, 'acme-1')).toEqual([
    '+84912345678',
    '8079',
  ]);
});
