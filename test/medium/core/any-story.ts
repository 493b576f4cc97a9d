import fc from 'fast-check';
import type { ChannelEvent } from '@lienmach/contracts';
import type { CoreDatabase } from './core-database.js';
import {
  DAY,
  MINUTE,
  call,
  comment,
  commentReply,
  edit,
  message,
  namedItem,
  reaction,
  read,
  removal,
  reply,
  text,
  type ActWord,
  type Imported,
  type NamedItem,
  type Word,
} from './stories.js';

const CUSTOMERS = ['an', 'binh', 'chi'];
export const PHONES = ['+84900000101', '+84900000102'];
const NAMES = [null, 'An', 'Nguyễn An'];

/** What arrives: an event of a channel, an agent's record, or one of a CRM. */
export type Arriving = { event: ChannelEvent } | { word: Word } | { imported: Imported };

/** One happening of a story; several events when it is a call. */
const happening = fc
  .record({
    what: fc.constantFrom(
      ...[
        'text',
        'texted',
        'message',
        'claim',
        'order',
        'reply',
        'call',
        'missed',
        'comment',
        'answer',
        'edit',
        'removal',
        'reaction',
        'read',
      ],
    ),
    who: fc.constantFrom(...CUSTOMERS),
    number: fc.constantFrom(...PHONES),
    ms: fc.integer({ min: 0, max: 40 * 24 * 60 }).map((minutes) => minutes * MINUTE),
    /** After a year of silence. */
    later: fc.constantFrom(0, 0, 0, 0, 400 * DAY),
    id: fc.integer({ min: 0, max: 40 }),
  })
  .map(({ what, who, number, ms: early, later, id }): ChannelEvent[] => {
    const ms = early + later;
    const mid = `m-${who}-${id}`;
    switch (what) {
      case 'text':
        return [text(number, `t-${number}-${id}`, ms)];
      case 'texted':
        return [text(number, `u-${number}-${id}`, ms, 'agent')];
      case 'message':
        return [message(who, mid, ms, 'Shop ơi', [], NAMES[id % NAMES.length])];
      case 'claim':
        return [message(who, mid, ms, `số em ${number}`, [number])];
      case 'order':
        return [message(who, mid, ms, `đơn dh-${id % 5}`, [`dh-${id % 5}`])];
      case 'reply':
        return [reply(who, `r-${who}-${id}`, ms)];
      case 'call':
        return call(`c-${id}`, number, ms, 'answered');
      case 'missed':
        return call(`c-${id}`, number, ms, 'missed');
      case 'comment':
        return [comment(who, `k-${who}-${id}`, ms)];
      case 'answer':
        return [commentReply(`a-${id}`, id % 3 === 0 ? null : `k-${who}-${id}`, ms)];
      case 'edit':
        return [edit(who, mid, ms)];
      case 'removal':
        return [removal(who, mid, ms)];
      case 'reaction':
        return [reaction(who, mid, ms)];
      default:
        return [read(who, mid, ms)];
    }
  });

/** Few moments, so that an undo often finds its act. */
const settling = fc.record({
  says: fc.constantFrom('resolve' as const, 'reopen' as const),
  who: fc.constantFrom(...CUSTOMERS, ...PHONES).map((who): [string] => [who]),
  ms: fc.constantFrom(1, 2, 3, 5, 8, 13, 21, 34).map((days) => days * DAY + 1),
});

const word: fc.Arbitrary<Word> = fc.oneof(
  settling,
  settling.map((act): Word => ({ says: 'undo', act })),
  fc.record({
    says: fc.constantFrom('same' as const, 'different' as const, 'retract' as const),
    who: fc.constantFrom<[string, string][]>(['an', 'binh'], ['binh', 'chi']),
    ms: fc.constant(DAY),
  }),
  fc.record({
    says: fc.constant('new-owner' as const),
    number: fc.constantFrom(...PHONES),
    ms: fc.constantFrom(5, 15, 25).map((days) => days * DAY + 4),
    undone: fc.constantFrom(false, false, true),
  }),
);

/** Few customers and numbers, so that two of them often have one. */
const importing: fc.Arbitrary<Imported> = fc.record({
  crm: fc.constantFrom('KH-7', 'KH-9'),
  phone: fc.constantFrom(...PHONES),
  ms: fc.constantFrom(1, 10, 20, 30).map((days) => days * DAY + 3),
  actor: fc.constantFrom('/crm', '/till'),
  name: fc.constantFrom(...NAMES),
  validFrom: fc.constantFrom(null, '2026-11-10'),
});

/** A join, split or move of items of the story, perhaps taken back. */
const arranging = fc.record({
  says: fc.constantFrom('join' as const, 'split' as const, 'move' as const),
  picks: fc.array(fc.nat(100), { minLength: 3, maxLength: 3 }),
  ms: fc.constantFrom(1, 20, 41).map((days) => days * DAY + 2),
  undone: fc.boolean(),
});

/** Mostly of one customer, because of others' items an act says nothing. */
function wordsOf({ says, picks, ms, undone }: Arranging, events: readonly ChannelEvent[]): Word[] {
  const named = [...new Map(events.flatMap((event) => namedItem(event) ?? []).map((one) => [one.item, one])).values()];
  const first = named[picks[0]! % named.length];
  const near = named.filter(({ item, customer }) => customer.value === first?.customer.value && item !== first.item);
  const others = near.length > 0 ? near : named.filter(({ item }) => item !== first?.item);
  if (first === undefined || others.length === 0) return [];
  const [second, third] = picks.slice(1).map((pick) => others[pick % others.length]!) as [NamedItem, NamedItem];
  const apart = second.item === third.item ? [] : [third];
  const act: ActWord = {
    says,
    one: first,
    with: says === 'split' ? [] : [second],
    apart: says === 'join' ? [] : says === 'split' ? [second] : apart,
    ms,
  };
  return undone ? [act, { says: 'undo', act }] : [act];
}
type Arranging = typeof arranging extends fc.Arbitrary<infer T> ? T : never;

/** An event id means one event: of a story that tells one twice, the first telling counts. */
export const story = fc
  .tuple(
    fc.array(happening, { minLength: 3, maxLength: 22 }),
    fc.array(word, { maxLength: 7 }),
    fc.array(arranging, { maxLength: 4 }),
    fc.array(importing, { maxLength: 4 }),
  )
  .map(([parts, words, arranged, imports]): Arriving[] => {
    const events = [
      ...new Map(
        parts
          .flat()
          .reverse()
          .map((event) => [event.id, event]),
      ).values(),
    ].reverse();
    const said = [...words, ...arranged.flatMap((one) => wordsOf(one, events))];
    return [
      ...events.map((event) => ({ event })),
      ...said.map((one) => ({ word: one })),
      ...imports.map((one) => ({ imported: one })),
    ];
  });

export interface Arrival {
  order: number[];
  batch: number;
  processes: number;
  limit: number;
}

/** An order of arrival: a permutation with repeats, cut into batches, resolved by one to three processes. */
export const arrival: fc.Arbitrary<Arrival> = fc.record({
  order: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 90, maxLength: 90 }),
  batch: fc.integer({ min: 1, max: 15 }),
  processes: fc.integer({ min: 1, max: 3 }),
  limit: fc.constantFrom(3, 500),
});

export async function arrive(core: CoreDatabase, arriving: readonly Arriving[], how: Arrival): Promise<void> {
  const keyed = arriving.map((one, index) => ({ one, key: how.order[index % how.order.length]! }));
  const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
  const repeated = [...shuffled, ...shuffled.filter((_one, index) => index % 5 === 0)];
  for (let from = 0; from < repeated.length; from += how.batch) {
    await takeIn(core, repeated.slice(from, from + how.batch), how.processes, how.limit);
  }
}

export async function takeIn(
  core: CoreDatabase,
  batch: readonly Arriving[],
  processes: number,
  limit: number,
): Promise<void> {
  await core.take(batch.flatMap((one) => ('event' in one ? [one.event] : [])));
  await core.import(batch.flatMap((one) => ('imported' in one ? [one.imported] : [])));
  for (const one of batch) if ('word' in one) await core.hear(one.word);
  await core.settle(processes, limit);
}
