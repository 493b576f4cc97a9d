import type { Family } from '@lienmach/contracts';

/** What threads and clocks need to know of an item: nothing of its content, nothing of a person. Times in milliseconds, event time. */
export interface TimedItem {
  readonly id: string;
  /** Id of its earliest event: breaks ties of time, and names the segment that it begins. */
  readonly hash: string;
  readonly at: number;
  /** When we took it in; only a resolve looks at it (rule T8: it covers what had been received before it). */
  readonly receivedAt: number;
  readonly threadId: string;
  readonly channel: string;
  readonly account: string;
  readonly brand: string;
  readonly family: Family;
  /** Identifier that it hangs on. */
  readonly identifierId: string;
  /** The customer wrote or called. */
  readonly customer: boolean;
  /** Counts for silence: between customer, agent and bot; receipts and notices do not. */
  readonly counts: boolean;
  /** A message, comment, form, missed call or voicemail of the customer: wants an answer. */
  readonly waits: boolean;
  /** A person of the business spoke at this time (message sent, call answered); null when not. */
  readonly stopsAt: number | null;
  /** A bot spoke at this time: stops the clock only where the tenant says so (rule T8). */
  readonly botAt?: number | null;
  /** A pure thanks, "ok" or sticker (rule T4). */
  readonly thanks: boolean;
  /** Ids of items that it names, what proves most first (rule T1); absent where it names none. */
  readonly refers?: readonly string[] | null;
  /** Order codes that it names (rule T6), see `orderCodeKey`; absent where it names none. */
  readonly orderCodes?: readonly string[] | null;
  readonly call: { readonly missed: boolean; readonly answered: boolean; readonly inbound: boolean } | null;
}

/** A segment as an agent saw it, by what can't change: the last one of its thread and customer that had begun by then. */
export interface Stretch {
  readonly threadId: string;
  readonly identifierId: string;
  /** Event time of its newest item: the same thread may have gone on in another conversation since. */
  readonly seenAt: number;
}

interface ActRecord {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly reason: string | null;
}

/** An agent's resolve or reopen; names stretches of threads, so that it survives every join and split. */
export interface SettlingAct extends ActRecord {
  readonly kind: 'resolve' | 'reopen';
  readonly stretches: readonly Stretch[];
}

/**
 * An agent's join, split or move (rule T11): pairs of items, each the first of its segment as it was seen. It holds from the beginning, whenever it was said:
 * like people who are joined later (rule T9).
 */
export interface ArrangingAct extends ActRecord {
  readonly kind: 'join' | 'split' | 'move';
  /** What is joined, split off or moved. */
  readonly itemIds: readonly string[];
  /** Belong into one conversation with it. */
  readonly withIds: readonly string[];
  /** Belong into another one. */
  readonly apartIds: readonly string[];
}

export type Act = SettlingAct | ArrangingAct;

export function isArranging(act: Act): act is ArrangingAct {
  return act.kind === 'join' || act.kind === 'split' || act.kind === 'move';
}

export type LinkedBy = 'same-person' | 'reference' | 'call-back' | 'agent' | null;

/** One customer's stretch of a thread. */
export interface Segment {
  readonly id: string;
  readonly threadId: string;
  readonly identifierId: string;
  readonly channel: string;
  readonly account: string;
  readonly conversationId: string;
  /** How it came into the conversation; null when it began it. */
  readonly linkedBy: LinkedBy;
  /** Its earliest item: time and hash. */
  readonly startedAt: number;
  readonly startedBy: string;
  readonly lastAt: number;
  readonly resolvedAt: number | null;
  /** Conversations that it may belong to as well (rule T6), the latest active first; absent where that is clear. */
  readonly candidates?: readonly string[] | null;
}

/** Of a wait, in their order: it never goes back to an earlier one. */
export const STAGES = ['stopped', 'running', 'warned', 'breached', 'danger'] as const;
export type Stage = (typeof STAGES)[number];
/** A stage that is reached by waiting. */
export type LateStage = Exclude<Stage, 'stopped' | 'running'>;

export interface Clock {
  /** Oldest unanswered customer item; null when nothing waits. */
  readonly waitingSince: number | null;
  readonly waitingItemId: string | null;
  /** Last stop: when, and by what. */
  readonly stoppedAt: number | null;
  readonly stoppedBy: 'message' | 'call' | 'resolve' | null;
  /** Item id or act id of the last stop. */
  readonly stopCause?: string | null;
  /** Start of the wait that was stopped last. */
  readonly lastWaitFrom: number | null;
}

export interface Conversation {
  readonly id: string;
  readonly brand: string;
  readonly state: 'open' | 'resolved';
  readonly startedAt: number;
  readonly lastAt: number;
  readonly lastCustomerAt: number | null;
  readonly resolvedAt: number | null;
  /** In order of first appearance. */
  readonly channels: readonly string[];
  readonly segmentIds: readonly string[];
  /** One of its segments may belong to another conversation as well (rule T6). */
  readonly ambiguous: boolean;
  /** Item hash or act id that brought the present state: its opening, last reopening or resolve. */
  readonly stateCause?: string;
  readonly clock: Clock;
}

/** The customer's activity moved to another channel within a conversation (rule T7). */
export interface ChannelSwitch {
  readonly id: string;
  readonly conversationId: string;
  readonly at: number;
  /** The item on the new channel. */
  readonly itemId: string;
  readonly identifierId: string;
  readonly from: string;
  readonly to: string;
}

export interface ThreadRules {
  readonly version: number;
  /** T5: carry-over window in hours. */
  readonly carryOverHours: number;
  /** T8: bot replies stop the clock too. */
  readonly botStopsClock: boolean;
}

export const DEFAULT_THREAD_RULES: ThreadRules = { version: 1, carryOverHours: 72, botStopsClock: false };
