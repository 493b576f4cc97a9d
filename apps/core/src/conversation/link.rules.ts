import { FAMILIES, joinKey, type FamilyRules } from '@lienmach/contracts';
import { sharesOrder } from './order-code.rules.js';
import { HOUR } from './segment.rules.js';
import type { LiveConversation, Moment } from './thread-state.js';
import type { LinkedBy, ThreadRules, TimedItem } from './timed-item.js';

type Candidate = Pick<
  LiveConversation,
  'id' | 'brand' | 'state' | 'resolvedAt' | 'lastAt' | 'lastCustomer' | 'lastMissed' | 'callers' | 'orderCodes'
>;

export interface Link<C> {
  readonly conversation: C;
  readonly by: LinkedBy;
  /** Conversations that it may be about as well (rule T6), the latest active first; absent where that is clear. */
  readonly others?: readonly C[];
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
  const again = calledAgain(item, sameBrand);
  return again === null ? carriedOver(item, sameBrand, rules) : { conversation: again, by: 'same-person' };
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

/**
 * T5: the open conversation in which the customer was active last; where the item names their order, of those only.
 * T6: nobody knows which is meant when two of them are about different orders.
 */
function carriedOver<C extends Candidate>(
  item: TimedItem,
  conversations: readonly C[],
  rules: ThreadRules,
): Link<C> | null {
  const open = conversations.filter(
    ({ state, lastAt }) => state === 'open' && item.at - lastAt <= rules.carryOverHours * HOUR,
  );
  const named = open.filter(({ orderCodes }) => sharesOrder(orderCodes, item.orderCodes ?? []));
  const candidates = (named.length > 0 ? named : open).sort(byActivity);
  const [conversation, ...others] = candidates;
  if (conversation === undefined) return null;
  return { conversation, by: 'same-person', ...(areOfDifferentOrders(candidates) && { others }) };
}

/** The latest word of a customer first; those without one after all others. */
function byActivity(a: Candidate, b: Candidate): number {
  if ((a.lastCustomer === null) !== (b.lastCustomer === null)) return a.lastCustomer === null ? 1 : -1;
  return isAfter(activityOf(a), activityOf(b)) ? -1 : 1;
}

const activityOf = ({ id, lastAt, lastCustomer }: Candidate): Moment => lastCustomer ?? { at: lastAt, hash: id };

function areOfDifferentOrders(candidates: readonly Candidate[]): boolean {
  const tied = candidates.filter(({ orderCodes = [] }) => orderCodes.length > 0);
  return tied.some((one) => tied.some((other) => !sharesOrder(one.orderCodes, other.orderCodes)));
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
