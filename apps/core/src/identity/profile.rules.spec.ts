import { describe, expect, it } from '@jest/globals';
import type { ProfileField } from '@lienmach/contracts';
import { saidOf, shownValues, valuesOf, wrongWith, type KeptValue } from './profile.rules.js';

const kept = (value: string, source: KeptValue['source'], at: number, rest: Partial<KeptValue> = {}): KeptValue => ({
  identifierId: 'a',
  field: 'address',
  source,
  value,
  at,
  heldAt: at,
  ...rest,
});

describe('the value to show', () => {
  it.each<[string, KeptValue[], string]>([
    ['a login, before a record', [kept('CRM', 'crm', 9), kept('Login', 'verified', 1)], 'Login'],
    ['a record, before an agent', [kept('Agent', 'agent', 9), kept('CRM', 'crm', 1)], 'CRM'],
    ['an agent, before a channel however new', [kept('Chat', 'claim', 9), kept('Agent', 'agent', 1)], 'Agent'],
    ['of one source the newest', [kept('Old', 'claim', 1), kept('New', 'claim', 2)], 'New'],
    ['of one moment always the same', [kept('B', 'crm', 1, { identifierId: 'b' }), kept('A', 'crm', 1)], 'A'],
  ])('is that of %s', (_whose, values, shown) => {
    expect(shownValues(values).map(({ value }) => value)).toEqual([shown]);
    expect(shownValues(values.toReversed()).map(({ value }) => value)).toEqual([shown]);
  });

  it('is one of each field, in the order of the fields', () => {
    const values = [kept('vi', 'claim', 1, { field: 'language' }), kept('x', 'claim', 1), kept('y', 'claim', 2)];
    expect(shownValues(values).map(({ field, value }) => [field, value])).toEqual([
      ['address', 'y'],
      ['language', 'vi'],
    ]);
  });
});

it('of a number that several had in turn each owner has what was said in his time', () => {
  const values = [kept('first', 'crm', 5), kept('second', 'crm', 15), kept('of the first', 'agent', 20, { heldAt: 5 })];
  const said = (span: object) => valuesOf(values, [{ identifierId: 'a', ...span }]).map(({ value }) => value);
  expect(said({ until: 10 })).toEqual(['first', 'of the first']);
  expect(said({ since: 10 })).toEqual(['second']);
  expect(valuesOf(values, [{ identifierId: 'b' }])).toEqual([]);
});

describe('a value', () => {
  it.each<[ProfileField, string, boolean]>([
    ['gender', 'female', true],
    ['gender', 'Nữ', false],
    ['birthday', '1999-10-30', true],
    ['birthday', '1999-02-31', false],
    ['birthday', '30/10/1999', false],
    ['language', 'vi', true],
    ['language', 'zh-Hant-TW', true],
    ['language', 'tiếng Việt', false],
    ['address', '1 Lê Lợi, Huế', true],
    ['address', 'a\nb', false],
    ['address', ' ', false],
    ['name', 'x'.repeat(501), false],
    ['name', 'Nguyễn Thị Lan', true],
  ])('%s: %s', (field, value, good) => expect(wrongWith(field, value) === null).toBe(good));
});

it('of a profile counts what is there', () => {
  expect(saidOf({ gender: 'male', birthday: null, address: ' Huế ' })).toEqual([
    { field: 'gender', value: 'male' },
    { field: 'address', value: 'Huế' },
  ]);
});
