import type { Family } from '@lienmach/contracts';
import type { Act, ChannelSwitch, Conversation, Segment, ThreadRules, TimedItem } from './timed-item.js';
import type { ThreadEvent } from './thread-event.js';

export interface ThreadContext {
  readonly tenant: string;
  readonly rules: ThreadRules;
}

/** An item or an act of one person, as threads see it. */
export type ThreadEntry = { readonly item: TimedItem } | { readonly act: Act };

/** A place in the order of entries: (time, item hash or act id). */
export interface Moment {
  readonly at: number;
  readonly hash: string;
}

export interface WaitingItem extends Moment {
  readonly itemId: string;
  readonly receivedAt: number;
}

/** A segment that a later entry may touch. */
export interface LiveSegment extends Segment {
  readonly family: Family;
  /** Who spoke last in it, thanks left out. */
  readonly lastWord: 'customer' | 'business';
  /** A business message or a resolve came after the customer's last item, thanks left out. */
  readonly answered: boolean;
  /** Unanswered items: the oldest, and those that a resolve might not cover because they were received after it. */
  readonly waiting: readonly WaitingItem[];
}

/** Its segments are those that name it. */
export type ThreadedConversation = Omit<Conversation, 'segmentIds'>;

/** A conversation that a later entry may touch. */
export interface LiveConversation extends ThreadedConversation {
  readonly openSegments: number;
  readonly lastCustomer: (Moment & { readonly channel: string }) | null;
  readonly lastMissed: Moment | null;
  /** Latest item of each (channel, account, identifier) of a family that reopens across threads. */
  readonly callers: readonly (Moment & { readonly key: string })[];
  readonly waitingSegmentIds: readonly string[];
  /** Order codes that its items name, the latest named last; absent where they name none. */
  readonly orderCodes?: readonly string[];
}

/** Plain JSON, to be stored as it is. Its size depends on what is going on, not on how many items there were. */
export interface ThreadState {
  readonly version: 1;
  readonly upTo: Moment | null;
  /** Something was dropped that an act, or a thanks in an old thread, might mean: these need the whole fold then. */
  readonly pruned: boolean;
  /** There where agents arranged segments: items that they named and that have not come yet. Further acts, and these items, need the whole fold. */
  readonly arranged?: readonly string[];
  /** Sorted by id. */
  readonly segments: readonly LiveSegment[];
  /** Sorted by id. */
  readonly conversations: readonly LiveConversation[];
}

export interface ThreadChanges {
  readonly state: ThreadState;
  /** Created or changed. */
  readonly segments: readonly Segment[];
  /** Created or changed. */
  readonly conversations: readonly ThreadedConversation[];
  readonly switches: readonly ChannelSwitch[];
  /** [item id, segment id]; a notice outside of any segment has none. */
  readonly assignments: readonly (readonly [string, string])[];
  readonly events: readonly ThreadEvent[];
}
