import { FAMILIES, type FamilyRules } from '@lienmach/contracts';
import type { LiveSegment } from './thread-state.js';
import type { TimedItem } from './timed-item.js';

export const HOUR = 60 * 60 * 1000;

/**
 * Where an item goes in its thread (rules T3, T4).
 * - `append`: the last segment goes on.
 * - `reopen`: the last segment was resolved and goes on.
 * - `attach`: stored with the last segment, which stays as it is: resolved, or silent.
 * - `begin`: a new segment.
 * - `none`: a notice outside of any segment.
 */
export type Place = 'append' | 'reopen' | 'attach' | 'begin' | 'none';

/** @param last latest segment of the item's thread and customer */
export function placeOf(item: TimedItem, last: LiveSegment | null): Place {
  const family: FamilyRules = FAMILIES[item.family];
  if (family.reopensAcrossThreads) return item.counts ? 'begin' : 'none';
  if (last === null) return item.counts ? 'begin' : 'none';
  const goesOn = touchable(last, item.at);
  if (!item.counts) return goesOn ? 'attach' : 'none';

  if (last.resolvedAt !== null) {
    if (isMereThanks(item, last)) return 'attach';
    if (!goesOn) return 'begin';
    // words of the business that follow their own resolve (its echo comes a moment later) open nothing
    return item.customer ? 'reopen' : 'attach';
  }
  if (goesOn) return 'append';
  return isMereThanks(item, last) ? 'attach' : 'begin';
}

/** A thanks that answers the business: neither reopens, nor waits (rule T4). */
export function isMereThanks(item: TimedItem, last: LiveSegment | null): boolean {
  return item.thanks && item.customer && last !== null && last.answered;
}

/** Whether an item at this time can still go on with the segment: within silence while open, within the reopen window when resolved. */
export function touchable(segment: LiveSegment, at: number): boolean {
  const family: FamilyRules = FAMILIES[segment.family];
  if (segment.resolvedAt !== null) return at - segment.resolvedAt <= family.reopenHours * HOUR;
  const silence = segment.lastWord === 'customer' ? family.unansweredSilenceHours : family.silenceHours;
  return silence === null || at - segment.lastAt <= silence * HOUR;
}

/** Thread and customer: what segments are stretches of. Both are ids, so that nothing needs to be escaped. */
export function threadKey(of: { readonly threadId: string; readonly identifierId: string }): string {
  return `${of.threadId}|${of.identifierId}`;
}
