import { threadEvent, type ThreadEvent, type ThreadHappening } from './thread-event.js';
import type { ThreadedConversation } from './thread-state.js';
import type { ChannelSwitch, Segment } from './timed-item.js';

export interface Threads {
  readonly segments: readonly Segment[];
  readonly conversations: readonly ThreadedConversation[];
  readonly switches?: readonly ChannelSwitch[];
}

/**
 * What changed when a person's threads were folded anew: evidence joined or split people, or an item came late (rule T9). Of a conversation that nothing was
 * known of, the events are those that its first fold tells.
 * @param occasion what made them be folded anew: part of the ids of everything told of what was known already, because a link may be cut and made again
 * @param actOf the agent's act, or undo, that an identifier's threads were folded anew for; null where it was something else
 */
export function diffThreads(
  before: Threads,
  after: Threads,
  occasion: string,
  actOf: (identifierId: string) => string | null = () => null,
): ThreadEvent[] {
  const known = new Map(before.conversations.map((conversation) => [conversation.id, conversation]));
  const seen = new Set(before.segments.map(({ id }) => id));
  const old = new Set(known.keys());
  for (const { id, conversationId } of after.segments) if (seen.has(id)) old.add(conversationId);
  const occasionOf = (conversationId: string): string => (old.has(conversationId) ? occasion : '');
  const left = new Set(after.conversations.map(({ id }) => id));
  const actOn = actsOn([...before.segments, ...after.segments], actOf);

  return [
    ...cutLinks(before, after, occasion, actOn),
    ...newLinks(before, after, occasion, occasionOf, actOn),
    ...newSwitches(before, after, occasionOf),
    ...after.conversations.flatMap((conversation) => [
      ...clockEvents(known.get(conversation.id), conversation, occasionOf(conversation.id)),
      ...stateEvents(known.get(conversation.id), conversation, occasionOf(conversation.id), actOn(conversation.id)),
    ]),
    ...before.conversations.filter(({ id }) => !left.has(id)).flatMap((gone) => withdrawn(gone, occasion)),
  ];
}

/** By conversation, present or former: the act on one of its customers. */
function actsOn(segments: readonly Segment[], actOf: (identifierId: string) => string | null): ActOn {
  const acts = new Map<string, string>();
  for (const { conversationId, identifierId } of segments) {
    const act = actOf(identifierId);
    if (act !== null) acts.set(conversationId, act);
  }
  return (conversationId) => acts.get(conversationId) ?? null;
}

type ActOn = (conversationId: string) => string | null;
type OccasionOf = (conversationId: string) => string;

function cutLinks(before: Threads, after: Threads, occasion: string, actOn: ActOn): ThreadEvent[] {
  const now = new Map(after.segments.map((segment) => [segment.id, segment.conversationId]));
  return before.segments
    .filter(({ id, conversationId }) => now.get(id) !== conversationId)
    .map(({ id: segmentId, conversationId, startedAt }) =>
      threadEvent(conversationId, startedAt, actOn(conversationId) ?? occasion, {
        type: 'conversation.unlinked',
        segmentId,
      }),
    );
}

function newLinks(
  before: Threads,
  after: Threads,
  occasion: string,
  occasionOf: OccasionOf,
  actOn: ActOn,
): ThreadEvent[] {
  const then = new Map(before.segments.map((segment) => [segment.id, segment.conversationId]));
  return after.segments
    .filter(({ id, conversationId }) => then.get(id) !== conversationId)
    .map(({ id: segmentId, conversationId, startedAt, startedBy, linkedBy, candidates }) =>
      threadEvent(
        conversationId,
        startedAt,
        actOn(conversationId) ?? (then.has(segmentId) ? occasion : startedBy),
        linkedBy === null
          ? { type: 'conversation.opened', segmentId }
          : { type: 'conversation.linked', segmentId, by: linkedBy, ...(candidates && { candidates }) },
        occasionOf(conversationId),
      ),
    );
}

function newSwitches(before: Threads, after: Threads, occasionOf: OccasionOf): ThreadEvent[] {
  const then = new Map((before.switches ?? []).map((change) => [change.id, change.conversationId]));
  return (after.switches ?? [])
    .filter(({ id, conversationId }) => then.get(id) !== conversationId)
    .map((change) =>
      threadEvent(
        change.conversationId,
        change.at,
        change.itemId,
        { type: 'conversation.channel-switched', change },
        occasionOf(change.conversationId),
      ),
    );
}

function clockEvents(
  before: ThreadedConversation | undefined,
  { id, clock }: ThreadedConversation,
  occasion: string,
): ThreadEvent[] {
  const { stoppedAt, stoppedBy, lastWaitFrom, waitingSince, waitingItemId } = clock;
  const tell = (at: number, cause: string, happening: ThreadHappening): ThreadEvent =>
    threadEvent(id, at, cause, happening, occasion);
  const events: ThreadEvent[] = [];
  const stopped = stoppedAt !== null && stoppedAt !== (before?.clock.stoppedAt ?? null);
  if (stopped && stoppedBy !== null && lastWaitFrom !== null) {
    const waitedMs = stoppedAt - lastWaitFrom;
    const cause = clock.stopCause ?? id;
    if (stoppedBy !== 'resolve') {
      events.push(tell(stoppedAt, cause, { type: 'conversation.replied', waitedMs, by: stoppedBy }));
    }
    events.push(tell(stoppedAt, cause, { type: 'target.stopped', waitedMs, by: stoppedBy }));
  }
  if (waitingItemId === (before?.clock.waitingItemId ?? null)) return events;
  if (waitingSince !== null && waitingItemId !== null) {
    const wait = { since: waitingSince, itemId: waitingItemId };
    events.push(tell(waitingSince, waitingItemId, { type: 'conversation.waiting', ...wait }));
    events.push(tell(waitingSince, waitingItemId, { type: 'target.started', ...wait }));
  } else if (!stopped && before !== undefined) {
    events.push(...withdrawn(before, occasion));
  }
  return events;
}

/** Nobody answered, and yet nothing waits any more. */
function withdrawn({ id, clock, lastAt }: ThreadedConversation, occasion: string): ThreadEvent[] {
  if (clock.waitingSince === null) return [];
  const waitedMs = Math.max(0, lastAt - clock.waitingSince);
  return [threadEvent(id, lastAt, occasion, { type: 'target.stopped', waitedMs, by: 'withdrawn' })];
}

function stateEvents(
  before: ThreadedConversation | undefined,
  after: ThreadedConversation,
  occasion: string,
  act: string | null,
): ThreadEvent[] {
  const { id, state, resolvedAt, lastAt, stateCause } = after;
  const tell = (type: 'conversation.resolved' | 'conversation.reopened'): ThreadEvent[] => [
    threadEvent(id, resolvedAt ?? lastAt, (before && act) ?? stateCause ?? id, { type }, occasion),
  ];
  if (state === 'resolved') return resolvedAt === (before?.resolvedAt ?? null) ? [] : tell('conversation.resolved');
  return before?.state === 'resolved' ? tell('conversation.reopened') : [];
}
