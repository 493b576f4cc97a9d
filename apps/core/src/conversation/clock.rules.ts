import { HOUR } from './segment.rules.js';
import type { WaitingItem } from './thread-state.js';
import type { Clock, TimedItem } from './timed-item.js';

export type Stage = 'stopped' | 'running' | 'warned' | 'breached' | 'danger';

const MINUTE = 60 * 1000;
/** Rule T8: minutes of the tenant's working time, then days of the calendar. */
export const WARNED_AFTER = 30 * MINUTE;
export const BREACHED_AFTER = 60 * MINUTE;
export const DANGER_AFTER = 7 * 24 * HOUR;

/** Working time of a tenant; without one every hour counts. */
export interface WorkingTime {
  /** Working milliseconds between two times. */
  between(from: number, to: number): number;
}

/** @param now milliseconds */
export function clockStage(clock: Pick<Clock, 'waitingSince'>, now: number, calendar?: WorkingTime): Stage {
  const since = clock.waitingSince;
  if (since === null) return 'stopped';
  if (now - since >= DANGER_AFTER) return 'danger';
  const waited = calendar?.between(since, now) ?? now - since;
  if (waited >= BREACHED_AFTER) return 'breached';
  return waited >= WARNED_AFTER ? 'warned' : 'running';
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
