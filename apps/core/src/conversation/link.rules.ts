import { FAMILIES, joinKey, type FamilyRules } from '@lienmach/contracts';
import { HOUR } from './segment.rules.js';
import type { LiveConversation, Moment } from './thread-state.js';
import type { LinkedBy, ThreadRules, TimedItem } from './timed-item.js';

type Candidate = Pick<
  LiveConversation,
  'id' | 'brand' | 'state' | 'resolvedAt' | 'lastAt' | 'lastCustomer' | 'lastMissed' | 'callers'
>;

export interface Link<C> {
  readonly conversation: C;
  readonly by: LinkedBy;
}

/**
 * The conversation that a new segment joins, or null when it begins one.
 * @param item that begins the segment
 * @param conversations of the same person, whatever their state
 */
export function linkOf<C extends Candidate>(
  item: TimedItem,
  conversations: Iterable<C>,
  rules: ThreadRules,
): Link<C> | null {
  const sameBrand = [...conversations].filter(({ brand }) => brand === item.brand);
  const called = calledBack(item, sameBrand);
  if (called !== null) return { conversation: called, by: 'call-back' };
  const conversation = calledAgain(item, sameBrand) ?? carriedOver(item, sameBrand, rules);
  return conversation === null ? null : { conversation, by: 'same-person' };
}

/** T2: a call after a missed one, in either direction. */
function calledBack<C extends Candidate>(item: TimedItem, conversations: readonly C[]): C | null {
  const hours = familyOf(item).callBackHours;
  if (item.call === null || hours === null) return null;
  return latestBy(conversations, ({ lastMissed }) => within(lastMissed, item.at, hours));
}

/** T4: a call of the same number soon after the resolve goes where its earlier call is. */
function calledAgain<C extends Candidate>(item: TimedItem, conversations: readonly C[]): C | null {
  const { reopensAcrossThreads, reopenHours } = familyOf(item);
  if (!reopensAcrossThreads) return null;
  const key = callerKey(item);
  const holder = latestBy(conversations, ({ callers }) => callers.find((caller) => caller.key === key) ?? null);
  if (holder === null || holder.state !== 'resolved' || holder.resolvedAt === null) return null;
  return item.at - holder.resolvedAt <= reopenHours * HOUR ? holder : null;
}

/** T5: the open conversation in which the customer was active last. */
function carriedOver<C extends Candidate>(item: TimedItem, conversations: readonly C[], rules: ThreadRules): C | null {
  const open = conversations.filter(
    ({ state, lastAt }) => state === 'open' && item.at - lastAt <= rules.carryOverHours * HOUR,
  );
  return (
    latestBy(open, ({ lastCustomer }) => lastCustomer) ?? latestBy(open, ({ id, lastAt }) => ({ at: lastAt, hash: id }))
  );
}

/** Channel, account and customer of a call: its threads have nothing else in common. */
export function callerKey(item: TimedItem): string {
  return joinKey(item.channel, item.account, item.identifierId);
}

const FAMILY_LINKS = Object.values(FAMILIES).flatMap(
  ({ callBackHours, reopensAcrossThreads, reopenHours }: FamilyRules) => [
    callBackHours ?? 0,
    reopensAcrossThreads ? reopenHours : 0,
  ],
);

/** Hours after which no conversation takes in a new segment of its own accord. */
export function longestLink({ carryOverHours }: ThreadRules): number {
  return Math.max(carryOverHours, ...FAMILY_LINKS);
}

const familyOf = (item: TimedItem): FamilyRules => FAMILIES[item.family];

const within = (moment: Moment | null, at: number, hours: number): Moment | null =>
  moment !== null && at - moment.at <= hours * HOUR ? moment : null;

/** The one whose moment is the latest by (time, hash); those without one are left out. */
function latestBy<C>(from: readonly C[], momentOf: (of: C) => Moment | null): C | null {
  let best: { of: C; moment: Moment } | null = null;
  for (const of of from) {
    const moment = momentOf(of);
    if (moment !== null && (best === null || isAfter(moment, best.moment))) best = { of, moment };
  }
  return best?.of ?? null;
}

/** Order of entries: time, then hash. */
export function isAfter(a: Moment, b: Moment): boolean {
  return a.at !== b.at ? a.at > b.at : a.hash > b.hash;
}
