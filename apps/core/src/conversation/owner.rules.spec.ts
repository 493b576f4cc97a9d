import { describe, expect, it } from '@jest/globals';
import { permutations } from './fixtures/permutations.js';
import { ownersOf, type OwnedItem } from './owner.rules.js';

let minute = 0;
const item = (key: string, rest: Partial<OwnedItem>): OwnedItem => ({
  key,
  at: (minute += 1),
  hash: key,
  customerAuthor: false,
  identifier: null,
  answers: null,
  ...rest,
});
const customer = (key: string, identifier: string | null, answers: string | null = null): OwnedItem =>
  item(key, { customerAuthor: true, identifier, answers });
const shop = (key: string, answers: string | null = null): OwnedItem => item(key, { answers });

describe('whose an item is', () => {
  it.each<[string, OwnedItem[], Record<string, string | null>]>([
    ['the shop answers the latest customer', [customer('a', 'an'), customer('b', 'ba'), shop('s')], { s: 'ba' }],
    ['the shop answers whom it quotes', [customer('a', 'an'), customer('b', 'ba'), shop('s', 'a')], { s: 'an' }],
    [
      'along a chain of answers',
      [customer('a', 'an'), shop('s', 'a'), customer('b', 'ba'), shop('t', 's')],
      { t: 'an' },
    ],
    [
      'along a chain that ends with a word of the shop',
      [customer('a', 'an'), shop('s'), customer('b', 'ba'), shop('t', 's')],
      { s: 'an', t: 'an' },
    ],
    ['the shop begins', [shop('s'), customer('a', 'an')], { s: null, a: 'an' }],
    ['the item that it answers is unknown', [customer('a', 'an'), shop('s', 'gone')], { s: 'an' }],
    ['answers in a circle', [customer('a', 'an'), shop('s', 't'), shop('t', 's')], { s: 'an', t: 'an' }],
    ['an anonymous customer stays nobody', [customer('a', 'an'), customer('x', null)], { x: null }],
    [
      "an answer to an anonymous customer is nobody's",
      [customer('a', 'an'), customer('x', null), shop('s', 'x')],
      { s: null },
    ],
    ['a customer answers the shop', [customer('a', 'an'), shop('s', 'a'), customer('b', 'ba', 's')], { b: 'ba' }],
    [
      'whom the shop wrote to is no customer who wrote',
      [customer('a', 'an'), item('s', { identifier: 'ba' }), shop('t')],
      { t: 'an' },
    ],
    ['the vendor names whom the shop wrote to', [customer('a', 'an'), item('s', { identifier: 'ba' })], { s: 'ba' }],
  ])('%s', (_, items, owners) => {
    for (const order of permutations(items)) expect(Object.fromEntries(ownersOf(order))).toMatchObject(owners);
  });
});
