import { Arrangement, type Group } from './arrangement.rules.js';
import { STOPPED, clockWith, older, type Stop } from './clock.rules.js';
import { linkable, pruned } from './prune.rules.js';
import { threadKey } from './segment.rules.js';
import { threadEvent, type ThreadEvent, type ThreadHappening } from './thread-event.js';
import type {
  LiveConversation,
  LiveSegment,
  Moment,
  ThreadChanges,
  ThreadContext,
  ThreadState,
  ThreadedConversation,
  WaitingItem,
} from './thread-state.js';
import type { ChannelSwitch, Segment, TimedItem } from './timed-item.js';

/** The working copy of a state while entries go through it in order. */
export class ThreadDraft {
  upTo: Moment | null;
  readonly switches: ChannelSwitch[] = [];
  readonly segmentOfItem = new Map<string, string>();
  private readonly segments = new Map<string, LiveSegment>();
  private readonly conversations = new Map<string, LiveConversation>();
  private readonly lastOfKey = new Map<string, string>();
  private readonly ofThread = new Map<string, string[]>();
  /** Conversations that a new segment may join: left out once too old, back when touched. */
  private readonly recent = new Set<string>();
  private readonly changedSegments = new Set<string>();
  private readonly changedConversations = new Set<string>();
  private readonly events: ThreadEvent[] = [];
  /** By segment the item that it began with, as far as it began in this draft. */
  private readonly starters = new Map<string, string>();
  /** Of segments that would have gone on from the one before: the act that cut them off. */
  private readonly cuts = new Map<string, Moment>();
  private readonly conversationOfGroup = new Map<Group, string>();

  constructor(
    private readonly from: ThreadState,
    readonly context: ThreadContext,
    readonly arrangement = new Arrangement(),
  ) {
    this.upTo = from.upTo;
    const byStart = [...from.segments].sort(
      (a, b) => a.startedAt - b.startedAt || (a.startedBy < b.startedBy ? -1 : 1),
    );
    for (const segment of byStart) this.keep(segment);
    for (const conversation of from.conversations) {
      this.conversations.set(conversation.id, conversation);
      this.recent.add(conversation.id);
    }
  }

  segment(id: string): LiveSegment {
    return found(this.segments.get(id), id);
  }

  conversation(id: string): LiveConversation {
    return found(this.conversations.get(id), id);
  }

  /** Latest segment of the item's thread and customer. */
  lastSegment(item: TimedItem): LiveSegment | null {
    return this.segments.get(this.lastOfKey.get(threadKey(item)) ?? '') ?? null;
  }

  /** In order of their beginning. */
  segmentsOfThread(threadId: string): LiveSegment[] {
    return (this.ofThread.get(threadId) ?? []).map((id) => this.segment(id));
  }

  /** Conversations that a segment beginning at this time may join. */
  candidates(at: number): LiveConversation[] {
    const candidates: LiveConversation[] = [];
    for (const id of this.recent) {
      const conversation = this.conversation(id);
      if (linkable(conversation, at, this.context.rules)) candidates.push(conversation);
      else this.recent.delete(id);
    }
    return candidates;
  }

  addSegment(segment: LiveSegment, item: TimedItem): void {
    this.keep(segment);
    this.changedSegments.add(segment.id);
    this.starters.set(segment.id, item.id);
    const group = this.arrangement.groupOf(item.id);
    if (group !== null) this.conversationOfGroup.set(group, segment.conversationId);
  }

  noteCut(segmentId: string, act: Moment): void {
    this.cuts.set(segmentId, act);
  }

  /** The act without which the segment would be one with that before it in its thread. */
  cutOf(segmentId: string): Moment | null {
    return this.cuts.get(segmentId) ?? null;
  }

  /** The conversation that holds what agents want in one with this. */
  conversationWith(group: Group): LiveConversation | null {
    const id = this.conversationOfGroup.get(group);
    return id === undefined ? null : this.conversation(id);
  }

  /** Whether a conversation holds what agents want apart from this. */
  isApart(conversationId: string, group: Group): boolean {
    return [...group.apart].some((other) => this.conversationOfGroup.get(other) === conversationId);
  }

  /** Segments that agents' words are about, by way of an item in their midst: [item that it begins with, item named]. */
  strays(): [string, string][] {
    return [...this.segmentOfItem].flatMap(([itemId, segmentId]): [string, string][] => {
      const starter = this.starters.get(segmentId);
      return starter === undefined || starter === itemId || this.arrangement.groupOf(itemId) === null
        ? []
        : [[starter, itemId]];
    });
  }

  changeSegment(id: string, change: Partial<LiveSegment>): void {
    this.segments.set(id, { ...this.segment(id), ...change });
    this.changedSegments.add(id);
  }

  addConversation(item: TimedItem, id: string): LiveConversation {
    const conversation: LiveConversation = {
      id,
      brand: item.brand,
      state: 'open',
      startedAt: item.at,
      lastAt: item.at,
      lastCustomerAt: null,
      resolvedAt: null,
      channels: [],
      ambiguous: false,
      stateCause: item.hash,
      clock: STOPPED,
      openSegments: 0,
      lastCustomer: null,
      lastMissed: null,
      callers: [],
      waitingSegmentIds: [],
    };
    this.conversations.set(id, conversation);
    this.changeConversation(id, {});
    return conversation;
  }

  changeConversation(id: string, change: Partial<LiveConversation>): void {
    this.conversations.set(id, { ...this.conversation(id), ...change });
    this.changedConversations.add(id);
    this.recent.add(id);
  }

  /** The oldest unanswered item over all segments of a conversation; only where none was dropped. */
  oldestWaiting(id: string): WaitingItem | null {
    const { waitingSegmentIds } = this.conversation(id);
    return waitingSegmentIds.map((segmentId) => this.segment(segmentId).waiting[0] ?? null).reduce(older, null);
  }

  /** Sets a conversation's clock to what waits now, and tells what became of the wait before. */
  setClock(id: string, oldest: WaitingItem | null, stop: Stop | null): void {
    const before = this.conversation(id).clock;
    const after = clockWith(before, oldest, stop);
    if (after === before) return;
    this.changeConversation(id, { clock: after });
    if (before.waitingSince !== null && stop !== null) {
      const waitedMs = stop.at - before.waitingSince;
      if (stop.by !== 'resolve')
        this.tell(id, stop.at, stop.cause, { type: 'conversation.replied', waitedMs, by: stop.by });
      this.tell(id, stop.at, stop.cause, { type: 'target.stopped', waitedMs, by: stop.by });
    }
    if (oldest === null) return;
    const { at: since, itemId } = oldest;
    this.tell(id, since, itemId, { type: 'conversation.waiting', since, itemId });
    this.tell(id, since, itemId, { type: 'target.started', since, itemId });
  }

  tell(conversationId: string, at: number, cause: string, happening: ThreadHappening): void {
    this.events.push(threadEvent(conversationId, at, cause, happening));
  }

  changes(): ThreadChanges {
    const known = { segments: this.segments.values(), conversations: this.conversations.values() };
    const { arranged, pruned: before } = this.from;
    return {
      state: { ...pruned(this.upTo, known, this.context.rules, before), ...(arranged !== undefined && { arranged }) },
      segments: [...this.changedSegments].map((id) => shownSegment(this.segment(id))),
      conversations: [...this.changedConversations].map((id) => shownConversation(this.conversation(id))),
      switches: this.switches,
      assignments: [...this.segmentOfItem],
      events: this.events,
    };
  }

  private keep(segment: LiveSegment): void {
    this.segments.set(segment.id, segment);
    this.lastOfKey.set(threadKey(segment), segment.id);
    const others = this.ofThread.get(segment.threadId);
    if (others === undefined) this.ofThread.set(segment.threadId, [segment.id]);
    else others.push(segment.id);
  }
}

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new RangeError(`the thread state does not hold ${id}`);
  return value;
}

function shownSegment(segment: LiveSegment): Segment {
  const { id, threadId, identifierId, channel, account, conversationId, linkedBy } = segment;
  const { startedAt, startedBy, lastAt, resolvedAt, candidates } = segment;
  return {
    id,
    threadId,
    identifierId,
    channel,
    account,
    conversationId,
    linkedBy,
    startedAt,
    startedBy,
    lastAt,
    resolvedAt,
    ...(candidates && { candidates }),
  };
}

function shownConversation(conversation: LiveConversation): ThreadedConversation {
  const { id, brand, state, startedAt, lastAt, lastCustomerAt, resolvedAt } = conversation;
  const { channels, ambiguous, stateCause, clock } = conversation;
  return {
    id,
    brand,
    state,
    startedAt,
    lastAt,
    lastCustomerAt,
    resolvedAt,
    channels,
    ambiguous,
    stateCause,
    clock,
  };
}
