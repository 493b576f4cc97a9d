import type { Moment } from './thread-state.js';

/** What of an item of a thread says whose it is. */
export interface OwnedItem extends Moment {
  /** Key of the item within its thread; `answers` of others names it. */
  readonly key: string;
  /** A customer wrote or called, perhaps an anonymous one. */
  readonly customerAuthor: boolean;
  readonly identifier: string | null;
  readonly answers: string | null;
}

/**
 * The identifier of every item of a thread. What names a customer has that one, and an anonymous customer's item stays nobody's. Any other takes the identifier
 * of the item that it answers, or else of the latest customer item before it.
 * @param items of one thread, in any order; identifiers in whatever form the caller has them
 * @returns by key
 */
export function ownersOf(items: readonly OwnedItem[]): Map<string, string | null> {
  const sorted = [...items].sort((a, b) => a.at - b.at || (a.hash < b.hash ? -1 : 1));
  const byKey = new Map(sorted.map((item) => [item.key, item]));
  const before = new Map<string, string | null>();
  let latest: string | null = null;
  for (const item of sorted) {
    before.set(item.key, latest);
    if (item.customerAuthor && item.identifier !== null) latest = item.identifier;
  }
  return new Map(sorted.map(({ key }) => [key, ownerOf(key, byKey, before)]));
}

/** Follows the chain of answers to somebody's own item, or to where it ends: from there, and in a chain that bites its tail, the order in the thread decides. */
function ownerOf(key: string, byKey: Map<string, OwnedItem>, before: Map<string, string | null>): string | null {
  const seen = new Set<string>();
  let end = key;
  for (let item = byKey.get(key); item !== undefined; item = byKey.get(item.answers ?? '')) {
    if (item.identifier !== null || item.customerAuthor) return item.identifier;
    if (seen.has(item.key)) return before.get(key) ?? null;
    seen.add(item.key);
    end = item.key;
  }
  return before.get(end) ?? null;
}
