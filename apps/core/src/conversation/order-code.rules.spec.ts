import { describe, expect, it } from '@jest/globals';
import { content, event, received } from './fixtures/events.js';
import { foldItem } from './item.rules.js';
import { orderCodeKey, sharesOrder, withOrderCodes } from './order-code.rules.js';

const naming = (...codes: string[]) =>
  event(
    'message.received',
    {
      ...content(codes.join(', ')),
      claims: [
        { type: 'phone', value: '+84900000123', where: 'text' },
        ...codes.map((value) => ({ type: 'order_code', value, where: 'text' })),
      ],
    },
    { id: 'm1' },
  );

describe('order codes', () => {
  it.each(['DH1024', 'dh1024', 'DH-1024', ' dh 10 24', 'DH/1024.'])('%j is DH1024', (code) => {
    expect(orderCodeKey(code)).toBe('DH1024');
  });

  it('of an item are those that its customer claims, each once, whatever it is edited to', () => {
    const edit = event('message.edited', { target: 'm1', ...content('khác'), editNumber: 1 }, { at: 1000 });
    expect(foldItem([naming('dh 11', 'DH12', 'DH11')]).orderCodes).toEqual(['DH11', 'DH12']);
    expect(foldItem([naming('DH11'), edit]).orderCodes).toEqual(['DH11']);
    expect(foldItem([received('DH11 đâu')]).orderCodes).toEqual([]);
  });

  it('go with what is taken back', () => {
    const removal = event('message.removed', { target: 'm1' }, { at: 1000 });
    expect(foldItem([removal, naming('DH11')]).orderCodes).toEqual([]);
  });

  it('of a conversation are the last twenty that were named', () => {
    const codes = Array.from({ length: 20 }, (_, index) => `DH${index}`);
    expect(withOrderCodes(undefined, ['DH1', 'DH2'])).toEqual(['DH1', 'DH2']);
    expect(withOrderCodes(['DH1', 'DH2'], ['DH1'])).toEqual(['DH2', 'DH1']);
    expect(withOrderCodes(codes, ['DH20'])).toEqual([...codes.slice(1), 'DH20']);
  });

  it('are shared where one of them is', () => {
    expect(sharesOrder(['DH1', 'DH2'], ['DH2', 'DH3'])).toBe(true);
    expect(sharesOrder(['DH1'], ['DH2'])).toBe(false);
    expect(sharesOrder(undefined, undefined)).toBe(false);
  });
});
