import { FAMILIES } from '@lienmach/contracts';
import { applyAct } from './act.rules.js';
import { arrange, awaited, type Arrangement } from './arrangement.rules.js';
import { stopOf, type Stop } from './clock.rules.js';
import { isAfter } from './link.rules.js';
import { answerWaiting, placeItem } from './place.rules.js';
import { threadKey, touchable } from './segment.rules.js';
import { ThreadDraft } from './thread-draft.js';
import type { LiveSegment, Moment, ThreadChanges, ThreadContext, ThreadEntry, ThreadState } from './thread-state.js';
import { isArranging, type Act, type SettlingAct, type TimedItem } from './timed-item.js';

export function emptyThreads(): ThreadState {
  return { version: 1, upTo: null, pruned: false, segments: [], conversations: [] };
}

/**
 * Whether `advance` may take these entries. Not when one is older than anything folded already (an answered call counts up to its answer), nor when one may mean
 * a segment that was dropped from the state: an act, or a thanks in a thread that the state has nothing of. Nor when agents arrange segments by their items, or
 * a new segment may be linked by the item that it names: of items the state knows nothing. Then the whole is folded anew.
 */
export function follows(state: ThreadState, entries: readonly ThreadEntry[]): boolean {
  const { upTo, arranged } = state;
  if (upTo !== null && entries.some((entry) => !isAfter(momentOf(entry), upTo))) return false;
  if (entries.some((entry) => 'act' in entry && isArranging(entry.act))) return false;
  if (arranged !== undefined && entries.some((entry) => 'act' in entry || arranged.includes(entry.item.id)))
    return false;
  const acts = entries.some((entry) => 'act' in entry);
  if (entries.some((entry) => 'item' in entry && isNaming(entry.item) && (acts || !surelyGoesOn(state, entry.item))))
    return false;
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
  run(draft, ticksOf(entries, context));
  return draft.changes();
}

/** Everything of one person from the beginning; its state is the one that `advance` goes on from. */
export function foldThreads(items: readonly TimedItem[], acts: readonly Act[], context: ThreadContext): ThreadChanges {
  const settling = acts.filter((act): act is SettlingAct => !isArranging(act));
  const ticks = ticksOf([...items.map((item) => ({ item })), ...settling.map((act) => ({ act }))], context);
  const arranging = acts.filter(isArranging);
  const changes = arranged(ticks, context, (inOne) => arrange(arranging, items, inOne)).changes();
  if (arranging.length === 0) return changes;
  return { ...changes, state: { ...changes.state, arranged: awaited(arranging, items) } };
}

/**
 * An agent named a segment by the item that it began with; a late item may have come before that one since. Then the word is about the item that the segment
 * begins with now, and everything is folded again with this in mind. It ends: each time fewer items are left that are not known to share a segment.
 */
function arranged(
  ticks: readonly Tick[],
  context: ThreadContext,
  arrangementOf: (inOne: readonly [string, string][]) => Arrangement,
): ThreadDraft {
  const inOne: [string, string][] = [];
  for (;;) {
    const arrangement = arrangementOf(inOne);
    const draft = new ThreadDraft(emptyThreads(), context, arrangement);
    run(draft, ticks);
    const learnt = draft
      .strays()
      .filter(([starter, named]) => arrangement.groupOf(starter) !== arrangement.groupOf(named));
    if (learnt.length === 0) return draft;
    inOne.push(...learnt);
  }
}

function run(draft: ThreadDraft, ticks: readonly Tick[]): void {
  for (const tick of ticks) {
    draft.upTo = { at: tick.at, hash: tick.hash };
    if (tick.kind === 'act') applyAct(draft, tick.act);
    else if (tick.kind === 'item') placeItem(draft, tick.item);
    else answerWaiting(draft, tick.item, tick.stop);
  }
}

type Tick = Moment &
  (
    | { readonly kind: 'item'; readonly item: TimedItem }
    | { readonly kind: 'stop'; readonly item: TimedItem; readonly stop: Stop }
    | { readonly kind: 'act'; readonly act: SettlingAct }
  );

/** In order of (time, hash). A call that is answered has two: when it rings and when it is answered, with whatever lies between. */
function ticksOf(entries: readonly ThreadEntry[], context: ThreadContext): Tick[] {
  const ticks = entries.flatMap((entry): Tick[] => {
    const moment = momentOf(entry);
    if ('act' in entry) return isArranging(entry.act) ? [] : [{ ...moment, kind: 'act', act: entry.act }];
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

const isNaming = (item: TimedItem): boolean => (item.refers?.length ?? 0) > 0;

/** Whether the item begins no segment, whatever else comes before it: then what it names does not matter. */
function surelyGoesOn(state: ThreadState, item: TimedItem): boolean {
  const last = state.segments
    .filter((segment) => threadKey(segment) === threadKey(item))
    .sort(isLater)
    .at(-1);
  if (last === undefined) return false;
  // whoever spoke last by then
  return touchable({ ...last, lastWord: 'customer' }, item.at) && touchable({ ...last, lastWord: 'business' }, item.at);
}

const isLater = (a: LiveSegment, b: LiveSegment): number =>
  isAfter({ at: a.startedAt, hash: a.startedBy }, { at: b.startedAt, hash: b.startedBy }) ? 1 : -1;

const mayThank = (item: TimedItem): boolean =>
  item.thanks && item.customer && !FAMILIES[item.family].reopensAcrossThreads;
