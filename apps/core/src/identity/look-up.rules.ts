import type { LinkLevel } from '@lienmach/contracts';
import type { Resolution, ResolvedPerson } from './evidence.js';
import { compare } from './evidence-set.rules.js';
import { nodeKey } from './explanation.rules.js';

/** A person whom an identifier may belong to. */
export interface PossiblePerson {
  readonly personId: string;
  readonly level: LinkLevel;
  /** Only of an epoch that is over (rule I13): the number is somebody else's now. */
  readonly former: boolean;
}

/**
 * Everybody whom an identifier may be: its own person first, then those who claimed it or whom an agent tied to it in vain; after all of them those of former
 * epochs, likewise.
 */
export function lookUp(resolution: Resolution, identifierId: string): PossiblePerson[] {
  const owners = ownersOf(resolution);
  const present = resolution.epochs.findLast((epoch) => epoch.identifierId === identifierId)?.epoch ?? 1;
  const found: (PossiblePerson & { readonly owns: boolean })[] = [];
  for (const { id, members } of resolution.people) {
    for (const member of members) {
      if (member.identifierId !== identifierId) continue;
      found.push({ personId: id, level: member.level, former: member.epoch < present, owns: true });
    }
  }
  const rejected = resolution.conflicts.filter(({ because }) => because !== 'cannot-link');
  for (const { a, b } of [...resolution.claims, ...rejected]) {
    const owner = b.identifierId === identifierId ? owners.get(nodeKey(a)) : undefined;
    if (owner) found.push({ personId: owner.id, level: 'claimed', former: b.epoch < present, owns: false });
  }
  found.sort(
    (x, y) => Number(x.former) - Number(y.former) || Number(y.owns) - Number(x.owns) || compare(x.personId, y.personId),
  );
  const first = new Map([...found].reverse().map((one) => [one.personId, one]));
  return found.flatMap((one) => {
    const { personId, level, former } = one;
    return first.get(personId) === one ? [{ personId, level, former }] : [];
  });
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
