import { describe, expect, it } from '@jest/globals';
import { DEFAULT_IDENTITY_RULES } from '../identity/evidence.js';
import { calls, saysSame, told, types, type Happening } from '../identity/fixtures/story.js';
import { RulesComparison } from './rules-preview.rules.js';

const LAN = 'psid/page/lan';
const ZALO = 'zalo/oa/lan';

/** What stricter or looser rules make of components that are added one after the other. */
function compare(changed: Partial<typeof DEFAULT_IDENTITY_RULES>, ...stories: Happening[][]): RulesComparison {
  const comparison = new RulesComparison(DEFAULT_IDENTITY_RULES, { ...DEFAULT_IDENTITY_RULES, ...changed });
  for (const story of stories) comparison.add(told(story));
  return comparison;
}

describe('what other rules would make of people', () => {
  const slow = [types(LAN, 'phone/1', 0), calls('phone/1', 40)];
  const quick = [types(ZALO, 'phone/2', 0), calls('phone/2', 3)];

  it('joins those whose call comes within a longer window', () => {
    const { people, joins, joinCount, splitCount, identifiers } = compare({ corroborationDays: 60 }, slow, quick);
    expect({ people, joinCount, splitCount, identifiers }).toEqual({
      people: { before: 3, after: 2 },
      joinCount: 1,
      splitCount: 0,
      identifiers: 4,
    });
    expect(joins[0]!.after[0]!.members.map(({ identifierId }) => identifierId)).toEqual(['phone/1', LAN]);
  });

  it('parts whom a blocked number tied, and counts the tie as refused', () => {
    const { people, conflicts, splits } = compare({ blocked: new Set(['phone/2']) }, slow, quick);
    expect({ people, conflicts }).toEqual({ people: { before: 3, after: 4 }, conflicts: { before: 0, after: 1 } });
    expect(splits).toHaveLength(1);
  });

  it('names the largest people there would be, and at most a hundred changes while it counts all', () => {
    const crowd = Array.from({ length: 150 }, (_, n) => [
      types(`psid/p/${n}`, `phone/${n}`, 0),
      calls(`phone/${n}`, 40),
    ]);
    const family = [saysSame('web/1', 'web/2', 0), saysSame('web/2', 'web/3', 1), saysSame('web/3', 'web/4', 2)];
    const { joins, joinCount, largest } = compare({ corroborationDays: 60 }, ...crowd, family);
    expect([joins.length, joinCount, largest.length]).toEqual([100, 150, 10]);
    expect(largest.map(({ identifiers }) => identifiers)).toEqual([4, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
  });

  it('is nothing where the rules are the same', () => {
    expect(compare({}, slow, quick)).toMatchObject({ joinCount: 0, splitCount: 0, people: { before: 3, after: 3 } });
  });
});
