import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffThreads } from './diff.rules.js';
import { DAY, HOUR, MINUTE, NINE } from './fixtures/events.js';
import {
  CONTEXT,
  MAIL,
  ZALO,
  answeredCall,
  botReplies,
  callsOut,
  callsOutInVain,
  failsToReply,
  foldStory,
  joins,
  missedCall,
  moves,
  notice,
  replies,
  reopens,
  resolves,
  splits,
  taps,
  thanks,
  writes,
  type Told,
} from './fixtures/story.js';
import { isAfter } from './link.rules.js';
import { advance, follows } from './thread.rules.js';
import type { ThreadChanges, ThreadEntry, ThreadState } from './thread-state.js';
import { isArranging, type TimedItem } from './timed-item.js';

const POST = { thread: 'post', identifier: 'psid', channel: 'facebook', family: 'comment', account: 'page' } as const;
const PLACES = [{}, { identifier: 'second' }, ZALO, MAIL, POST, { ...ZALO, thread: 'zalo2', brand: 'other' }];
const NUMBERS = [{}, { identifier: '+84911' }, { account: 'pbx2' }];
const DELAYS = [0, 300, 10 * MINUTE, 6 * HOUR, 3 * DAY];

/** Gaps near the windows' edges come often, and so do things of one moment. */
const gap = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 90 }).map((minutes) => minutes * MINUTE) },
  { weight: 6, arbitrary: fc.constantFrom(0, HOUR, DAY, 3 * DAY) },
  { weight: 1, arbitrary: fc.constantFrom(7 * DAY, 7 * DAY + 1, 31 * DAY, 100 * DAY) },
);
const ORDINARY = [
  ...(['writes', 'writes', 'writes', 'thanks', 'taps', 'replies', 'replies', 'bot', 'fails', 'notice'] as const),
  ...(['missed', 'answered', 'out', 'vain', 'resolve', 'resolve', 'reopen'] as const),
];
const ARRANGED = [...ORDINARY, ...(['join', 'split', 'move'] as const)];
/** Two orders, so that conversations are often of one or of different ones. */
const orders = fc.constantFrom<string[] | undefined>(
  ...[undefined, undefined, undefined],
  ['DH11'],
  ['DH12'],
  ['DH11', 'DH12'],
);
const details = {
  gap,
  place: fc.constantFrom(...PLACES),
  number: fc.constantFrom(...NUMBERS),
  delay: fc.constantFrom(...DELAYS),
  ring: fc.constantFrom(0, MINUTE, 30 * MINUTE),
  orders,
  threads: fc.subarray(['fb', 'zalo', 'zalo2', 'mail', 'post'], { minLength: 1 }),
  calls: fc.boolean(),
  /** How far back what an agent arranges was told; what is not there is awaited. */
  back: fc.uniqueArray(fc.integer({ min: -2, max: 12 }), { minLength: 3, maxLength: 5 }),
};
/** How far back what a message names was told; what comes later is named too. */
const named = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.integer({ min: -2, max: 12 }) },
);
const kind = fc.constantFrom(...ORDINARY);
const ordinary = fc.record({ kind, named: fc.constant(undefined), ...details });
const naming = fc.record({ kind, named, ...details });
const withActs = fc.record({ kind: fc.constantFrom(...ARRANGED), named, ...details });
/** A customer with several open conversations of one brand and often of different orders. */
const ofOrders = fc.record({
  ...details,
  kind: fc.constantFrom('writes', 'writes', 'writes', 'replies', 'resolve', 'move'),
  named: fc.constant(undefined),
  gap: fc.constantFrom(HOUR, HOUR, 3 * DAY + 1),
  orders: fc.oneof(
    fc.constant(undefined),
    fc.integer({ min: 1, max: 9 }).map((order) => [`DH${order}`]),
  ),
  place: fc.constantFrom(...Array.from({ length: 6 }, (_, index) => ({ thread: `fb${index}` }))),
});
type Step = typeof withActs | typeof ofOrders extends fc.Arbitrary<infer T> ? T : never;

function tell(steps: readonly Step[]): Told[] {
  let time = NINE;
  const calls: string[] = [];
  return steps.map(
    ({ gap: passed, number, delay, ring, threads, calls: withCalls, back, named, orders, ...step }, index) => {
      time += passed;
      const name = String(index);
      const { kind } = step;
      const place = {
        ...step.place,
        ...(named !== undefined && { refers: [String(index - 1 - named)] }),
        ...(orders !== undefined && { orders }),
      };
      if (['missed', 'answered', 'out', 'vain'].includes(kind)) calls.push(`call-${name}`);
      const [one, other, ...rest] = back.map((steps) => String(index - 1 - steps)) as [string, string, ...string[]];
      const meant = withCalls ? [...threads, ...calls] : threads;
      switch (kind) {
        case 'writes':
          return writes(name, time, { ...place, delay });
        case 'thanks':
          return thanks(name, time, { ...place, delay });
        case 'taps':
          return taps(name, time, place);
        case 'replies':
          return replies(name, time, place);
        case 'bot':
          return botReplies(name, time, place);
        case 'fails':
          return failsToReply(name, time, place);
        case 'notice':
          return notice(name, time, place);
        case 'missed':
          return missedCall(name, time, { ...number, delay });
        case 'answered':
          return answeredCall(name, time, ring, number);
        case 'out':
          return callsOut(name, time, number);
        case 'vain':
          return callsOutInVain(name, time, number);
        case 'resolve':
          return resolves(name, time, meant);
        case 'reopen':
          return reopens(name, time, meant);
        case 'join':
          return joins(name, time, [one], [other, ...rest]);
        case 'split':
          return splits(name, time, one, [other, ...rest]);
        case 'move':
          return moves(name, time, one, [other], rest);
      }
    },
  );
}

const LENGTH = { minLength: 1, maxLength: 30, size: 'max' } as const;
const arranged = fc.array(withActs, LENGTH).map(tell);
const several = fc.array(ofOrders, LENGTH).map(tell);
const story = fc.oneof(
  // whoever names something, or is arranged, is mostly folded anew: others show that going on comes to the same
  { weight: 2, arbitrary: fc.array(ordinary, LENGTH).map(tell) },
  { weight: 1, arbitrary: fc.array(naming, LENGTH).map(tell) },
  { weight: 1, arbitrary: arranged },
  { weight: 1, arbitrary: several },
);
/** Cut points of the story, between any of its entries. */
const cuts = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12, size: 'max' });
const RUNS = { numRuns: 150 };

const entriesOf = (told: readonly Told[]): ThreadEntry[] => [
  ...told.flatMap(({ items }) => items.map((item) => ({ item }))),
  ...told.flatMap(({ acts }) => acts.map((act) => ({ act }))),
];
const itemsOf = (told: readonly Told[]): TimedItem[] => told.flatMap(({ items }) => items);
const byId = <T extends { id: string }>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((row) => [row.id, row]));

/** What the database would hold after folding part by part: each advance from the stored JSON, or the whole anew where the entries do not follow. */
function inParts(parts: readonly (readonly Told[])[]): { whole: ThreadChanges; advanced: number } {
  let whole = foldStory([]);
  let advanced = 0;
  const seen: Told[] = [];
  for (const part of parts) {
    seen.push(...part);
    const state = JSON.parse(JSON.stringify(whole.state)) as ThreadState;
    if (follows(state, entriesOf(part))) {
      advanced += 1;
      whole = upsert(whole, advance(state, entriesOf(part), CONTEXT));
    } else {
      whole = foldStory(seen);
    }
  }
  return { whole, advanced };
}

function upsert(stored: ThreadChanges, changes: ThreadChanges): ThreadChanges {
  const merged = <T extends { id: string }>(a: readonly T[], b: readonly T[]): T[] => [...byId([...a, ...b]).values()];
  return {
    state: changes.state,
    segments: merged(stored.segments, changes.segments),
    conversations: merged(stored.conversations, changes.conversations),
    switches: merged(stored.switches, changes.switches),
    assignments: [...stored.assignments, ...changes.assignments],
    events: [...stored.events, ...changes.events],
  };
}

/** The same without the order in which changes were listed. */
const comparable = ({ state, segments, conversations, switches, assignments, events }: ThreadChanges) => ({
  state,
  segments: byId(segments),
  conversations: byId(conversations),
  switches: byId(switches),
  assignments: new Map(assignments),
  events,
});

describe('whatever happens', () => {
  it('going on from a stored state gives what folding the whole gives', () => {
    let steps = 0;
    fc.assert(
      fc.property(story, cuts, (told, at) => {
        const points = [...new Set([0, ...at.filter((cut) => cut < told.length), told.length])].sort((a, b) => a - b);
        const parts = points.slice(1).map((end, index) => told.slice(points[index], end));
        const { whole, advanced } = inParts(parts);
        steps += advanced - 1;
        expect(comparable(whole)).toEqual(comparable(foldStory(told)));
      }),
      RUNS,
    );
    expect(steps).toBeGreaterThan(RUNS.numRuns / 2);
  });

  it('the order in which it is told changes nothing', () => {
    fc.assert(
      fc.property(
        story.chain((told) => fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length }))),
        ([told, shuffled]) => {
          expect(foldStory(shuffled)).toEqual(foldStory(told));
        },
      ),
      RUNS,
    );
  });

  it('each item that counts is in one segment, of its own thread and customer', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { assignments, segments } = foldStory(told);
        const found = byId(segments);
        const places = new Map(assignments);
        expect(places.size).toBe(assignments.length);
        for (const item of itemsOf(told)) {
          const segment = found.get(places.get(item.id) ?? '');
          if (segment === undefined) expect(item.counts).toBe(false);
          else expect([segment.threadId, segment.identifierId]).toEqual([item.threadId, item.identifierId]);
        }
      }),
      RUNS,
    );
  });

  it('a segment begins with its earliest item, a conversation with its earliest segment, and holds one brand', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { assignments, segments, conversations } = foldStory(told);
        const items = byId(itemsOf(told));
        for (const segment of segments) {
          const own = assignments.filter(([, id]) => id === segment.id).map(([id]) => items.get(id)!);
          const first = own.reduce((a, b) => (b.at < a.at || (b.at === a.at && b.hash < a.hash) ? b : a));
          expect([segment.startedAt, segment.startedBy]).toEqual([first.at, first.hash]);
        }
        for (const conversation of conversations) {
          const own = segments.filter(({ conversationId }) => conversationId === conversation.id);
          expect(Math.min(...own.map(({ startedAt }) => startedAt))).toBe(conversation.startedAt);
          expect(own.filter(({ linkedBy }) => linkedBy === null)).toHaveLength(1);
          expect(conversation.state).toBe(own.every(({ resolvedAt }) => resolvedAt !== null) ? 'resolved' : 'open');
        }
      }),
      RUNS,
    );
  });

  it('what an agent arranged last holds, of what is there and of one brand', () => {
    let held = 0;
    fc.assert(
      fc.property(arranged, (told) => {
        const last = told.flatMap(({ acts }) => acts.filter(isArranging)).at(-1);
        if (last === undefined) return;
        const { assignments, segments } = foldStory(told);
        const places = new Map(assignments);
        const conversations = new Map(segments.map(({ id, conversationId }) => [id, conversationId]));
        const items = byId(itemsOf(told));
        for (const id of last.itemIds) {
          const segment = places.get(id) ?? '';
          const withIts = new Set(last.withIds.map((other) => places.get(other)));
          for (const other of [...last.withIds, ...last.apartIds]) {
            const its = places.get(other) ?? '';
            if (segment === '' || its === '' || segment === its) continue;
            // nobody can be apart from a part of a segment
            if (!last.withIds.includes(other) && withIts.has(its)) continue;
            if (items.get(id)!.brand !== items.get(other)!.brand) continue;
            held += 1;
            const together = conversations.get(segment) === conversations.get(its);
            expect(together).toBe(last.withIds.includes(other));
          }
        }
      }),
      RUNS,
    );
    expect(held).toBeGreaterThan(RUNS.numRuns / 10);
  });

  it('what names an item of another thread is in its conversation, unless an agent has arranged it', () => {
    let linked = 0;
    fc.assert(
      fc.property(fc.array(naming, LENGTH).map(tell), (told) => {
        const { assignments, segments } = foldStory(told);
        const places = new Map(assignments);
        const found = byId(segments);
        for (const item of itemsOf(told)) {
          const segment = found.get(places.get(item.id) ?? '');
          const named = itemsOf(told).find(({ id }) => id === item.refers?.[0]);
          if (named === undefined || segment?.startedBy !== item.hash || !isAfter(item, named)) continue;
          const other = found.get(places.get(named.id) ?? '');
          if (other === undefined || named.brand !== item.brand) continue;
          if (other.threadId === item.threadId && other.identifierId === item.identifierId) continue;
          expect([segment.conversationId, segment.linkedBy]).toEqual([other.conversationId, 'reference']);
          linked += 1;
        }
      }),
      RUNS,
    );
    expect(linked).toBeGreaterThan(RUNS.numRuns / 30);
  });

  it('a segment is in doubt between open conversations of one brand and of different orders, and of none that it names', () => {
    let unsure = 0;
    fc.assert(
      fc.property(several, (told) => {
        const { segments, conversations, state } = foldStory(told);
        const found = byId(conversations);
        const items = new Map(itemsOf(told).map((item) => [item.hash, item]));
        for (const { conversationId, startedBy, linkedBy, candidates = [] } of segments) {
          if (!candidates?.length) continue;
          unsure += 1;
          const own = found.get(conversationId)!;
          expect([linkedBy, own.ambiguous, candidates.includes(conversationId)]).toEqual(['same-person', true, false]);
          expect(new Set(candidates).size).toBe(candidates.length);
          for (const id of candidates) expect(found.get(id)?.brand).toBe(items.get(startedBy)!.brand);
        }
        const doubtful = new Set(segments.flatMap((one) => (one.candidates ? [one.conversationId] : [])));
        for (const { id, ambiguous } of conversations) expect(ambiguous).toBe(doubtful.has(id));
        for (const { orderCodes = ['?'] } of state.conversations) expect(orderCodes).not.toEqual([]);
      }),
      RUNS,
    );
    expect(unsure).toBeGreaterThan(RUNS.numRuns / 75);
  });

  it('a clock shows the oldest question after the last word of a person, and none when there is none', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { assignments, segments, conversations } = foldStory(told);
        const conversationOf = new Map(segments.map(({ id, conversationId }) => [id, conversationId]));
        const places = new Map(assignments.map(([item, segment]) => [item, conversationOf.get(segment)]));
        const acts = told.flatMap((one) => one.acts).filter(({ kind }) => kind === 'resolve');
        for (const { id, clock } of conversations) {
          const own = itemsOf(told).filter((item) => places.get(item.id) === id);
          const stops = own.flatMap(({ stopsAt, hash }) => (stopsAt === null ? [] : [{ at: stopsAt, hash }]));
          const waiting = own.filter((item) => item.waits && !stops.some((stop) => isAfter(stop, item)));
          if (waiting.length === 0) expect(clock.waitingSince).toBeNull();
          if (clock.waitingItemId === null) continue;
          const shown = own.find((item) => item.id === clock.waitingItemId)!;
          expect(shown).toMatchObject({ at: clock.waitingSince, customer: true, waits: true });
          // nothing older waits but what a resolve covered, or a thanks
          const older = own.filter((item) => item.waits && !item.thanks && isAfter(shown, item));
          for (const item of older) {
            const answered = stops.some((stop) => isAfter(stop, item));
            const covered = acts.some((act) => act.at >= item.at && item.receivedAt <= act.at);
            expect(answered || covered).toBe(true);
          }
        }
      }),
      RUNS,
    );
  });

  it('a resolve never silences what was received after it', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { assignments, segments, conversations } = foldStory(told);
        const conversationOf = new Map(segments.map(({ id, conversationId }) => [id, conversationId]));
        const clocks = byId(conversations);
        const acts = told.flatMap((one) => one.acts);
        for (const [itemId, segmentId] of assignments) {
          const item = itemsOf(told).find(({ id }) => id === itemId)!;
          const id = conversationOf.get(segmentId)!;
          const stops = itemsOf(told).filter(
            (other) =>
              other.stopsAt !== null &&
              other.stopsAt >= item.at &&
              conversationOf.get(new Map(assignments).get(other.id) ?? '') === id,
          );
          const coverable = acts.some((act) => act.at >= item.receivedAt);
          if (item.waits && !item.thanks && stops.length === 0 && !coverable) {
            expect(clocks.get(id)!.clock.waitingSince).not.toBeNull();
            expect(clocks.get(id)!.state).toBe('open');
          }
        }
      }),
      RUNS,
    );
  });

  it('what the fold told and what a comparison with nothing finds agree where both speak', () => {
    fc.assert(
      fc.property(story, (told) => {
        const changes = foldStory(told);
        const ids = new Set(changes.events.map(({ id }) => id));
        expect(ids.size).toBe(changes.events.length);
        for (const event of diffThreads({ segments: [], conversations: [] }, changes, 'first')) {
          expect(ids.has(event.id)).toBe(true);
        }
        expect(diffThreads(changes, changes, 'again')).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('the state', () => {
  const stored = (story: readonly Told[]): number => JSON.stringify(foldStory(story).state).length;
  const many = (count: number, each: (index: number) => Told): Told[] =>
    Array.from({ length: count }, (_, index) => each(index));

  it.each<[string, (index: number) => Told]>([
    ['unanswered messages', (i) => writes(`m${i}`, NINE + i * MINUTE)],
    [
      'a backlog delivered hours later, item by item',
      (i) => writes(`m${i}`, NINE + i * MINUTE, { delay: 5 * DAY + i }),
    ],
    ['missed calls', (i) => missedCall(`m${i}`, NINE + i * MINUTE)],
    ['missed calls, days apart', (i) => missedCall(`m${i}`, NINE + i * 4 * DAY)],
    ['answered calls from ever other conversations', (i) => answeredCall(`m${i}`, NINE + i * 4 * DAY)],
    ['stretches of one thread', (i) => writes(`m${i}`, NINE + i * 31 * DAY)],
    ['other posts', (i) => writes(`m${i}`, NINE + i * 10 * DAY, { ...POST, thread: `post${i}` })],
  ])('does not grow with %s', (_, each) => {
    const hundred = stored(many(100, each));
    expect(stored(many(400, each))).toBeLessThan(hundred + 400);
    expect(hundred).toBeLessThan(12_000);
  });

  it('is small where all goes its ordinary way', () => {
    expect(stored(many(400, (i) => writes(`m${i}`, NINE + i * MINUTE)))).toBeLessThan(1_800);
    expect(stored(many(400, (i) => (i % 2 === 0 ? writes : replies)(`m${i}`, NINE + i * HOUR)))).toBeLessThan(1_800);
  });

  it('remembers the oldest question of many, and that a resolve leaves one', () => {
    const backlog = many(400, (i) => writes(`m${i}`, NINE + i * MINUTE, { delay: 5 * DAY + i }));
    expect(foldStory(backlog).conversations[0]!.clock.waitingSince).toBe(NINE);
    const [conversation] = foldStory([...backlog, resolves('r', NINE + 2 * DAY)]).conversations;
    expect(conversation).toMatchObject({ state: 'open', clock: { waitingSince: NINE } });
    const last = NINE + 399 * MINUTE + 5 * DAY + 399;
    const [later] = foldStory([...backlog, resolves('r', last - 1)]).conversations;
    expect(later!.state).toBe('open');
    const [all] = foldStory([...backlog, resolves('r', last)]).conversations;
    expect(all!.state).toBe('resolved');
  });

  it('is refused what it cannot take', () => {
    const { state } = foldStory([writes('a', '09:00'), answeredCall('b', '09:10', 5 * MINUTE)]);
    expect(follows(state, entriesOf([writes('c', '09:16')]))).toBe(true);
    for (const late of [writes('c', '08:59'), writes('d', '09:12'), resolves('r', '09:14')]) {
      expect(follows(state, entriesOf([late]))).toBe(false);
      expect(() => advance(state, entriesOf([late]), CONTEXT)).toThrow(RangeError);
    }
  });
});
