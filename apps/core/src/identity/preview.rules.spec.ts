import { describe, expect, it } from '@jest/globals';
import { evidenceFrom, personOf, maps, saysDifferent, saysSame, told, writes } from './fixtures/story.js';
import { previewDifferent, previewRetract, previewSame } from './preview.rules.js';

const LAN = 'psid/page/lan';
const ZALO = 'zalo/oa/1';
const MAIL = 'email/1';

describe('a dry run', () => {
  const own = [writes(LAN, 0), writes(ZALO, 1), writes(MAIL, 2)];

  it('of same shows who would be joined, and leaves the input as it was', () => {
    const input = told(own);
    const copy = structuredClone(input);
    const { joins, splits, conflicts } = previewSame(input, evidenceFrom(saysSame(LAN, ZALO, 3))[0]!);
    expect(joins.map(({ personId, before }) => [personId, ...before.map((set) => set.personId)])).toEqual([
      [personOf(LAN), personOf(LAN), personOf(ZALO)],
    ]);
    expect([...splits, ...conflicts]).toEqual([]);
    expect(input).toEqual(copy);
  });

  it('of same against an agent names the evidence to retract first, also when it was said in vain before', () => {
    const different = saysDifferent(LAN, ZALO, 3);
    const vain = saysSame(LAN, ZALO, 4);
    for (const input of [told([...own, different]), told([...own, different, vain])]) {
      const { joins, conflicts } = previewSame(input, evidenceFrom(saysSame(LAN, ZALO, 9))[0]!);
      expect(joins).toEqual([]);
      expect(conflicts.map(({ because, against }) => [because, against])).toEqual([
        ['cannot-link', [evidenceFrom(different)[0]!.id]],
      ]);
    }
  });

  it('of different shows who would be split, and what stays in conflict', () => {
    const input = told([...own, saysSame(LAN, ZALO, 3), saysSame(ZALO, MAIL, 4)]);
    const { splits, conflicts, joins } = previewDifferent(input, evidenceFrom(saysDifferent(LAN, MAIL, 5)));
    expect(joins).toEqual([]);
    expect(splits.map(({ after }) => after.map((set) => set.members.map(({ identifierId }) => identifierId)))).toEqual([
      [[MAIL], [LAN, ZALO]],
    ]);
    expect(conflicts.map(({ a, b }) => [a.identifierId, b.identifierId])).toEqual([[ZALO, MAIL]]);
  });

  it('of a retraction shows what would be split and what would come to hold', () => {
    const [first, second] = [maps('crm/7', ZALO, 3), maps('crm/9', ZALO, 4)];
    const { splits, joins, conflicts } = previewRetract(told([...own, first, second]), evidenceFrom(first)[0]!.id, 'r');
    expect(splits.map(({ personId }) => personId)).toEqual([personOf(ZALO)]);
    expect(joins.map(({ after }) => after[0]!.members.map(({ identifierId }) => identifierId))).toEqual([
      ['crm/9', ZALO],
    ]);
    expect(conflicts).toEqual([]);
  });
});
