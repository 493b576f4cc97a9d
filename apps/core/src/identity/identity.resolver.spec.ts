import { describe, expect, it } from '@jest/globals';
import type { Resolution } from './evidence.js';
import {
  calls,
  claims,
  conflicts,
  maps,
  people,
  saysDifferent,
  saysSame,
  told,
  types,
  writes,
  type Happening,
  type Setting,
} from './fixtures/story.js';
import { resolveIdentity } from './identity.resolver.js';
import { lookUp, mayAlsoBe } from './look-up.rules.js';

const LAN = 'psid/page/lan';
const HUNG = 'psid/page/hung';
const ZALO = 'zalo/oa/lan';
const PHONE = 'phone/0912';

interface Row {
  readonly events: string;
  readonly happenings: readonly Happening[];
  readonly setting?: Setting;
  readonly people: readonly string[];
  readonly conflicts?: readonly string[];
  readonly claims?: readonly string[];
  /** Whom a look-up lists. */
  readonly lookUp?: Readonly<Record<string, readonly string[]>>;
  /** Banners "có thể là". */
  readonly banners?: Readonly<Record<string, readonly string[]>>;
}

const ROWS: readonly Row[] = [
  {
    events: 'a Fanpage PSID types 0912; two days later that number calls the hotline: corroborated',
    happenings: [types(LAN, PHONE, 0), calls(PHONE, 2)],
    people: [`${LAN} + ${PHONE} corroborated`],
    lookUp: { [PHONE]: [`person of ${LAN} corroborated`], [LAN]: [`person of ${LAN} verified`] },
  },
  {
    events: 'the number calls first, the PSID types it two days later: corroborated, and the number gives the id',
    happenings: [calls(PHONE, 0), types(LAN, PHONE, 2)],
    people: [`${PHONE} + ${LAN} corroborated`],
  },
  {
    events: 'the number calls 31 days after it was typed: two people, and a banner',
    happenings: [types(LAN, PHONE, 0), calls(PHONE, 31)],
    people: [PHONE, LAN],
    claims: [`${LAN} -> ${PHONE}`],
    banners: { [LAN]: [`person of ${PHONE}`], [PHONE]: [`person of ${LAN}`] },
  },
  {
    events: 'the number calls on the 30th day: corroborated',
    happenings: [types(LAN, PHONE, 0), calls(PHONE, 30)],
    people: [`${LAN} + ${PHONE} corroborated`],
  },
  {
    events: 'a hotline typed by several customers is blocked and joins nobody, even when it calls',
    happenings: [
      types(LAN, 'phone/1900', 0),
      types(HUNG, 'phone/1900', 1),
      types(ZALO, 'phone/1900', 2),
      calls('phone/1900', 3),
    ],
    setting: { blocked: ['phone/1900'] },
    people: ['phone/1900', HUNG, LAN, ZALO],
    claims: [`${HUNG} -> phone/1900`, `${LAN} -> phone/1900`, `${ZALO} -> phone/1900`],
  },
  {
    events: "a shared number joins nobody, not by an agent's word either; a look-up returns a list",
    happenings: [
      types(LAN, PHONE, 0),
      saysSame(LAN, PHONE, 1),
      writes(HUNG, 1),
      types(HUNG, PHONE, 2),
      calls(PHONE, 3),
    ],
    setting: { shared: [PHONE] },
    people: [PHONE, HUNG, LAN],
    conflicts: [`${LAN} - ${PHONE}: shared`],
    claims: [`${HUNG} -> ${PHONE}`, `${LAN} -> ${PHONE}`],
    lookUp: { [PHONE]: [`person of ${PHONE} verified`, `person of ${HUNG} claimed`, `person of ${LAN} claimed`] },
  },
  {
    events: 'a shared number that never called is nobody, whatever an agent says of it',
    happenings: [writes(LAN, 0), saysSame(LAN, PHONE, 1)],
    setting: { shared: [PHONE] },
    people: [LAN],
    conflicts: [`${LAN} - ${PHONE}: shared`],
    lookUp: { [PHONE]: [`person of ${LAN} claimed`] },
  },
  {
    events:
      'husband and wife write to one page from two PSIDs, both type one phone, then it calls: three people, look-up lists all',
    happenings: [types(LAN, PHONE, 0), types(HUNG, PHONE, 1), calls(PHONE, 2)],
    people: [PHONE, HUNG, LAN],
    conflicts: [`${HUNG} - ${PHONE}: claimed-by-several`, `${LAN} - ${PHONE}: claimed-by-several`],
    claims: [`${HUNG} -> ${PHONE}`, `${LAN} -> ${PHONE}`],
    lookUp: { [PHONE]: [`person of ${PHONE} verified`, `person of ${HUNG} claimed`, `person of ${LAN} claimed`] },
  },
  {
    events:
      'the same, but the second PSID types the number after the call: the first and the caller stay joined, conflict on record',
    happenings: [types(LAN, PHONE, 0), calls(PHONE, 1), types(HUNG, PHONE, 2), calls(PHONE, 3)],
    people: [HUNG, `${LAN} + ${PHONE} corroborated`],
    conflicts: [`${HUNG} - ${PHONE}: claimed-by-several`],
    claims: [`${HUNG} -> ${PHONE}`],
    lookUp: { [PHONE]: [`person of ${LAN} corroborated`, `person of ${HUNG} claimed`] },
  },
  {
    events: 'both PSIDs are one by an agent: their claims count as one, and the call joins all three',
    happenings: [types(LAN, PHONE, 0), types(HUNG, PHONE, 1), calls(PHONE, 2), saysSame(LAN, HUNG, 9)],
    people: [`${LAN} + ${PHONE} corroborated + ${HUNG} verified`],
  },
  {
    events: 'a claim of another PSID a year old to the day still stands against both',
    happenings: [types(HUNG, PHONE, 0), types(LAN, PHONE, 360), calls(PHONE, 365)],
    people: [PHONE, HUNG, LAN],
    conflicts: [`${LAN} - ${PHONE}: claimed-by-several`],
    claims: [`${HUNG} -> ${PHONE}`, `${LAN} -> ${PHONE}`],
  },
  {
    events: 'a claim of another PSID more than a year old stands against nobody',
    happenings: [types(HUNG, PHONE, 0), types(LAN, PHONE, 360), calls(PHONE, 366)],
    people: [HUNG, `${LAN} + ${PHONE} corroborated`],
    claims: [`${HUNG} -> ${PHONE}`],
  },
  {
    events: 'the same number is typed on the Fanpage and on Zalo, then it calls: one timeline of all three',
    happenings: [types(LAN, PHONE, 0), types(ZALO, PHONE, 1), calls(PHONE, 2)],
    people: [`${LAN} + ${PHONE} corroborated + ${ZALO} corroborated`],
  },
  {
    events:
      'the same number is typed on the Fanpage and on Zalo, no call: two people with a banner each, nothing joined',
    happenings: [types(LAN, PHONE, 0), types(ZALO, PHONE, 1)],
    people: [LAN, ZALO],
    claims: [`${LAN} -> ${PHONE}`, `${ZALO} -> ${PHONE}`],
    lookUp: { [PHONE]: [`person of ${LAN} claimed`, `person of ${ZALO} claimed`] },
    banners: { [LAN]: [`person of ${ZALO}`], [ZALO]: [`person of ${LAN}`] },
  },
  {
    events: "somebody else's e-mail typed in a chat: claimed only",
    happenings: [types(LAN, 'email/mai', 0), types('email/mai', 'phone/0999', 60)],
    people: ['email/mai', LAN],
    claims: ['email/mai -> phone/0999', `${LAN} -> email/mai`],
  },
  {
    events: 'an address typed in a chat writes a mail that authenticates: corroborated',
    happenings: [types(LAN, 'email/lan', 0), writes('email/lan', 5)],
    people: [`${LAN} + email/lan corroborated`],
  },
  {
    events: 'an agent joins, and a call corroborates another: levels are those of the weakest edge of the path',
    happenings: [types(LAN, PHONE, 0), calls(PHONE, 1), saysSame(PHONE, ZALO, 3), writes(ZALO, 2)],
    people: [`${LAN} + ${PHONE} corroborated + ${ZALO} corroborated`],
  },
  {
    events: "an agent's word on the same pair makes corroborated verified",
    happenings: [types(LAN, PHONE, 0), calls(PHONE, 1), saysSame(LAN, PHONE, 3)],
    people: [`${LAN} + ${PHONE} verified`],
  },
  {
    events: "an agent's different person beats a call, a vendor and an agent, whichever came first",
    happenings: [
      types(LAN, PHONE, 0),
      calls(PHONE, 1),
      saysSame(LAN, PHONE, 2),
      maps(LAN, PHONE, 3),
      saysDifferent(LAN, PHONE, 4),
    ],
    people: [`${LAN}`, PHONE],
    lookUp: { [PHONE]: [`person of ${PHONE} verified`] },
    conflicts: [`${PHONE} - ${LAN}: cannot-link`, `${LAN} - ${PHONE}: cannot-link`, `${LAN} - ${PHONE}: cannot-link`],
  },
  {
    events: 'a cannot-link holds across others: who is joined to one side is kept from the other',
    happenings: [saysSame(LAN, ZALO, 0), saysDifferent(LAN, PHONE, 1), types(ZALO, PHONE, 2), calls(PHONE, 3)],
    people: [`${LAN} + ${ZALO} verified`, PHONE],
    conflicts: [`${ZALO} - ${PHONE}: cannot-link`],
  },
  {
    events: 'a cannot-link stays with a side that grew, and holds whichever side is named first',
    happenings: [
      saysSame(ZALO, 'web/1', 0),
      saysSame('web/1', 'email/1', 1),
      saysSame(LAN, ZALO, 2),
      saysDifferent(LAN, PHONE, 3),
      saysSame(PHONE, 'web/1', 4),
    ],
    people: [`${ZALO} + email/1 verified + ${LAN} verified + web/1 verified`, PHONE],
    conflicts: [`${PHONE} - web/1: cannot-link`],
  },
  {
    events: "two CRM ids can't be one person, not by an agent's word either",
    happenings: [maps('crm/7', PHONE, 0), maps('crm/9', ZALO, 0), saysSame(PHONE, ZALO, 1)],
    people: [`crm/7 + ${PHONE} verified`, `crm/9 + ${ZALO} verified`],
    conflicts: [`${PHONE} - ${ZALO}: cannot-link`],
  },
  {
    events: 'two PSIDs of one page are over the cap for a vendor, and pass by an agent',
    happenings: [
      writes(LAN, 0),
      maps(LAN, 'commenter/page/lan', 1),
      maps(HUNG, 'commenter/page/lan', 2),
      writes(HUNG, 3),
    ],
    people: [`${LAN} + commenter/page/lan verified`, HUNG],
    conflicts: [`commenter/page/lan - ${HUNG}: cap`],
  },
  {
    events: 'the same pair by an agent: joined',
    happenings: [
      writes(LAN, 0),
      maps(LAN, 'commenter/page/lan', 1),
      maps(HUNG, 'commenter/page/lan', 2),
      saysSame(HUNG, LAN, 3),
    ],
    people: [`${LAN} + commenter/page/lan verified + ${HUNG} verified`],
  },
  {
    events: 'two PSIDs of two pages are no conflict',
    happenings: [maps(LAN, PHONE, 0), maps('psid/other/lan', PHONE, 1)],
    people: [`${PHONE} + psid/other/lan verified + ${LAN} verified`],
  },
  {
    events: 'a second loyalty card is over the cap, whatever its scope',
    happenings: [maps('loyalty/a/1', PHONE, 0), maps('loyalty/b/2', PHONE, 1)],
    people: [`loyalty/a/1 + ${PHONE} verified`, 'loyalty/b/2'],
    conflicts: [`loyalty/b/2 - ${PHONE}: cap`],
  },
  {
    events: 'of joins that exclude one another the earliest moments hold',
    happenings: [
      types(LAN, 'phone/1', 0),
      types(HUNG, 'phone/2', 1),
      calls('phone/2', 2),
      types(ZALO, 'phone/2', 3),
      calls('phone/1', 20),
      types(ZALO, 'phone/1', 21),
    ],
    people: [`${HUNG} + phone/2 corroborated + ${ZALO} corroborated`, `${LAN} + phone/1 corroborated`],
    conflicts: [`${ZALO} - phone/1: cap`],
    claims: [`${ZALO} -> phone/1`],
  },
  {
    events: 'an identifier known only from claims is nobody',
    happenings: [types(LAN, PHONE, 0)],
    people: [LAN],
    claims: [`${LAN} -> ${PHONE}`],
    lookUp: { [PHONE]: [`person of ${LAN} claimed`] },
  },
  {
    events: 'the id is that of the member that appeared first',
    happenings: [writes(ZALO, 4), calls(PHONE, 5), saysSame(ZALO, PHONE, 6)],
    people: [`${ZALO} + ${PHONE} verified`],
  },
];

describe('people as a function of the evidence', () => {
  it.each(ROWS)('$events', (row) => {
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
    for (const [identifier, expected] of Object.entries(row.lookUp ?? {})) {
      expect(lookUp(first!, identifier).map(({ personId, level }) => `${personId} ${level}`)).toEqual(expected);
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
