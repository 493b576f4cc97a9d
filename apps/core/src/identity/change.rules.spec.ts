import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffResolutions, membershipRows } from './change.rules.js';
import {
  calls,
  evidenceFrom,
  isGivenAway,
  maps,
  records,
  personOf,
  saysDifferent,
  saysSame,
  told,
  types,
  writes,
  type Happening,
} from './fixtures/story.js';
import type { IdentityChange, MemberSet } from './identity-change.js';
import { resolveIdentity } from './identity.resolver.js';

const LAN = 'psid/page/lan';
const HUNG = 'psid/page/hung';
const PHONE = 'phone/1';
const ZALO = 'zalo/oa/1';

function changes(before: readonly Happening[], after: readonly Happening[], retracted?: Happening): IdentityChange[] {
  const rows = membershipRows(resolveIdentity(told(before)));
  const input = told(after);
  const undone = retracted && evidenceFrom(retracted)[0]!.id;
  const evidence = input.evidence.map((one) => (one.id === undone ? { ...one, retractedBy: 'retraction' } : one));
  return diffResolutions(rows, resolveIdentity({ ...input, evidence }), evidence);
}

const sets = (found: readonly MemberSet[]): string[] =>
  found.map(
    ({ personId, members }) =>
      `${personId}: ${members.map(({ identifierId, level }) => `${identifierId} ${level}`).join(', ')}`,
  );
const told1 = (one: Happening): string => evidenceFrom(one)[0]!.id;

describe('what a recomputation changed', () => {
  const apart = [types(LAN, PHONE, 0), writes(ZALO, 1)];
  const call = calls(PHONE, 2);

  it('splits a number off that is somebody else’s since some time, and gives the time back when that was wrong', () => {
    const given = isGivenAway(PHONE, 10);
    const of = (epoch: number, personId: string) => ({
      personId,
      members: [{ identifierId: PHONE, epoch, level: 'verified' as const }],
    });
    const [split, ...others] = changes([call], [call, given]);
    const [own] = resolveIdentity(told([call, given])).epochs;
    const causes = [{ evidenceIds: [told1(given)], rule: 'I13', actor: 'agent', reason: 'told so' }];
    const [was, is] = [of(1, personOf(PHONE)), of(2, own!.personSeed)];
    expect(others).toEqual([]);
    expect(split).toMatchObject({ kind: 'split', personId: personOf(PHONE), before: [was], causes });
    expect(split!.after).toHaveLength(2);
    expect(split!.after).toEqual(expect.arrayContaining([was, is]));

    const [linked, ...more] = changes([call, given], [call, given], given);
    const takenBack = [{ evidenceIds: [told1(given), 'retraction'], rule: 'I13', actor: null, reason: null }];
    expect(more).toEqual([]);
    expect(linked).toMatchObject({ kind: 'linked', personId: personOf(PHONE), after: [was], causes: takenBack });
    expect(linked!.before).toHaveLength(2);
    expect(linked!.before).toEqual(expect.arrayContaining([was, is]));
  });

  it('says that a record of another customer is why who had the number stays behind', () => {
    const before = [records('crm/7', PHONE, 0), call];
    const found = changes(before, [...before, records('crm/9', PHONE, 30)]);
    expect(found.map(({ kind, personId }) => `${kind} ${personId}`)).toEqual([
      'split person of crm/7',
      'linked person of crm/9',
    ]);
    expect(found[0]!.causes).toEqual([
      { evidenceIds: [told1(records('crm/9', PHONE, 30))], rule: 'I13', actor: null, reason: null },
    ]);
  });

  it('says nothing of a first appearance, nor when all is as it was', () => {
    expect(changes([], apart)).toEqual([]);
    expect(changes(apart, apart)).toEqual([]);
  });

  it('links who were apart, with the evidence and the rule', () => {
    const before = [calls(PHONE, 2), ...apart.slice(1), writes(LAN, 0)];
    expect(changes(before, [...before, apart[0]!])).toEqual([
      {
        kind: 'linked',
        personId: personOf(LAN),
        before: [
          { personId: personOf(PHONE), members: [{ identifierId: PHONE, epoch: 1, level: 'verified' }] },
          { personId: personOf(LAN), members: [{ identifierId: LAN, epoch: 1, level: 'verified' }] },
        ],
        after: [
          {
            personId: personOf(LAN),
            members: [
              { identifierId: PHONE, epoch: 1, level: 'corroborated' },
              { identifierId: LAN, epoch: 1, level: 'verified' },
            ],
          },
        ],
        causes: [{ evidenceIds: [told1(apart[0]!), told1(call)], rule: 'I5', actor: null, reason: null }],
      },
    ]);
  });

  it('links an identifier that was nobody', () => {
    const [linked, ...others] = changes(apart, [...apart, call]);
    expect(others).toEqual([]);
    expect(linked!.kind).toBe('linked');
    expect(sets(linked!.before)).toEqual([`${personOf(LAN)}: ${LAN} verified`, `null: ${PHONE} null`]);
  });

  it('links those who appear together', () => {
    const [linked, ...others] = changes([], [types(LAN, PHONE, 0), call]);
    expect(others).toEqual([]);
    expect(sets(linked!.before)).toEqual([`null: ${PHONE} null, ${LAN} null`]);
  });

  it('splits by a retraction, naming record and retraction', () => {
    const same = saysSame(LAN, ZALO, 3);
    const [split, ...others] = changes([...apart, same], [...apart, same], same);
    expect(others).toEqual([]);
    expect(split).toMatchObject({ kind: 'split', personId: personOf(LAN) });
    expect(sets(split!.before)).toEqual([`${personOf(LAN)}: ${LAN} verified, ${ZALO} verified`]);
    expect(sets(split!.after)).toEqual([`${personOf(LAN)}: ${LAN} verified`, `${personOf(ZALO)}: ${ZALO} verified`]);
    expect(split!.causes).toEqual([
      { evidenceIds: [told1(same), 'retraction'], rule: 'I3', actor: null, reason: null },
    ]);
  });

  it('splits when a call is retracted that had corroborated', () => {
    const [split, ...others] = changes([...apart, call], [...apart, call], call);
    expect(others).toEqual([]);
    expect(split!.causes).toEqual([
      { evidenceIds: [told1(call), 'retraction'], rule: 'I3', actor: null, reason: null },
    ]);
  });

  it("splits by an agent's word, naming the agent", () => {
    const different = saysDifferent(LAN, PHONE, 5);
    const [split, ...others] = changes([...apart, call], [...apart, call, different]);
    expect(others).toEqual([]);
    expect(split!.causes).toEqual([{ evidenceIds: [told1(different)], rule: 'I8', actor: 'agent', reason: 'told so' }]);
  });

  it('splits when an earlier claim of another arrives late', () => {
    const late = types(HUNG, PHONE, 1);
    const found = changes([...apart, call], [...apart, call, late]);
    expect(found.map(({ kind }) => kind)).toEqual(['split']);
    expect(found[0]!.causes).toEqual([{ evidenceIds: [told1(late)], rule: 'I5', actor: null, reason: null }]);
  });

  it('splits a person whose members all become nobody', () => {
    const same = saysSame('phone/7', 'phone/8', 3);
    const [split, ...others] = changes([same], [same], same);
    expect(others).toEqual([]);
    expect(sets(split!.after)).toEqual(['null: phone/7 null, phone/8 null']);
  });

  it('tells of a level, with the word that raised it', () => {
    const same = saysSame(LAN, PHONE, 5);
    const before = [...apart, call];
    const [level, ...others] = changes(before, [...before, same]);
    expect(others).toEqual([]);
    expect(level).toMatchObject({ kind: 'level-changed', personId: personOf(LAN) });
    expect(sets(level!.before)).toEqual([`${personOf(LAN)}: ${PHONE} corroborated`]);
    expect(sets(level!.after)).toEqual([`${personOf(LAN)}: ${PHONE} verified`]);
    expect(level!.causes).toEqual([{ evidenceIds: [told1(same)], rule: 'I3', actor: 'agent', reason: 'told so' }]);
  });

  it('tells of a new name when an older interaction of another member arrives', () => {
    const joined = [types(LAN, PHONE, 10), calls(PHONE, 12)];
    const found = changes(joined, [...joined, calls(PHONE, 1)]);
    expect(found.map(({ kind }) => kind)).toEqual(['renamed', 'level-changed']);
    expect(found[0]).toMatchObject({ personId: personOf(PHONE), causes: [] });
    expect(found[0]!.before.map(({ personId }) => personId)).toEqual([personOf(LAN)]);
  });

  it('gives no new name to a person that is linked into another', () => {
    const found = changes(apart, [...apart, saysSame(LAN, ZALO, 9)]);
    expect(found.map(({ kind, personId }) => [kind, personId])).toEqual([['linked', personOf(LAN)]]);
  });

  it('splits before it links when both happen', () => {
    const same = saysSame(LAN, ZALO, 3);
    const before = [...apart, writes(PHONE, 2), same];
    const found = changes(before, [...before, saysDifferent(LAN, ZALO, 5), maps(ZALO, 'crm/1', 4)]);
    expect(found.map(({ kind, personId }) => [kind, personId])).toEqual([
      ['split', personOf(LAN)],
      ['linked', personOf(ZALO)],
    ]);
  });

  it('is the same in whatever order rows and evidence come', () => {
    const before = [...apart, call, saysSame(LAN, ZALO, 3)];
    const after = told([...before, types(HUNG, PHONE, 1), saysDifferent(HUNG, ZALO, 4), writes('crm/1', 2)]);
    const rows = membershipRows(resolveIdentity(told(before)));
    const resolution = resolveIdentity(after);
    const expected = diffResolutions(rows, resolution, after.evidence);
    const all = { minLength: rows.length };
    fc.assert(
      fc.property(
        fc.shuffledSubarray(rows, all),
        fc.shuffledSubarray([...after.evidence], { minLength: after.evidence.length }),
        (someRows, evidence) => expect(diffResolutions(someRows, resolution, evidence)).toEqual(expected),
      ),
      { numRuns: 50 },
    );
    expect(expected.length).toBeGreaterThan(0);
  });
});
