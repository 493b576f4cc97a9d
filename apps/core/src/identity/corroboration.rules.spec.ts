import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { corroborate } from './corroboration.rules.js';
import { graphOf, liveEvidence } from './evidence-set.rules.js';
import { calls, DAY, told, types, type Happening } from './fixtures/story.js';

const PHONE = 'phone/1';
const CLAIMANTS = ['psid/a/1', 'psid/a/2', 'psid/a/3', 'psid/b/1', 'zalo/oa/1', 'zalo/oa/2', 'web/1'];

/** Rule I5 as it reads, pair by pair: the earliest moment of each claimant that holds. */
function asTheRuleReads(happenings: readonly Happening[], sameSet: (name: string) => string): Map<string, number> {
  const typed = happenings.flatMap((one) => (one.does === 'types' ? [one] : []));
  const called = happenings.flatMap((one) => (one.does === 'calls' ? [one] : []));
  const scopeOf = (name: string): string => name.slice(0, name.lastIndexOf('/'));
  const holds = (moment: number): boolean => {
    const recent = typed.filter(({ who, day }) => who !== 'web/1' && day <= moment && day >= moment - 365);
    return recent.every(({ who }) =>
      recent.every((other) => scopeOf(other.who) !== scopeOf(who) || sameSet(other.who) === sameSet(who)),
    );
  };
  const earliest = new Map<string, number>();
  for (const claim of typed) {
    for (const call of called) {
      const moment = Math.max(claim.day, call.day);
      if (Math.abs(claim.day - call.day) > 30 || !holds(moment)) continue;
      earliest.set(claim.who, Math.min(moment, earliest.get(claim.who) ?? Infinity));
    }
  }
  return earliest;
}

const day = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 80 }).map((one) => one * 10),
);
const happenings = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom(...CLAIMANTS), day).map(([who, at]) => types(who, PHONE, at)),
    day.map((at) => calls(PHONE, at)),
  ),
  { maxLength: 14 },
);

describe('corroboration', () => {
  it('walks to the same moments as the rule read pair by pair', () => {
    fc.assert(
      fc.property(happenings, fc.boolean(), (story, married) => {
        const { identifiers, evidence, rules } = told(story);
        const graph = graphOf(identifiers, liveEvidence(evidence));
        const name = (node: number): string => graph.nodes[node]!.identifierId;
        const sameSet = (who: string): string => (married && who === 'psid/a/2' ? 'psid/a/1' : who);
        const sets = graph.nodes.map((_, node) =>
          graph.nodes.findIndex((__, other) => sameSet(name(other)) === sameSet(name(node))),
        );
        const { holds, crowded } = corroborate(graph, rules, (node) => sets[node]!);

        const found = holds.map(({ edge }) => [edge.a.identifierId, edge.at / DAY] as const);
        expect(new Map(found)).toEqual(asTheRuleReads(story, sameSet));
        expect(new Set(found.map(([who]) => who)).size).toBe(found.length);
        expect(new Set(crowded.map(({ tie }) => tie.from)).size).toBe(crowded.length);
        for (const { against } of crowded) expect(against.length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  it('names the claim and the call, and breaks ties by the hash of both, whichever came first', () => {
    const tieOf = (story: readonly Happening[]) => {
      const { identifiers, evidence, rules } = told(story);
      return corroborate(graphOf(identifiers, liveEvidence(evidence)), rules, (node) => node).holds.map(
        ({ edge }) => edge,
      );
    };
    const [claim, call] = [types('psid/a/1', PHONE, 3), calls(PHONE, 5)];
    const [edge] = tieOf([claim, call]);
    const ids = [claim, call].map((one) => told([one]).evidence[0]!.id);
    expect(edge).toMatchObject({
      kind: 'claim-then-call',
      rule: 'I5',
      level: 'corroborated',
      at: 5 * DAY,
      evidenceIds: ids,
    });
    expect(tieOf([call, claim])).toEqual([edge]);
    expect(tieOf([types('psid/a/1', PHONE, 3), calls(PHONE, 6)])[0]!.hash).not.toBe(edge!.hash);
  });
});
