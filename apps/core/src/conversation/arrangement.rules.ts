import { isAfter } from './link.rules.js';
import type { Moment } from './thread-state.js';
import type { ArrangingAct, TimedItem } from './timed-item.js';

/** Items that agents want in one conversation, by way of the segments that hold them. */
export interface Group {
  readonly members: Set<string>;
  /** Groups that belong into other conversations. */
  readonly apart: Set<Group>;
}

/** What agents' joins, splits and moves come to among the items of one person. */
export class Arrangement {
  private readonly groups = new Map<string, Group>();
  private readonly cuts = new Map<string, Moment>();

  /** The group of an item that an agent named; null of any other. */
  groupOf(itemId: string): Group | null {
    return this.groups.get(itemId) ?? null;
  }

  /** The act since which this item begins a segment, and a conversation unless it is tied to one; null when it does as the rules say. */
  cutAt(itemId: string): Moment | null {
    return this.cuts.get(itemId) ?? null;
  }

  cut(itemId: string, since: Moment): void {
    const known = this.cuts.get(itemId);
    if (known === undefined || isAfter(known, since)) this.cuts.set(itemId, since);
  }

  /** Brings two together, unless they are apart. */
  tie(a: string, b: string): void {
    const [group, other] = [this.group(a), this.group(b)];
    if (group === other || group.apart.has(other)) return;
    for (const member of other.members) {
      group.members.add(member);
      this.groups.set(member, group);
    }
    for (const stranger of other.apart) {
      stranger.apart.delete(other);
      stranger.apart.add(group);
      group.apart.add(stranger);
    }
  }

  /** Keeps two apart, unless they have come together. */
  part(a: string, b: string): void {
    const [group, other] = [this.group(a), this.group(b)];
    if (group === other) return;
    group.apart.add(other);
    other.apart.add(group);
  }

  private group(itemId: string): Group {
    const known = this.groups.get(itemId);
    if (known !== undefined) return known;
    const made: Group = { members: new Set([itemId]), apart: new Set() };
    this.groups.set(itemId, made);
    return made;
  }
}

/**
 * Rule T11. The latest act is heard first, and what an earlier one says against it does not count. Items that are not among the given ones, because they are
 * somebody else's now or have not come yet, mean nothing; no word ties two brands.
 * @param acts that stand, in any order
 * @param items of one person
 * @param inOne pairs of items that share a segment: no word parts them
 */
export function arrange(
  acts: readonly ArrangingAct[],
  items: readonly TimedItem[],
  inOne: readonly (readonly [string, string])[] = [],
): Arrangement {
  const arrangement = new Arrangement();
  if (acts.length === 0) return arrangement;
  for (const [one, other] of inOne) arrangement.tie(one, other);
  const brands = new Map(items.map(({ id, brand }) => [id, brand]));
  const here = (ids: readonly string[]): string[] => ids.filter((id) => brands.has(id));
  const latestFirst = [...acts].sort((a, b) => (isAfter(momentOf(a), momentOf(b)) ? -1 : 1));
  for (const act of latestFirst) {
    const [own, withIds, apartIds] = [here(act.itemIds), here(act.withIds), here(act.apartIds)];
    for (const id of own) {
      for (const other of withIds) if (brands.get(id) === brands.get(other)) arrangement.tie(id, other);
      for (const other of apartIds) arrangement.part(id, other);
      if (act.kind !== 'join' && withIds.length + apartIds.length > 0) arrangement.cut(id, momentOf(act));
    }
  }
  return arrangement;
}

/** Items that acts name and that have not come yet, sorted. */
export function awaited(acts: readonly ArrangingAct[], items: readonly TimedItem[]): string[] {
  const here = new Set(items.map(({ id }) => id));
  const named = acts.flatMap(({ itemIds, withIds, apartIds }) => [...itemIds, ...withIds, ...apartIds]);
  return [...new Set(named)].filter((id) => !here.has(id)).sort();
}

const momentOf = ({ at, id }: ArrangingAct): Moment => ({ at, hash: id });
