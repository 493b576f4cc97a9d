import { describe, expect, it } from '@jest/globals';
import type { Resolution } from './evidence.js';
import { CASES_OF_NEW_OWNERS } from './fixtures/new-owners.js';
import { CASES_OF_SEVERAL } from './fixtures/several-holders.js';
import {
  calls,
  claims,
  conflicts,
  epochs,
  maps,
  people,
  saysDifferent,
  saysSame,
  told,
  types,
  writes,
} from './fixtures/story.js';
import { HUNG, LAN, PHONE, WORKED_CASES, ZALO } from './fixtures/worked-cases.js';
import { resolveIdentity } from './identity.resolver.js';
import { lookUp, mayAlsoBe } from './look-up.rules.js';

describe('people as a function of the evidence', () => {
  it.each([...WORKED_CASES, ...CASES_OF_SEVERAL, ...CASES_OF_NEW_OWNERS])('$events', (row) => {
    const outcomes = new Map<string, Resolution>();
    for (const order of permutations(row.happenings)) {
      const resolution = resolveIdentity(told(order, row.setting));
      outcomes.set(JSON.stringify(resolution), resolution);
    }
    const [first, ...others] = outcomes.values();
    expect(others).toEqual([]);
    expect(people(first!)).toEqual([...row.people].sort());
    expect(conflicts(first!)).toEqual(row.conflicts ?? []);
    expect(claims(first!)).toEqual(row.claims ?? []);
    expect(epochs(first!)).toEqual(row.epochs ?? []);
    for (const [identifier, expected] of Object.entries(row.lookUp ?? {})) {
      const listed = lookUp(first!, identifier).map(
        ({ personId, level, former }) => `${personId} ${level}${former ? ', formerly' : ''}`,
      );
      expect(listed.map((line) => line.replace(first!.epochs[0]?.personSeed ?? '-', `person of ${PHONE}@2`))).toEqual(
        expected,
      );
    }
    for (const [identifier, expected] of Object.entries(row.banners ?? {})) {
      expect(mayAlsoBe(first!, `person of ${identifier}`)).toEqual(expected);
    }
  });

  it('names what stands against a tie: the word, the other claims, what ties the rivals', () => {
    const said = resolveIdentity(told([saysDifferent(LAN, PHONE, 0), saysSame(LAN, PHONE, 1)]));
    const word = told([saysDifferent(LAN, PHONE, 0)]).evidence;
    expect(said.conflicts.map(({ against }) => against)).toEqual([[word[0]!.id]]);

    const claimed = resolveIdentity(told([types(LAN, PHONE, 0), types(HUNG, PHONE, 1), calls(PHONE, 2)]));
    const [lans, hungs] = [told([types(LAN, PHONE, 0)]), told([types(HUNG, PHONE, 1)])].map(
      (one) => one.evidence[0]!.id,
    );
    expect(claimed.conflicts.find(({ a }) => a.identifierId === LAN)!.against).toEqual([hungs]);
    expect(claimed.conflicts.find(({ a }) => a.identifierId === HUNG)!.against).toEqual([lans]);

    const crm = [maps('crm/7', PHONE, 0), maps('crm/9', ZALO, 0)];
    const rivals = resolveIdentity(told([...crm, saysSame(PHONE, ZALO, 1)]));
    expect(rivals.conflicts[0]!.against).toEqual(
      told(crm)
        .evidence.map(({ id }) => id)
        .sort(),
    );
  });

  it('joins at most five phones by itself, and a sixth by an agent', () => {
    const phones = [1, 2, 3, 4, 5, 6].map((number) => `phone/${number}`);
    const own = phones.map((phone, index) => maps('crm/7', phone, index));
    const six = resolveIdentity(told(own));
    expect(six.people.map(({ members }) => members.length).sort()).toEqual([1, 6]);
    expect(conflicts(six)).toEqual(['crm/7 - phone/6: cap']);
    const agreed = resolveIdentity(told([...own, saysSame('crm/7', 'phone/6', 9)]));
    expect(agreed.people.map(({ members }) => members.length)).toEqual([7]);
    expect(conflicts(agreed)).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'of members that appeared at one moment (%d) the rank of the type decides',
    (day) => {
      const own = [ZALO, LAN, 'email/1'].map((name) => writes(name, day));
      const story = [
        ...own,
        calls(PHONE, day),
        saysSame(ZALO, PHONE, 20),
        saysSame(LAN, ZALO, 21),
        saysSame(ZALO, 'email/1', 22),
      ];
      expect(people(resolveIdentity(told(story)))).toEqual([
        `${PHONE} + email/1 verified + ${LAN} verified + ${ZALO} verified`,
      ]);
    },
  );

  it('takes a call at the time of its first event, whichever came first', () => {
    const { evidence, ...rest } = told([types(LAN, PHONE, 0), calls(PHONE, 30)]);
    const [claim, ringing] = evidence;
    const ended = { ...ringing!, at: ringing!.at + 60_000 };
    for (const copies of [
      [ringing!, ended],
      [ended, ringing!],
    ]) {
      expect(people(resolveIdentity({ ...rest, evidence: [claim!, ...copies] }))).toEqual([
        `${LAN} + ${PHONE} corroborated`,
      ]);
    }
    expect(people(resolveIdentity({ ...rest, evidence: [claim!, ended] }))).toEqual([PHONE, LAN]);
  });

  it.each([
    ['a suggestion of a vendor', [maps(LAN, PHONE, 1)], 'suggestion'],
    ["an agent's suggestion", [saysSame(LAN, PHONE, 1)], 'suggestion'],
    ['a mapping that is only claimed', [maps(LAN, PHONE, 1)], 'claimed'],
    ['a mail that does not authenticate', [types(LAN, 'email/1', 0), writes('email/1', 1)], 'claimed'],
    ['a suggestion in a chat', [types(LAN, 'email/1', 0), writes('email/1', 1)], 'suggestion'],
  ] as const)('%s joins nobody', (_, happenings, strength) => {
    const input = told([writes(LAN, 0), calls(PHONE, 0), ...happenings]);
    expect(people(resolveIdentity(input)).some((one) => one.includes('+'))).toBe(true);
    const evidence = input.evidence.map((one) => ({ ...one, strength }));
    expect(people(resolveIdentity({ ...input, evidence })).filter((one) => one.includes('+'))).toEqual([]);
  });

  it('leaves out evidence of an identifier that was erased', () => {
    const { identifiers, ...rest } = told([types(LAN, PHONE, 0), calls(PHONE, 1), saysSame(LAN, ZALO, 2)]);
    const left = resolveIdentity({ ...rest, identifiers: identifiers.filter(({ id }) => id !== LAN) });
    expect(people(left)).toEqual([PHONE]);
  });
});

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length === 0) yield [];
  for (const [index, item] of items.entries()) {
    for (const rest of permutations([...items.slice(0, index), ...items.slice(index + 1)])) yield [item, ...rest];
  }
}
