import { isUuid } from '../api/uuid.js';
import type { OutboxRow } from '../relay/outbox.repository.js';
import type { RuleSetOf } from '../rules/rule-sets.service.js';
import type { WorkingTimeOf } from '../rules/working-times.service.js';
import { conversationStateRow, threadEventRow } from './conversation-outbox.js';
import type { ThreadEvent } from './thread-event.js';
import type { ThreadChanges, ThreadedConversation } from './thread-state.js';
import type { ConversationRow, SegmentRow, ThreadsRepository } from './threads.repository.js';

/** Threads of one person as they were just written. */
export interface Written {
  readonly tenant: string;
  readonly personId: string;
  readonly changes: ThreadChanges;
}

/** Something to publish of a conversation: an event, its changed state, or that it is no more. */
export type Told = { readonly tenant: string; readonly personId: string | null } & (
  { readonly event: ThreadEvent } | { readonly changed: string } | { readonly gone: string }
);

/** Conversations whose state another reader would see changed. */
export function changedStates(
  written: readonly Written[],
  before: readonly ConversationRow[] = [],
  segments: readonly SegmentRow[] = [],
): Told[] {
  const old = new Map(before.map((row) => [row.id, JSON.stringify(comparable(row, segments))]));
  return written.flatMap(({ tenant, personId, changes }) =>
    changes.conversations
      .filter((conversation) => {
        const own = changes.segments.map((segment) => ({ ...segment, tenant, personId }));
        return old.get(conversation.id) !== JSON.stringify(comparable({ ...conversation, personId }, own));
      })
      .map(({ id }): Told => ({ tenant, personId, changed: id })),
  );
}

function comparable(
  { id, personId, state, resolvedAt, channels, ambiguous, clock }: ThreadedConversation & { personId: string },
  segments: readonly SegmentRow[],
): unknown {
  const own = segments.filter(({ conversationId }) => conversationId === id);
  return [
    personId,
    state,
    resolvedAt,
    channels,
    ambiguous,
    clock.waitingSince,
    clock.stoppedAt,
    clock.stoppedBy,
    own.map((segment) => [segment.id, segment.linkedBy, segment.resolvedAt, segment.candidates ?? []]).sort(),
  ];
}

/** What a resolve or reopen comes to, perhaps in a later fold; a customer's item may reopen as well. */
const SETTLED: ReadonlySet<ThreadEvent['type']> = new Set(['conversation.resolved', 'conversation.reopened']);

/**
 * Rows for the outbox: events first, then states as they stand now.
 * @param acts agents' acts and undos that may have caused any of it, beside older ones that settled a conversation
 */
export async function publicationOf(
  repository: ThreadsRepository,
  told: readonly Told[],
  rulesOf: RuleSetOf,
  timeOf: WorkingTimeOf,
  acts: ReadonlySet<string> = new Set(),
): Promise<OutboxRow[]> {
  const changed = told.flatMap((one) => ('changed' in one ? [{ tenant: one.tenant, id: one.changed }] : []));
  const [conversations, segments, names] =
    changed.length === 0
      ? [[], [], []]
      : [
          await repository.conversations(changed),
          await repository.segmentsOf(changed),
          await repository.namesOfConversations(changed),
        ];
  const byConversation = groupBy(segments, ({ conversationId }) => conversationId);
  const namesOf = groupBy(names, ({ conversationId }) => conversationId);
  const actors = await actorsOf(repository, told, acts);
  const events = told.flatMap((one) => {
    if (!('event' in one)) return [];
    const { tenant, personId, event } = one;
    return [
      threadEventRow(
        tenant,
        personId,
        event,
        rulesOf(tenant).version,
        actors.get(`${tenant} ${event.cause}`) ?? null,
        timeOf(tenant),
      ),
    ];
  });
  const states = conversations.map((conversation) =>
    conversationStateRow(
      conversation,
      byConversation.get(conversation.id) ?? [],
      (namesOf.get(conversation.id) ?? []).map(({ id }) => id).filter((id) => id !== conversation.id),
      rulesOf(conversation.tenant).version,
    ),
  );
  const gone = told.flatMap((one) =>
    'gone' in one ? [conversationStateRow({ tenant: one.tenant, id: one.gone }, null)] : [],
  );
  return [...events, ...gone, ...states];
}

/** Who acted, by tenant and cause, where an event follows from an agent's act. */
async function actorsOf(
  repository: ThreadsRepository,
  told: readonly Told[],
  acts: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const perhaps = told.flatMap((one) =>
    'event' in one && (acts.has(one.event.cause) || (SETTLED.has(one.event.type) && isUuid(one.event.cause)))
      ? [{ tenant: one.tenant, id: one.event.cause }]
      : [],
  );
  const actors = perhaps.length === 0 ? [] : await repository.actors(perhaps);
  return new Map(actors.map(({ tenant, id, actor }) => [`${tenant} ${id}`, actor]));
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
