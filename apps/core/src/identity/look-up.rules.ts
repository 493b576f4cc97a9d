import type { LinkLevel } from '@lienmach/contracts';
import type { Resolution, ResolvedPerson } from './evidence.js';
import { compare } from './evidence-set.rules.js';
import { nodeKey } from './explanation.rules.js';

/** A person whom an identifier may belong to. */
export interface PossiblePerson {
  readonly personId: string;
  readonly level: LinkLevel;
}

/** Everybody whom an identifier may be: its own person first, then those who claimed it or whom an agent tied to it in vain. */
export function lookUp(resolution: Resolution, identifierId: string): PossiblePerson[] {
  const owners = ownersOf(resolution);
  const levels = new Map<string, LinkLevel>();
  for (const person of resolution.people) {
    const member = person.members.find((one) => one.identifierId === identifierId);
    if (member) levels.set(person.id, member.level);
  }
  const owned = levels.size;
  const rejected = resolution.conflicts.filter(({ because }) => because !== 'cannot-link');
  for (const { a, b } of [...resolution.claims, ...rejected]) {
    const owner = b.identifierId === identifierId ? owners.get(nodeKey(a)) : undefined;
    if (owner && !levels.has(owner.id)) levels.set(owner.id, 'claimed');
  }
  const found = [...levels].map(([personId, level]): PossiblePerson => ({ personId, level }));
  return [...found.slice(0, owned), ...found.slice(owned).sort((x, y) => compare(x.personId, y.personId))];
}

/** The banner "có thể là …": people whom open claims tie to this one, also through a number that is nobody's yet. Sorted ids. */
export function mayAlsoBe(resolution: Resolution, personId: string): string[] {
  const owners = ownersOf(resolution);
  const tied = new Map<string, Set<string>>();
  for (const { a, b } of resolution.claims) {
    const claimant = owners.get(nodeKey(a))?.id;
    const number = nodeKey(b);
    const people = tied.get(number) ?? new Set<string>();
    tied.set(number, people);
    if (claimant) people.add(claimant);
    const owner = owners.get(number)?.id;
    if (owner) people.add(owner);
  }
  const others = new Set([...tied.values()].filter((people) => people.has(personId)).flatMap((people) => [...people]));
  others.delete(personId);
  return [...others].sort(compare);
}

function ownersOf({ people }: Resolution): Map<string, ResolvedPerson> {
  return new Map(people.flatMap((person) => person.members.map((member) => [nodeKey(member), person])));
}
