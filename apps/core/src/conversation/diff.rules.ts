import { threadEvent, type ThreadEvent } from './thread-event.js';
import type { ThreadedConversation } from './thread-state.js';
import type { ChannelSwitch, Segment } from './timed-item.js';

export interface Threads {
  readonly segments: readonly Segment[];
  readonly conversations: readonly ThreadedConversation[];
  readonly switches?: readonly ChannelSwitch[];
}

/**
 * What changed when a person's threads were folded anew: evidence joined or split people, or an item came late (rule T9).
 * What a fold told already while it advanced has the same ids here.
 * @param cause what made it be folded anew; names links that are cut or moved, so that cutting twice is two events
 */
export function diffThreads(before: Threads, after: Threads, cause: string): ThreadEvent[] {
  const known = new Map(before.conversations.map((conversation) => [conversation.id, conversation]));
  const left = new Set(after.conversations.map(({ id }) => id));
  return [
    ...cutLinks(before, after, cause),
    ...newLinks(before, after, cause),
    ...newSwitches(before, after),
    ...after.conversations.flatMap((conversation) => [
      ...clockEvents(known.get(conversation.id), conversation, cause),
      ...stateEvents(known.get(conversation.id), conversation),
    ]),
    ...before.conversations.filter(({ id }) => !left.has(id)).flatMap((gone) => withdrawn(gone, cause)),
  ];
}

function cutLinks(before: Threads, after: Threads, cause: string): ThreadEvent[] {
  const now = new Map(after.segments.map((segment) => [segment.id, segment.conversationId]));
  return before.segments
    .filter(({ id, conversationId }) => now.get(id) !== conversationId)
    .map(({ id: segmentId, conversationId, startedAt }) =>
      threadEvent(conversationId, startedAt, cause, { type: 'conversation.unlinked', segmentId }),
    );
}

function newLinks(before: Threads, after: Threads, cause: string): ThreadEvent[] {
  const then = new Map(before.segments.map((segment) => [segment.id, segment.conversationId]));
  const known = new Set(before.conversations.map(({ id }) => id));
  return after.segments.flatMap(({ id: segmentId, conversationId, startedAt, startedBy, linkedBy }) => {
    if (then.get(segmentId) === conversationId) return [];
    if (linkedBy === null && !known.has(conversationId)) {
      return [threadEvent(conversationId, startedAt, startedBy, { type: 'conversation.opened', segmentId })];
    }
    const by = then.has(segmentId) ? cause : startedBy;
    return [threadEvent(conversationId, startedAt, by, { type: 'conversation.linked', segmentId, by: linkedBy })];
  });
}

function newSwitches(before: Threads, after: Threads): ThreadEvent[] {
  const then = new Map((before.switches ?? []).map((change) => [change.id, change.conversationId]));
  return (after.switches ?? [])
    .filter(({ id, conversationId }) => then.get(id) !== conversationId)
    .map((change) =>
      threadEvent(change.conversationId, change.at, change.itemId, { type: 'conversation.channel-switched', change }),
    );
}

function clockEvents(
  before: ThreadedConversation | undefined,
  { id, clock }: ThreadedConversation,
  cause: string,
): ThreadEvent[] {
  const { stoppedAt, stoppedBy, lastWaitFrom, waitingSince, waitingItemId } = clock;
  const events: ThreadEvent[] = [];
  const stopped = stoppedAt !== null && stoppedAt !== (before?.clock.stoppedAt ?? null);
  if (stopped && stoppedBy !== null && lastWaitFrom !== null) {
    const waitedMs = stoppedAt - lastWaitFrom;
    const by = clock.stopCause ?? cause;
    if (stoppedBy !== 'resolve') {
      events.push(threadEvent(id, stoppedAt, by, { type: 'conversation.replied', waitedMs, by: stoppedBy }));
    }
    events.push(threadEvent(id, stoppedAt, by, { type: 'target.stopped', waitedMs, by: stoppedBy }));
  }
  if (waitingItemId === (before?.clock.waitingItemId ?? null)) return events;
  if (waitingSince !== null && waitingItemId !== null) {
    const wait = { since: waitingSince, itemId: waitingItemId };
    events.push(threadEvent(id, waitingSince, waitingItemId, { type: 'conversation.waiting', ...wait }));
    events.push(threadEvent(id, waitingSince, waitingItemId, { type: 'target.started', ...wait }));
  } else if (!stopped && before !== undefined) {
    events.push(...withdrawn(before, cause));
  }
  return events;
}

/** Nobody answered, and yet nothing waits any more. */
function withdrawn({ id, clock, lastAt }: ThreadedConversation, cause: string): ThreadEvent[] {
  if (clock.waitingSince === null) return [];
  return [
    threadEvent(id, lastAt, cause, { type: 'target.stopped', waitedMs: lastAt - clock.waitingSince, by: 'withdrawn' }),
  ];
}

function stateEvents(before: ThreadedConversation | undefined, after: ThreadedConversation): ThreadEvent[] {
  const { id, state, resolvedAt, lastAt } = after;
  const at = resolvedAt ?? lastAt;
  const cause = after.stateCause ?? id;
  if (state === 'resolved') {
    return resolvedAt === (before?.resolvedAt ?? null)
      ? []
      : [threadEvent(id, at, cause, { type: 'conversation.resolved' })];
  }
  return before?.state === 'resolved' ? [threadEvent(id, at, cause, { type: 'conversation.reopened' })] : [];
}
