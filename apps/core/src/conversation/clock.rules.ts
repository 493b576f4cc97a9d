import { HOUR } from './segment.rules.js';
import type { WaitingItem } from './thread-state.js';
import { STAGES, type Clock, type LateStage, type Stage, type TimedItem } from './timed-item.js';

const MINUTE = 60 * 1000;
/** Rule T8: minutes of the tenant's working time, then days of the calendar. */
export const WARNED_AFTER = 30 * MINUTE;
export const BREACHED_AFTER = 60 * MINUTE;
export const DANGER_AFTER = 7 * 24 * HOUR;

/** Working time of a tenant. */
export interface WorkingTime {
  /** Working milliseconds between two times. */
  between(from: number, to: number): number;
  /** When so many working milliseconds have passed since a time; infinite when that will never be. */
  after(from: number, duration: number): number;
}

/** Where a tenant has set no calendar. */
export const AROUND_THE_CLOCK: WorkingTime = {
  between: (from, to) => to - from,
  after: (from, duration) => from + duration,
};

export interface ReachedStage {
  readonly stage: LateStage;
  /** When, milliseconds. */
  readonly at: number;
}

/** When a wait reaches which stage, in the order of the stages: in a long holiday the danger may come before the warning. */
const timesOf = (since: number, calendar: WorkingTime): readonly ReachedStage[] => [
  { stage: 'warned', at: calendar.after(since, WARNED_AFTER) },
  { stage: 'breached', at: calendar.after(since, BREACHED_AFTER) },
  { stage: 'danger', at: since + DANGER_AFTER },
];

/** @param now milliseconds */
export function clockStage(clock: Pick<Clock, 'waitingSince'>, now: number, calendar = AROUND_THE_CLOCK): Stage {
  const since = clock.waitingSince;
  if (since === null) return 'stopped';
  return timesOf(since, calendar).findLast(({ at }) => at <= now)?.stage ?? 'running';
}

/**
 * Stages that a wait has reached and nobody was told of, in the order of time, and when to look again; null: never.
 * @param told the last stage that was told
 */
export function stagesReached(
  since: number,
  told: Stage,
  now: number,
  calendar = AROUND_THE_CLOCK,
): { readonly reached: readonly ReachedStage[]; readonly next: number | null } {
  const reached: ReachedStage[] = [];
  let last = STAGES.indexOf(told);
  const times = [...timesOf(since, calendar)].sort((a, b) => a.at - b.at);
  for (const time of times) {
    const rank = STAGES.indexOf(time.stage);
    if (rank <= last || time.at > now) continue;
    reached.push(time);
    last = rank;
  }
  const next = times.find(({ stage, at }) => STAGES.indexOf(stage) > last && at !== Infinity);
  return { reached, next: next?.at ?? null };
}

export const STOPPED: Clock = {
  waitingSince: null,
  waitingItemId: null,
  stoppedAt: null,
  stoppedBy: null,
  stopCause: null,
  lastWaitFrom: null,
};

export interface Stop {
  readonly at: number;
  readonly by: 'message' | 'call' | 'resolve';
  /** Item id or act id. */
  readonly cause: string;
}

/** The clock once `oldest` is what waits; a wait that is over ended by `stop`. */
export function clockWith(clock: Clock, oldest: WaitingItem | null, stop: Stop | null): Clock {
  if (clock.waitingItemId === (oldest?.itemId ?? null)) return clock;
  const stopped =
    stop !== null && clock.waitingSince !== null
      ? { stoppedAt: stop.at, stoppedBy: stop.by, stopCause: stop.cause, lastWaitFrom: clock.waitingSince }
      : {};
  return { ...clock, ...stopped, waitingSince: oldest?.at ?? null, waitingItemId: oldest?.itemId ?? null };
}

/** More of them than this in one segment, all received later than everything that happened in the meantime, is a backlog being delivered. */
const MOST_WAITING = 32;

/**
 * Adds an unanswered item to those of its segment and keeps what matters: the oldest, which the clock shows, and of the others the oldest that a resolve at any
 * later time would not cover. What was received by `now` any later resolve covers; what was received no later than an older one is never the oldest left.
 * In a backlog the last place goes to the item received last, so that a resolve always knows whether it covers everything.
 */
export function withWaiting(waiting: readonly WaitingItem[], item: TimedItem): WaitingItem[] {
  const kept = waiting.filter(({ receivedAt }, index) => index === 0 || receivedAt > item.at);
  const latest = kept.at(-1);
  if (latest !== undefined && (item.receivedAt <= latest.receivedAt || item.receivedAt <= item.at)) return kept;
  if (kept.length === MOST_WAITING) kept.pop();
  return [...kept, { at: item.at, hash: item.hash, itemId: item.id, receivedAt: item.receivedAt }];
}

/** What a resolve does not cover, because it was received after it (rule T8). */
export function uncovered(waiting: readonly WaitingItem[], resolvedAt: number): WaitingItem[] {
  return waiting.filter(({ receivedAt }) => receivedAt > resolvedAt);
}

/** The older of two. */
export function older(a: WaitingItem | null, b: WaitingItem | null): WaitingItem | null {
  if (a === null || b === null) return a ?? b;
  return a.at < b.at || (a.at === b.at && a.hash <= b.hash) ? a : b;
}

/** Whether a person's word, or a bot's where the tenant lets it, stops the clock at this item; null when nothing does. */
export function stopOf(item: TimedItem, botStopsClock: boolean): Stop | null {
  const at = item.stopsAt ?? (botStopsClock ? (item.botAt ?? null) : null);
  return at === null
    ? null
    : { at: Math.max(at, item.at), by: item.call === null ? 'message' : 'call', cause: item.id };
}
