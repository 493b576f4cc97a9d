import type { TenantKey } from '../identity/people.repository.js';
import type { ItemsRepository, StoredItem } from './items.repository.js';
import type { Written } from './thread-publication.js';
import type { ThreadChanges, ThreadedConversation } from './thread-state.js';
import type { PersonThreads, ThreadsRepository } from './threads.repository.js';
import type { ChannelSwitch, Segment } from './timed-item.js';

/**
 * Puts people's threads in the place of what stood there.
 * @param gone what stood there and is no more
 * @param items everything of people whose threads were folded anew: what is in no segment any more is let go
 */
export async function writeThreads(
  repository: ThreadsRepository,
  stored: ItemsRepository,
  written: readonly Written[],
  gone: { segments: readonly TenantKey[]; conversations: readonly TenantKey[]; switches: readonly TenantKey[] },
  items: readonly StoredItem[] = [],
): Promise<void> {
  const rows = <T extends { id: string }>(pick: (changes: ThreadChanges) => readonly T[]) =>
    written
      .flatMap(({ tenant, personId, changes }) => pick(changes).map((row) => ({ ...row, tenant, personId })))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  const assigned = written.flatMap(({ tenant, changes }) =>
    changes.assignments.map(([id, segmentId]) => ({ tenant, id, segmentId })),
  );
  const has = new Set(assigned.map(({ id }) => id));
  const loose = items.filter(({ id, segmentId }) => segmentId !== null && !has.has(id));

  await repository.storeSegments(
    rows<Segment>((changes) => changes.segments),
    gone.segments,
  );
  await repository.storeConversations(
    rows<ThreadedConversation>((changes) => changes.conversations),
    gone.conversations,
  );
  await repository.storeSwitches(
    rows<ChannelSwitch>((changes) => changes.switches),
    gone.switches,
  );
  await stored.storeAssignments(
    [...assigned, ...loose.map(({ tenant, id }) => ({ tenant, id, segmentId: null }))].sort((a, b) =>
      a.id < b.id ? -1 : 1,
    ),
  );
  await repository.storePersonThreads(
    written.map(({ tenant, personId, changes }): PersonThreads => ({
      tenant,
      id: personId,
      lastAt: changes.state.upTo?.at ?? null,
      // nothing threaded yet looks the same whether it was ever folded or not
      threads: changes.state.upTo === null ? null : changes.state,
    })),
  );
}
