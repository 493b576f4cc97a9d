import { TOPICS } from '@lienmach/contracts';
import { historyRow, stateRow } from '../relay/envelope.js';
import type { OutboxRow } from '../relay/outbox.repository.js';
import { clockStage } from './clock.rules.js';
import type { ThreadEvent } from './thread-event.js';
import type { ConversationRow, SegmentRow } from './threads.repository.js';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const RULES: Record<ThreadEvent['type'], string> = {
  'conversation.opened': 'T5',
  'conversation.linked': 'T5',
  'conversation.unlinked': 'T9',
  'conversation.channel-switched': 'T7',
  'conversation.waiting': 'T8',
  'conversation.replied': 'T8',
  'conversation.resolved': 'T4',
  'conversation.reopened': 'T4',
  'target.started': 'T8',
  'target.stopped': 'T8',
};

/**
 * One happening of threads as the contract publishes it.
 * @param actor whose act it follows from; null when a rule decided
 */
export function threadEventRow(
  tenant: string,
  personId: string | null,
  event: ThreadEvent,
  rulesVersion: number,
  actor: string | null = null,
): OutboxRow {
  const { conversationId, id, at } = event;
  const base = { tenant, key: conversationId, id, at, subject: conversationId };
  if (event.type === 'target.started' || event.type === 'target.stopped') {
    const stopped = event.type === 'target.stopped';
    const startedAt = stopped ? at - event.waitedMs : event.since;
    const waitedMs = stopped ? event.waitedMs : 0;
    return historyRow({
      ...base,
      topic: TOPICS.targetEvents,
      type: event.type,
      data: {
        conversationId,
        clock: `${conversationId}:${startedAt}`,
        startedAt: iso(startedAt)!,
        stoppedAt: stopped ? iso(at) : null,
        stage: stopped ? 'stopped' : 'running',
        // Without a tenant's calendar every hour is working time.
        workingMs: waitedMs,
        wallMs: waitedMs,
        stoppedBy: stopped ? event.by : null,
      },
    });
  }
  const change = event.type === 'conversation.channel-switched' ? event.change : null;
  return historyRow({
    ...base,
    topic: TOPICS.conversationEvents,
    type: event.type,
    data: {
      conversationId,
      personId,
      segmentIds: 'segmentId' in event ? [event.segmentId] : [],
      itemId: change?.itemId ?? ('itemId' in event ? event.itemId : null),
      from: change?.from ?? null,
      to: change?.to ?? null,
      cause: actor === null ? causeOf(event) : 'agent',
      rule: event.type === 'conversation.linked' && event.by === 'call-back' ? 'T2' : RULES[event.type],
      actor,
      rulesVersion,
    },
  });
}

function causeOf(event: ThreadEvent): string {
  if (event.type === 'conversation.linked') return event.by ?? 'item';
  if (event.type === 'conversation.unlinked') return 'people-changed';
  if (event.type === 'conversation.replied') return event.by;
  return 'item';
}

type Gone = Pick<ConversationRow, 'tenant' | 'id'>;

/** State of a conversation; with `null` segments it is gone, and its key is removed. */
export function conversationStateRow(conversation: Gone, segments: null): OutboxRow;
export function conversationStateRow(
  conversation: ConversationRow,
  segments: readonly (SegmentRow & { thread: string })[],
  formerIds: readonly string[],
  rulesVersion: number,
): OutboxRow;
export function conversationStateRow(
  conversation: Gone | ConversationRow,
  segments: readonly (SegmentRow & { thread: string })[] | null,
  formerIds: readonly string[] = [],
  rulesVersion = 0,
): OutboxRow {
  const { tenant, id } = conversation;
  if (segments === null || !('clock' in conversation)) {
    return stateRow(tenant, TOPICS.conversationState, id, 'conversation-state', null);
  }
  const { state, personId, channels, ambiguous, clock } = conversation;
  return stateRow(tenant, TOPICS.conversationState, id, 'conversation-state', {
    conversationId: id,
    formerIds: [...formerIds].sort(),
    state,
    personId,
    channels: [...channels],
    ambiguous,
    segments: segments.map((segment) => ({
      id: segment.id,
      channel: segment.channel,
      account: segment.account,
      thread: segment.thread,
      startedAt: iso(segment.startedAt)!,
      resolvedAt: iso(segment.resolvedAt),
      linkedBy: segment.linkedBy,
    })),
    clock: {
      waitingSince: iso(clock.waitingSince),
      // Later stages are told by the clock's own events; a state is as of its writing.
      stage: clockStage(clock, clock.waitingSince ?? 0),
      stoppedBy: clock.stoppedBy,
    },
    rulesVersion,
  });
}
