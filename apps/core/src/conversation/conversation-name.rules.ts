import type { ThreadChanges } from './thread-state.js';
import type { TimedItem } from './timed-item.js';

/** An id that a conversation ever had. */
export interface NameRow {
  tenant: string;
  id: string;
  /** The item that the name was made of. */
  itemId: string;
  /** The conversation that holds this item now. */
  conversationId: string;
}

interface Written {
  readonly tenant: string;
  readonly changes: ThreadChanges;
}

/** Names of conversations that an append opened: each is made of the item that it begins with. */
export function newNames(written: readonly Written[]): NameRow[] {
  return written.flatMap(({ tenant, changes }) => {
    const firstItem = new Map(changes.assignments.map(([itemId, segmentId]) => [segmentId, itemId] as const).reverse());
    return changes.events.flatMap((event): NameRow[] => {
      const itemId = event.type === 'conversation.opened' ? firstItem.get(event.segmentId) : undefined;
      return itemId ? [{ tenant, id: event.conversationId, itemId, conversationId: event.conversationId }] : [];
    });
  });
}

/**
 * Names after a fold: each leads to the conversation that holds the item of which it was made (I10).
 * @param items all items of the people who were folded
 * @param former names that were ever made of these items
 */
export function renamed(
  items: readonly Pick<TimedItem, 'id' | 'hash'>[],
  written: readonly Written[],
  former: readonly NameRow[],
): NameRow[] {
  const conversationOf = new Map(
    written.flatMap(({ changes }) => changes.segments.map(({ id, conversationId }) => [id, conversationId] as const)),
  );
  const places = new Map(
    written.flatMap(({ changes }) =>
      changes.assignments.map(([itemId, segmentId]) => [itemId, conversationOf.get(segmentId)] as const),
    ),
  );
  const itemOf = new Map(items.map((item) => [item.hash, item]));
  const own = written.flatMap(({ tenant, changes }) =>
    changes.segments
      .filter(({ linkedBy }) => linkedBy === null)
      .map(({ conversationId, startedBy }): NameRow => {
        return { tenant, id: conversationId, itemId: itemOf.get(startedBy)!.id, conversationId };
      }),
  );
  const kept = former.flatMap((name): NameRow[] => {
    const conversationId = places.get(name.itemId);
    return conversationId ? [{ ...name, conversationId }] : [];
  });
  return [...new Map([...own, ...kept].map((name) => [name.id, name])).values()];
}
