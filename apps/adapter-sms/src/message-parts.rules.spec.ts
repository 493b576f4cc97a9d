import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isWhole, joined, messageKey, nextMessage, type KeptPart } from './message-parts.rules.js';

const part = (number: number, given: Partial<KeptPart> = {}): KeptPart => ({
  account: 'acme',
  id: `id-${number}`,
  from: '+84900000001',
  to: '84900000100',
  ref: '109',
  total: 3,
  part: number,
  text: `${number} `,
  time: 1000 * number,
  vendorData: { type: 'unicode' },
  keptAt: number,
  ...given,
});

it('parts in any order make the same message', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), (order) => {
      const parts = nextMessage(order.map((number, at) => part(number, { keptAt: at })));
      expect(isWhole(parts)).toBe(true);
      expect(joined(parts)).toEqual({
        id: 'id-1',
        from: '+84900000001',
        to: '84900000100',
        text: '1 2 3 ',
        time: 1000,
        vendorData: { type: 'unicode', concat: { ref: '109', total: 3 }, parts: ['id-1', 'id-2', 'id-3'] },
      });
    }),
  );
});

describe('what is missing', () => {
  it('is marked, and left out once however much it is', () => {
    const parts = nextMessage([part(3)]);
    expect(isWhole(parts)).toBe(false);
    expect(joined(parts)).toMatchObject({ id: 'id-3', text: '…3 ', vendorData: { missing: [1, 2] } });
    expect(joined([part(1), part(3)])).toMatchObject({ text: '1 …3 ', vendorData: { missing: [2] } });
  });
});

it('a letter cut in two is one again', () => {
  const [high, low] = [...'😀'.split('')];
  const parts = [part(1, { total: 2, text: high }), part(2, { total: 2, text: low })];
  expect(joined(parts).text).toBe('😀');
});

it('of two parts with one number the first counts', () => {
  const parts = nextMessage([part(1, { id: 'later', keptAt: 9 }), part(1, { id: 'first', keptAt: 1 })]);
  expect(parts.map(({ id }) => id)).toEqual(['first']);
});

it.each([{ account: 'b' }, { from: 'x' }, { to: null }, { ref: '110' }, { total: 2 }])(
  '%j is another message',
  (given) => {
    expect(messageKey(part(1, given))).not.toBe(messageKey(part(1)));
    expect(messageKey(part(2))).toBe(messageKey(part(1)));
  },
);
