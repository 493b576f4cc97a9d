import { TOPICS, type TargetEventData } from '@lienmach/contracts';
import { historyRow, stateRow } from '../relay/envelope.js';
import type { OutboxRow } from '../relay/outbox.repository.js';
import { AROUND_THE_CLOCK, type WorkingTime } from './clock.rules.js';
import type { ThreadEvent } from './thread-event.js';
import type { SegmentRow, StoredConversation } from './threads.repository.js';

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
  'target.warned': 'T8',
  'target.breached': 'T8',
  'target.endangered': 'T8',
  'target.stopped': 'T8',
};

/**
 * One happening of threads as the contract publishes it.
 * @param actor whose act it follows from; null when a rule decided
 * @param time working time of the tenant
 */
export function threadEventRow(
  tenant: string,
  personId: string | null,
  event: ThreadEvent,
  rulesVersion: number,
  actor: string | null = null,
  time: WorkingTime = AROUND_THE_CLOCK,
): OutboxRow {
  const { conversationId, id, at } = event;
  const base = { tenant, key: conversationId, id, at, subject: conversationId };
  if (isOfTarget(event))
    return historyRow({ ...base, topic: TOPICS.targetEvents, type: event.type, data: targetData(event, time) });
  const change = event.type === 'conversation.channel-switched' ? event.change : null;
  return historyRow({
    ...base,
    topic: TOPICS.conversationEvents,
    type: event.type,
    data: {
      conversationId,
      personId,
      segmentIds: 'segmentId' in event ? [event.segmentId] : [],
      ...('candidates' in event && event.candidates && { candidates: [...event.candidates] }),
      itemId: change?.itemId ?? ('itemId' in event ? event.itemId : null),
      from: change?.from ?? null,
      to: change?.to ?? null,
      cause: actor === null ? causeOf(event) : 'agent',
      rule: ruleOf(event, actor),
      actor,
      rulesVersion,
    },
  });
}

type OfTarget = Extract<ThreadEvent, { type: `target.${string}` }>;
const isOfTarget = (event: ThreadEvent): event is OfTarget => event.type.startsWith('target.');

function targetData(event: OfTarget, time: WorkingTime): TargetEventData {
  const { conversationId, at } = event;
  const startedAt = event.type === 'target.stopped' ? at - event.waitedMs : event.since;
  const run = {
    conversationId,
    clock: `${conversationId}:${startedAt}`,
    startedAt: iso(startedAt)!,
    wallMs: at - startedAt,
  };
  switch (event.type) {
    case 'target.started':
      return { ...run, stoppedAt: null, stage: 'running', workingMs: 0, stoppedBy: null };
    case 'target.stopped':
      return {
        ...run,
        stoppedAt: iso(at),
        stage: 'stopped',
        workingMs: time.between(startedAt, at),
        stoppedBy: event.by,
      };
    default:
      return {
        ...run,
        stoppedAt: null,
        stage: event.stage,
        workingMs: event.workingMs,
        stoppedBy: null,
        ...(event.late ? { late: true } : {}),
      };
  }
}

const LINK_RULES: Readonly<Record<string, string>> = { agent: 'T11', reference: 'T1', 'call-back': 'T2' };

/** What links and cuts because of an act is the act's rule, whichever rule made the link. */
const ARRANGED: ReadonlySet<ThreadEvent['type']> = new Set([
  'conversation.opened',
  'conversation.linked',
  'conversation.unlinked',
]);

function ruleOf(event: ThreadEvent, actor: string | null): string {
  if (actor !== null && ARRANGED.has(event.type)) return 'T11';
  if (event.type !== 'conversation.linked') return RULES[event.type];
  return (event.by && LINK_RULES[event.by]) ?? (event.candidates ? 'T6' : RULES[event.type]);
}

function causeOf(event: ThreadEvent): string {
  if (event.type === 'conversation.linked') return event.by ?? 'item';
  if (event.type === 'conversation.unlinked') return 'people-changed';
  if (event.type === 'conversation.replied') return event.by;
  return 'item';
}

type Gone = Pick<StoredConversation, 'tenant' | 'id'>;

/** State of a conversation; with `null` segments it is gone, and its key is removed. */
export function conversationStateRow(conversation: Gone, segments: null): OutboxRow;
export function conversationStateRow(
  conversation: StoredConversation,
  segments: readonly (SegmentRow & { thread: string })[],
  formerIds: readonly string[],
  rulesVersion: number,
): OutboxRow;
export function conversationStateRow(
  conversation: Gone | StoredConversation,
  segments: readonly (SegmentRow & { thread: string })[] | null,
  formerIds: readonly string[] = [],
  rulesVersion = 0,
): OutboxRow {
  const { tenant, id } = conversation;
  if (segments === null || !('clock' in conversation)) {
    return stateRow(tenant, TOPICS.conversationState, id, 'conversation-state', null);
  }
  const { state, personId, channels, ambiguous, clock, stage } = conversation;
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
      ...(segment.candidates && { candidates: [...segment.candidates] }),
    })),
    clock: {
      waitingSince: iso(clock.waitingSince),
      stage,
      stoppedBy: clock.stoppedBy,
    },
    rulesVersion,
  });
}
