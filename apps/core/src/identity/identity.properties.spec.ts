import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_IDENTITY_RULES, type Evidence, type Node, type Resolution } from './evidence.js';
import { nodeKey } from './explanation.rules.js';
import {
  calls,
  conflicts,
  DAY,
  evidenceFrom,
  isGivenAway,
  maps,
  people,
  proves,
  records,
  saysDifferent,
  saysSame,
  told,
  types,
  writes,
  type Happening,
} from './fixtures/story.js';
import { resolveIdentity, type IdentityInput } from './identity.resolver.js';

const CUSTOMERS = ['psid/a/1', 'psid/a/2', 'psid/b/1', 'zalo/oa/1', 'zalo/oa/2', 'web/1'];
const NUMBERS = ['phone/1', 'phone/2', 'phone/3', 'email/1'];
const CARDS = ['crm/1', 'crm/2', 'loyalty/1'];
const EVERYBODY = [...CUSTOMERS, ...NUMBERS, ...CARDS];

/** Long enough for silent years. */
const day = fc.integer({ min: 0, max: 100 }).map((one) => one * 10);
const oneOf = (names: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...names);
const pair = fc.uniqueArray(oneOf(EVERYBODY), { minLength: 2, maxLength: 2 });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(oneOf(CUSTOMERS), oneOf(NUMBERS), day).map(([a, b, at]) => types(a, b, at)) },
  {
    weight: 4,
    arbitrary: fc.tuple(oneOf(NUMBERS), day).map(([a, at]) => (a.startsWith('phone') ? calls : writes)(a, at)),
  },
  { weight: 2, arbitrary: fc.tuple(oneOf(CUSTOMERS), day).map(([a, at]) => writes(a, at)) },
  { weight: 2, arbitrary: fc.tuple(pair, day).map(([[a, b], at]) => maps(a!, b!, at)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(oneOf(CARDS), oneOf(NUMBERS), day, fc.option(fc.integer({ min: 1, max: 60 })))
      .map(([a, b, at, days]) => records(a, b, at, days === null ? undefined : at + days * 10)),
  },
  { weight: 2, arbitrary: fc.tuple(oneOf(CUSTOMERS), oneOf(NUMBERS), day).map(([a, b, at]) => proves(a, b, at)) },
  { weight: 1, arbitrary: fc.tuple(oneOf(['phone/1', 'phone/2']), day).map(([a, at]) => isGivenAway(a, at)) },
  { weight: 2, arbitrary: fc.tuple(pair, day).map(([[a, b], at]) => saysSame(a!, b!, at)) },
  { weight: 1, arbitrary: fc.tuple(pair, day).map(([[a, b], at]) => saysDifferent(a!, b!, at)) },
);
const setting = fc.record({
  blocked: fc.subarray(['phone/3']),
  shared: fc.subarray(['phone/2']),
});
const story = fc.tuple(fc.array(happening, { maxLength: 30 }), setting);

/** The input in another order, with repeats. */
const shuffled = (input: IdentityInput): fc.Arbitrary<IdentityInput> =>
  fc
    .record({
      evidence: fc.shuffledSubarray([...input.evidence], { minLength: input.evidence.length }),
      again: fc.subarray([...input.evidence]),
      identifiers: fc.shuffledSubarray([...input.identifiers], { minLength: input.identifiers.length }),
    })
    .map(({ evidence, again, identifiers }) => ({ ...input, identifiers, evidence: [...evidence, ...again] }));

const RUNS = { numRuns: 150 };

describe('whatever happens', () => {
  it('order and repeats of the evidence change nothing', () => {
    const cases = story.chain(([happenings, how]) => {
      const input = told(happenings, how);
      return fc.tuple(fc.constant(input), shuffled(input));
    });
    fc.assert(
      fc.property(cases, ([input, other]) => expect(resolveIdentity(other)).toEqual(resolveIdentity(input))),
      RUNS,
    );
  });

  it('order and repeats of what happens change nothing', () => {
    const cases = story.chain(([happenings, how]) =>
      fc.tuple(
        fc.constant(told(happenings, how)),
        fc
          .tuple(fc.shuffledSubarray(happenings, { minLength: happenings.length }), fc.subarray(happenings))
          .map(([all, again]) => told([...all, ...again], how)),
      ),
    );
    fc.assert(
      fc.property(cases, ([input, other]) => expect(resolveIdentity(other)).toEqual(resolveIdentity(input))),
      RUNS,
    );
  });

  it('retracted evidence was never asserted', () => {
    const cases = story.chain(([happenings, how]) => {
      const input = told(happenings, how);
      return fc.tuple(fc.constant(input), fc.subarray(input.evidence.map(({ id }) => id)));
    });
    fc.assert(
      fc.property(cases, ([input, ids]) => {
        const retracted = input.evidence.map((one) => (ids.includes(one.id) ? undone(one) : one));
        const never = input.evidence.filter(({ id }) => !ids.includes(id));
        // the retraction may reach us before the record and after it
        const both = [...retracted, ...input.evidence];
        const expected = resolveIdentity({ ...input, evidence: never });
        expect(resolveIdentity({ ...input, evidence: retracted })).toEqual(expected);
        expect(resolveIdentity({ ...input, evidence: both })).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('people are lawful: cannot-links hold, caps hold without an agent, ids are of a member that did something', () => {
    fc.assert(
      fc.property(story, ([happenings, how]) => {
        const input = told(happenings, how);
        expectLawful(input, resolveIdentity(input));
      }),
      RUNS,
    );
  });

  it('strangers change nothing: two stories side by side are the people of both', () => {
    const elsewhere = (name: string): string => `${name}-elsewhere`;
    fc.assert(
      fc.property(story, story, ([mine, how], [theirs]) => {
        const here = told(mine, how);
        const there = told(
          theirs.map((one) => ({
            ...one,
            who: elsewhere(one.who),
            ...('what' in one && { what: elsewhere(one.what) }),
          })),
        );
        const apart = [resolveIdentity(here), resolveIdentity(there)];
        const both = resolveIdentity({
          ...here,
          identifiers: [...there.identifiers, ...here.identifiers],
          evidence: [...there.evidence, ...here.evidence],
        });
        expect(people(both)).toEqual(apart.flatMap(people).sort());
        expect(conflicts(both)).toEqual(apart.flatMap(conflicts).sort());
        expect(both.people).toEqual(expect.arrayContaining(apart.flatMap((one) => [...one.people])));
      }),
      RUNS,
    );
  });
});

describe('named dangers', () => {
  it('joins nested five deep are undone in any order', () => {
    const chain = ['psid/a/1', 'phone/1', 'zalo/oa/1', 'email/1', 'psid/b/1', 'web/1'];
    const own = chain.map((name, index) => writes(name, index));
    const joins = chain.slice(1).map((name, index) => saysSame(chain[index]!, name, 100 + index));
    const input = told([...own, ...joins]);
    const ids = joins.map((join) => evidenceFrom(join)[0]!.id);
    expect(people(resolveIdentity(input))).toHaveLength(1);
    fc.assert(
      fc.property(fc.shuffledSubarray(ids, { minLength: ids.length }), (order) => {
        let { evidence } = input;
        for (const [index, id] of order.entries()) {
          evidence = evidence.map((one) => (one.id === id ? undone(one) : one));
          const left = joins.filter((join) => !order.slice(0, index + 1).includes(evidenceFrom(join)[0]!.id));
          expect(resolveIdentity({ ...input, evidence })).toEqual(resolveIdentity(told([...own, ...left])));
        }
        expect(people(resolveIdentity({ ...input, evidence }))).toEqual([...chain].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('a blocked hotline typed by 500 joins nobody, whoever calls', () => {
    const customers = Array.from({ length: 500 }, (_, index) => `psid/a/${index}`);
    const typed = customers.map((name, index) => types(name, 'phone/1900', index % 30));
    const input = told([...typed, calls('phone/1900', 3)], { blocked: ['phone/1900'] });
    const { people: found, conflicts: rejected } = resolveIdentity(input);
    expect(found.filter(({ members }) => members.length !== 1)).toEqual([]);
    expect(found).toHaveLength(501);
    expect(rejected).toEqual([]);
  });

  it('a personal number typed by 500 joins nobody, and each conflict names a few of the others', () => {
    const customers = Array.from({ length: 500 }, (_, index) => `psid/a/${index}`);
    const typed = customers.map((name, index) => types(name, 'phone/1', index % 30));
    const { people: found, conflicts: rejected } = resolveIdentity(told([...typed, calls('phone/1', 30)]));
    expect(found.filter(({ members }) => members.length !== 1)).toEqual([]);
    expect(rejected).toHaveLength(500);
    expect(rejected.filter(({ against }) => against.length !== 5)).toEqual([]);
  });

  it('a number that grows shared dissolves whatever went through it, typed by 500', () => {
    const customers = Array.from({ length: 500 }, (_, index) => `psid/a/${index}`);
    const early = [types(customers[0]!, 'phone/1', 0), calls('phone/1', 1), maps('phone/1', 'email/1', 2)];
    expect(people(resolveIdentity(told(early)))).toHaveLength(1);
    const later = customers.slice(1).map((name, index) => types(name, 'phone/1', 2 + (index % 30)));
    const { people: found, standings } = resolveIdentity(told([...early, ...later, calls('phone/1', 32)]));
    expect(found.filter(({ members }) => members.length !== 1)).toEqual([]);
    expect(standings).toMatchObject([{ identifierId: 'phone/1', is: 'shared' }]);
  });

  it('a person stops growing at the limit of identifiers, and of pairs that join; what is refused is on record (I16)', () => {
    const chain = Array.from({ length: 201 }, (_, index) => `web/${index}`);
    const ties = chain.slice(1).map((name, index) => saysSame(chain[index]!, name, index));
    const members = (input: IdentityInput): number[] =>
      resolveIdentity(input)
        .people.map((person) => person.members.length)
        .sort((a, b) => a - b);
    expect(members(told(ties.slice(0, -1)))).toEqual([200]);
    expect(members(told(ties))).toEqual([1, 200]);
    expect(conflicts(resolveIdentity(told(ties)))).toEqual(['web/199 - web/200: size']);

    // pairs within one person count, each once; claims that join nothing don't
    const four = ['web/0', 'web/1', 'web/2', 'web/3'];
    const within = [saysSame('web/0', 'web/1', 0), saysSame('web/1', 'web/2', 1), saysSame('web/0', 'web/2', 2)];
    const again = [saysSame('web/2', 'web/0', 3), types('web/0', 'phone/1', 3)];
    const last = saysSame('web/2', 'web/3', 9);
    const limit = (pairs: number) => ({ rules: { limits: { identifiers: 200, pairs } } });
    expect(members(told([...within, ...again, last], limit(4)))).toEqual([four.length]);
    expect(members(told([...within, ...again, last], limit(3)))).toEqual([1, 3]);
  });

  it("a stranger's later claim dissolves nothing", () => {
    const first = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }));
    // one stranger, as often as he likes: two would make three customers of one number (rule I7)
    // within the year: after twelve silent months he would be a new owner (rule I13)
    const later = fc.array(fc.tuple(fc.constant(2), fc.integer({ min: 31, max: 360 })), { minLength: 1 });
    fc.assert(
      fc.property(first, later, ([typed, called], strangers) => {
        const before = [types('psid/a/1', 'phone/1', typed), calls('phone/1', called)];
        const claims = strangers.map(([who, at]) => types(`psid/a/${who}`, 'phone/1', at));
        const moreCalls = strangers.map(([, at]) => calls('phone/1', at + 1));
        const alone = resolveIdentity(told(before)).people;
        const after = resolveIdentity(told([...before, ...claims, ...moreCalls]));
        expect(alone).toHaveLength(1);
        expect(after.people).toEqual(expect.arrayContaining([...alone]));
      }),
      { numRuns: 100 },
    );
  });

  it('a new owner changes nobody who had the number before, nor what is known of him', () => {
    const unending = (one: Resolution) =>
      one.people.map((person) => ({
        ...person,
        members: person.members.map(({ since: _since, until: _until, ...member }) => member),
      }));
    fc.assert(
      fc.property(story, ([happenings, how]) => {
        const before = resolveIdentity(told(happenings, how));
        const after = resolveIdentity(
          told([...happenings, isGivenAway('phone/1', 2_000), calls('phone/1', 2_001)], how),
        );
        const fresh = after.people.filter(({ root }) =>
          after.epochs.some((one) => one.since === 2_000 * DAY && nodeKey(one) === nodeKey(root)),
        );
        const is = before.standings.find(({ identifierId }) => identifierId === 'phone/1')?.is;
        expect(fresh).toHaveLength(is === 'shared' ? 0 : 1);
        if (is === 'shared') return;
        const known = unending(after).filter(({ id }) => id !== fresh[0]!.id);
        expect(known).toEqual(unending(before));
        expect(fresh[0]!.members).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });

  it('an identifier that nothing ties adds its own person and changes no other', () => {
    fc.assert(
      fc.property(story, ([happenings, how]) => {
        const before = resolveIdentity(told(happenings, how));
        const after = resolveIdentity(told([...happenings, writes('psid/c/new', 5)], how));
        const own = after.people.filter(({ root }) => root.identifierId === 'psid/c/new');
        expect(own).toHaveLength(1);
        expect({ ...after, people: after.people.filter((person) => !own.includes(person)) }).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });
});

function undone(one: Evidence): Evidence {
  return { ...one, retractedBy: 'retraction' };
}

function expectLawful({ identifiers, evidence }: IdentityInput, resolution: Resolution): void {
  const facts = new Map(identifiers.map((one) => [one.id, one]));
  const personOf = new Map<string, string>();
  for (const { id, root, members, edges } of resolution.people) {
    const inside = members.map(({ identifierId }) => facts.get(identifierId)!);
    for (const member of members) {
      expect(personOf.has(nodeKey(member))).toBe(false);
      personOf.set(nodeKey(member), id);
    }
    expect(members).toContainEqual(expect.objectContaining({ ...root, level: 'verified', personSeed: id }));
    if (root.epoch === 1) expect(facts.get(root.identifierId)!.personSeed).toBe(id);
    expect(edges).toHaveLength(members.length - 1);
    expect(inside.filter((one) => one.type === 'crm_id').length).toBeLessThan(2);
    expect(members.length === 1 || inside.every((one) => one.class === 'personal')).toBe(true);
    const named = evidence.filter((one) => one.strength === 'verified' && [one.a, one.b].includes(root.identifierId));
    const owned = evidence.some((one) => one.kind === 'contact' && one.a === root.identifierId);
    expect(facts.get(root.identifierId)!.firstOwn !== null || owned || named.length > 0).toBe(true);
    if (edges.every(({ kind }) => kind !== 'same')) {
      const unique = inside.filter((one) => !['phone', 'email', 'web_visitor'].includes(one.type));
      expect(new Set(unique.map((one) => `${one.type} ${one.scope}`)).size).toBe(unique.length);
      for (const type of ['phone', 'email'] as const) {
        expect(inside.filter((one) => one.type === type).length).toBeLessThanOrEqual(DEFAULT_IDENTITY_RULES.caps[type]);
      }
    }
  }
  for (const one of evidence) {
    const [a, b] = [one.a, one.b].map((id) => (id === null ? undefined : personOf.get(nodeKey(nodeAt(id, one.at)))));
    if (one.kind === 'different' && a !== undefined) expect(a).not.toBe(b);
  }
  for (const { a, b } of [...resolution.conflicts, ...resolution.claims]) {
    const owner = personOf.get(nodeKey(a));
    if (owner !== undefined) expect(owner).not.toBe(personOf.get(nodeKey(b)));
  }
  // whoever did something then is somebody
  for (const { id, type, firstOwn } of identifiers) {
    const contacts = evidence.filter((one) => one.kind === 'contact' && one.a === id && one.retractedBy === null);
    for (const moment of [
      ...(firstOwn ? [firstOwn.at] : []),
      ...(type === 'phone' ? contacts.map((one) => one.at) : []),
    ])
      expect(personOf.has(nodeKey(nodeAt(id, moment)))).toBe(true);
  }

  function nodeAt(identifierId: string, moment: number): Node {
    const begun = resolution.epochs.filter((one) => one.identifierId === identifierId && one.since <= moment);
    return { identifierId, epoch: begun.length + 1 };
  }
}
