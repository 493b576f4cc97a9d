import { causesOfJoin, causesOfLevel, causesOfSplit } from './cause.rules.js';
import { epochChanges } from './epoch-change.rules.js';
import { compare } from './evidence-set.rules.js';
import type { Evidence, Node, Resolution, ResolvedPerson, Standing } from './evidence.js';
import { nodeKey } from './explanation.rules.js';
import type { IdentityChange, MemberSet, MembershipRow } from './identity-change.js';

const KINDS = ['split', 'linked', 'renamed', 'level-changed', 'class-changed'] as const;

/** A resolution as the rows that a later `diffResolutions` compares with. Sorted by identifier id and epoch. */
export function membershipRows({ people }: Resolution): MembershipRow[] {
  return people
    .flatMap(({ id, members }) =>
      members.map(({ personSeed: _seed, ...member }): MembershipRow => ({ ...member, personId: id })),
    )
    .sort(byNode);
}

/**
 * What a recomputation changed (rule I12), in an order that depends on nothing else: splits, links, new names, levels; each by person id.
 * A first appearance of one identifier alone is no change.
 * @param before rows of every identifier of the recomputed component, whoever its person was
 * @param after the component resolved anew; an identifier that it does not hold is in nobody
 * @param evidence the component's evidence, retracted records included: they are what caused a split
 */
export function diffResolutions(
  before: readonly MembershipRow[],
  after: Resolution,
  evidence: readonly Evidence[],
): IdentityChange[] {
  const was = new Map(before.map((row) => [nodeKey(row), row]));
  const is = new Map(membershipRows(after).map((row) => [nodeKey(row), row]));
  const peopleBefore = groupByPerson(before);
  const changes = epochChanges(before, is, after, evidence);

  for (const [personId, members] of peopleBefore) {
    const pieces = piecesOf(members, is);
    if (!areApart(pieces)) continue;
    changes.push({
      kind: 'split',
      personId,
      before: [setOf(personId, members)],
      after: pieces,
      causes: causesOfSplit(pieces, after, evidence),
    });
  }
  for (const person of after.people) {
    const members = person.members.map((member) => ({ ...member, personId: person.id }));
    const pieces = piecesOf(members, was);
    const set = setOf(person.id, members);
    if (areApart(pieces)) {
      const causes = causesOfJoin(person, (node) => was.get(nodeKey(node))?.personId ?? null);
      changes.push({ kind: 'linked', personId: person.id, before: pieces, after: [set], causes });
    }
    const names = namesBefore(person, peopleBefore);
    if (names.length > 0) {
      const old = names.map((name) => setOf(name, peopleBefore.get(name)!));
      changes.push({ kind: 'renamed', personId: person.id, before: old, after: [set], causes: [] });
    }
    changes.push(...levelChange(person, [person.id, ...names], was));
  }
  return changes.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || compare(a.personId, b.personId));
}

/**
 * Members of whom rules I6 and I7 make another thing than before, by person; what is in nobody is told by its own state alone.
 * @param before what was made of each identifier; absent: nothing
 */
export function standingChanges(before: ReadonlyMap<string, Standing['is']>, after: Resolution): IdentityChange[] {
  const now = presentStandings(after);
  return membershipRows(after).flatMap(({ personId, ...member }): IdentityChange[] => {
    const standing = now.get(member.identifierId);
    if (before.get(member.identifierId) === standing?.is) return [];
    const set = [setOf(personId, [member])];
    const causes = [
      {
        evidenceIds: standing?.evidenceIds ?? [],
        rule: standing?.is === 'blocked' ? 'I6' : 'I7',
        actor: null,
        reason: null,
      },
    ];
    return [{ kind: 'class-changed', personId, before: set, after: set, causes }];
  });
}

/** By identifier; of several epochs the present one's. */
export function presentStandings({ standings, epochs }: Resolution): Map<string, Standing> {
  const latest = new Map(epochs.map(({ identifierId, epoch }) => [identifierId, epoch]));
  const present = standings.filter(({ identifierId, epoch }) => epoch === (latest.get(identifierId) ?? 1));
  return new Map(present.map((standing) => [standing.identifierId, standing]));
}

/** Ids that this person had before and has no more, if its present id is nobody's old one: else it was linked into that one. */
function namesBefore(person: ResolvedPerson, peopleBefore: ReadonlyMap<string, unknown>): string[] {
  if (peopleBefore.has(person.id)) return [];
  return person.members
    .map(({ personSeed }) => personSeed)
    .filter((seed) => peopleBefore.has(seed))
    .sort(compare);
}

function levelChange(
  person: ResolvedPerson,
  ids: readonly string[],
  was: ReadonlyMap<string, MembershipRow>,
): IdentityChange[] {
  const members = person.members.flatMap((member) => {
    const row = was.get(nodeKey(member));
    return row && ids.includes(row.personId) && row.level !== member.level ? [member] : [];
  });
  if (members.length === 0) return [];
  return [
    {
      kind: 'level-changed',
      personId: person.id,
      before: piecesOf(members, was),
      after: [setOf(person.id, members)],
      causes: causesOfLevel(person, members),
    },
  ];
}

/** Where members are, or were: a set per person, and one of those in nobody. */
function piecesOf(members: readonly Node[], places: ReadonlyMap<string, MembershipRow>): MemberSet[] {
  const groups = new Map<string | null, (Node & { level: MembershipRow['level'] | null })[]>();
  for (const { identifierId, epoch } of members) {
    const row = places.get(nodeKey({ identifierId, epoch }));
    const key = row?.personId ?? null;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push({ identifierId, epoch, level: row?.level ?? null });
  }
  return [...groups]
    .map(([personId, found]): MemberSet => ({ personId, members: found.sort(byNode) }))
    .sort((a, b) => (a.personId === null ? 1 : b.personId === null ? -1 : compare(a.personId, b.personId)));
}

/** Those in nobody are apart from one another too. */
function areApart(pieces: readonly MemberSet[]): boolean {
  return pieces.length > 1 || (pieces[0]?.personId === null && pieces[0].members.length > 1);
}

function setOf(personId: string, members: readonly Omit<MembershipRow, 'personId'>[]): MemberSet {
  return {
    personId,
    members: members.map(({ identifierId, epoch, level }) => ({ identifierId, epoch, level })).sort(byNode),
  };
}

function groupByPerson(rows: readonly MembershipRow[]): Map<string, MembershipRow[]> {
  const people = new Map<string, MembershipRow[]>();
  for (const row of rows) {
    const known = people.get(row.personId);
    if (known) known.push(row);
    else people.set(row.personId, [row]);
  }
  return people;
}

function byNode(a: Node, b: Node): number {
  return compare(a.identifierId, b.identifierId) || a.epoch - b.epoch;
}
