import { FAMILIES } from '@lienmach/contracts';
import { applyAct } from './act.rules.js';
import { stopOf, type Stop } from './clock.rules.js';
import { isAfter } from './link.rules.js';
import { answerWaiting, placeItem } from './place.rules.js';
import { threadKey } from './segment.rules.js';
import { ThreadDraft } from './thread-draft.js';
import type { Moment, ThreadChanges, ThreadContext, ThreadEntry, ThreadState } from './thread-state.js';
import type { Act, TimedItem } from './timed-item.js';

export function emptyThreads(): ThreadState {
  return { version: 1, upTo: null, pruned: false, segments: [], conversations: [] };
}

/**
 * Whether `advance` may take these entries. Not when one is older than anything folded already (an answered call counts up to its answer), nor when one may mean
 * a segment that was dropped from the state: an act, or a thanks in a thread that the state has nothing of. Then the whole is folded anew.
 */
export function follows(state: ThreadState, entries: readonly ThreadEntry[]): boolean {
  const { upTo } = state;
  if (upTo !== null && entries.some((entry) => !isAfter(momentOf(entry), upTo))) return false;
  if (!state.pruned) return true;
  const known = new Set(state.segments.map(threadKey));
  return entries.every((entry) => 'item' in entry && (!mayThank(entry.item) || known.has(threadKey(entry.item))));
}

/**
 * Takes entries of one person into the state.
 * @param entries in any order among themselves
 * @throws RangeError when they do not follow the state
 */
export function advance(state: ThreadState, entries: readonly ThreadEntry[], context: ThreadContext): ThreadChanges {
  if (!follows(state, entries)) throw new RangeError('entries do not follow the thread state: fold the whole');
  const draft = new ThreadDraft(state, context);
  for (const tick of ticksOf(entries, context)) {
    draft.upTo = { at: tick.at, hash: tick.hash };
    if (tick.kind === 'act') applyAct(draft, tick.act);
    else if (tick.kind === 'item') placeItem(draft, tick.item);
    else answerWaiting(draft, tick.item, tick.stop);
  }
  return draft.changes();
}

/** Everything of one person from the beginning; its state is the one that `advance` goes on from. */
export function foldThreads(items: readonly TimedItem[], acts: readonly Act[], context: ThreadContext): ThreadChanges {
  return advance(emptyThreads(), [...items.map((item) => ({ item })), ...acts.map((act) => ({ act }))], context);
}

type Tick = Moment &
  (
    | { readonly kind: 'item'; readonly item: TimedItem }
    | { readonly kind: 'stop'; readonly item: TimedItem; readonly stop: Stop }
    | { readonly kind: 'act'; readonly act: Act }
  );

/** In order of (time, hash). A call that is answered has two: when it rings and when it is answered, with whatever lies between. */
function ticksOf(entries: readonly ThreadEntry[], context: ThreadContext): Tick[] {
  const ticks = entries.flatMap((entry): Tick[] => {
    const moment = momentOf(entry);
    if ('act' in entry) return [{ ...moment, kind: 'act', act: entry.act }];
    const { item } = entry;
    const stop = stopOf(item, context.rules.botStopsClock);
    const placed: Tick = { ...moment, kind: 'item', item };
    return stop === null ? [placed] : [placed, { at: stop.at, hash: item.hash, kind: 'stop', item, stop }];
  });
  // a stable sort: an item's own stop comes after it
  return ticks.sort((a, b) => (isAfter(a, b) ? 1 : isAfter(b, a) ? -1 : 0));
}

function momentOf(entry: ThreadEntry): Moment {
  return 'act' in entry ? { at: entry.act.at, hash: entry.act.id } : { at: entry.item.at, hash: entry.item.hash };
}

const mayThank = (item: TimedItem): boolean =>
  item.thanks && item.customer && !FAMILIES[item.family].reopensAcrossThreads;
