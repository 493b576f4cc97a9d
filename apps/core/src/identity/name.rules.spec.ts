import { describe, expect, it } from '@jest/globals';
import {
  distinctValues,
  isNewName,
  nameWithin,
  shownName,
  type GivenName,
  type Named,
  type NameSource,
} from './name.rules.js';

const named = (id: string, name: string, nameSource: NameSource | null, nameAt: number): Named => ({
  id,
  name,
  nameSource,
  nameAt,
});
const nobody: Named = { id: '0', name: null, nameSource: null, nameAt: null };

describe('the name to show', () => {
  it.each<[string, Named[], string | null]>([
    ['a login, before a record', [named('a', 'CRM', 'crm', 9), named('b', 'Login', 'verified', 1)], 'Login'],
    ['a record, before an agent', [named('a', 'Agent', 'agent', 9), named('b', 'CRM', 'crm', 1)], 'CRM'],
    ['an agent, before a channel', [named('a', 'Chat', 'claim', 9), named('b', 'Agent', 'agent', 1)], 'Agent'],
    ['of channels the newest', [named('a', 'Old', 'claim', 1), named('b', 'New', 'claim', 2)], 'New'],
    [
      'one from before sources were kept is a channel’s',
      [named('a', 'Old', null, 3), named('b', 'CRM', 'crm', 1)],
      'CRM',
    ],
    ['of one moment the least identifier’s', [named('b', 'B', 'claim', 1), named('a', 'A', 'claim', 1)], 'A'],
    ['none', [nobody], null],
  ])('%s', (_name, members, shown) => {
    expect(shownName([nobody, ...members])).toBe(shown);
    expect(shownName([...members, nobody].reverse())).toBe(shown);
  });
});

describe('names of a batch', () => {
  const given = (source: NameSource, value: string, at: number): GivenName => ({
    tenant: 'demo',
    identifierId: 'a',
    source,
    value,
    at,
  });

  it('are of a number that several had in turn each one’s own', () => {
    const names = [given('claim', 'An', 1), given('crm', 'Anh', 2), given('claim', 'Bình', 9)];
    expect(nameWithin(names, { since: null, until: 5 })).toEqual({ name: 'Anh', nameSource: 'crm', nameAt: 2 });
    expect(nameWithin(names, { since: 5 })).toMatchObject({ name: 'Bình' });
    expect(nameWithin(names, { since: 10 })).toEqual({ name: null, nameSource: null, nameAt: null });
  });

  it('are each told once: a claim since it was heard first, a record as it was made last', () => {
    const names = [given('claim', 'An', 2), given('crm', 'An', 2), given('claim', 'An', 1), given('crm', 'An', 3)];
    const expected = [given('claim', 'An', 1), given('crm', 'An', 3)];
    expect(distinctValues(names)).toEqual(expected);
    expect(distinctValues([...names].reverse())).toEqual(expected);
  });

  it.each<[string, GivenName, Named | undefined, boolean]>([
    ['of an unknown identifier', given('claim', 'An', 2), undefined, true],
    ['of one without a name', given('claim', 'An', 2), nobody, true],
    ['another than the best', given('claim', 'An', 2), named('a', 'Anh', 'claim', 9), true],
    ['the best from another source', given('crm', 'An', 2), named('a', 'An', 'claim', 9), true],
    ['a claim heard again', given('claim', 'An', 9), named('a', 'An', 'claim', 2), false],
    ['a claim heard earlier', given('claim', 'An', 1), named('a', 'An', null, 2), true],
    ['a record made again', given('crm', 'An', 9), named('a', 'An', 'crm', 2), true],
    ['a record from before', given('crm', 'An', 1), named('a', 'An', 'crm', 2), false],
  ])('are news or not: %s', (_name, one, known, news) => expect(isNewName(one, known)).toBe(news));
});
