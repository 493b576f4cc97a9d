import { describe, expect, it } from '@jest/globals';
import { explain, levelBetween } from './explanation.rules.js';
import { calls, personOf, saysDifferent, saysSame, told, types, writes } from './fixtures/story.js';
import { resolveIdentity } from './identity.resolver.js';

const LAN = 'psid/page/lan';
const HUNG = 'psid/page/hung';
const PHONE = 'phone/1';
const ZALO = 'zalo/oa/1';
const MAIL = 'email/1';

// Zalo - Lan is verified, Lan - phone corroborated, phone - mail verified; the mail came first
const resolution = resolveIdentity(
  told([
    writes(MAIL, 0),
    types(LAN, PHONE, 10),
    calls(PHONE, 12),
    types(HUNG, PHONE, 14),
    writes(ZALO, 15),
    saysSame(ZALO, LAN, 20),
    saysSame(PHONE, MAIL, 21),
    saysDifferent(ZALO, HUNG, 22),
  ]),
);

describe('why these are one person', () => {
  it('walks from the id-giving member outwards, the nearer end first', () => {
    const { steps } = explain(resolution, personOf(MAIL))!;
    expect(steps.map(({ a, b, kind, level }) => `${a.identifierId} > ${b.identifierId} ${kind} ${level}`)).toEqual([
      `${MAIL} > ${PHONE} same verified`,
      `${PHONE} > ${LAN} claim-then-call corroborated`,
      `${LAN} > ${ZALO} same verified`,
    ]);
    expect(steps[0]).toMatchObject({ actor: 'agent', reason: 'told so', rule: 'I3' });
    expect(steps[1]).toMatchObject({ actor: null, rule: 'I5' });
  });

  it('shows on both sides what was rejected', () => {
    for (const person of [MAIL, HUNG]) {
      const { rejected } = explain(resolution, personOf(person))!;
      expect(rejected.map(({ a, b, because }) => [a.identifierId, b.identifierId, because])).toEqual([
        [HUNG, PHONE, 'claimed-by-several'],
      ]);
    }
  });

  it('knows no person by a former id', () => {
    expect(explain(resolution, personOf(LAN))).toBeNull();
  });
});

describe('level between two members', () => {
  const node = (identifierId: string) => ({ identifierId, epoch: 1 });
  const person = resolution.people.find(({ id }) => id === personOf(MAIL))!;

  it('is that of the weakest edge of the path, not that towards the id-giving member', () => {
    expect(levelBetween(person, node(ZALO), node(LAN))).toBe('verified');
    expect(levelBetween(person, node(ZALO), node(PHONE))).toBe('corroborated');
    expect(levelBetween(person, node(MAIL), node(PHONE))).toBe('verified');
    expect(levelBetween(person, node(LAN), node(LAN))).toBe('verified');
    expect(levelBetween(person, node(LAN), node(HUNG))).toBeNull();
  });
});
