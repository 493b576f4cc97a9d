import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PHONES, arrival, arrive, story, takeIn, type Arrival, type Arriving } from './any-story.js';
import { CoreDatabase } from './core-database.js';
import {
  DAY,
  HOUR,
  MINUTE,
  call,
  comment,
  commentReply,
  edit,
  message,
  namedItem,
  reaction,
  removal,
  reply,
  type ActWord,
  type NamedItem,
  type Word,
} from './stories.js';

const stateAfter = (arriving: readonly Arriving[], how: Arrival): Promise<unknown> =>
  stateOf((core) => arrive(core, arriving, how));

const stateAfterBatches = (batches: readonly Arriving[][], limit: number): Promise<unknown> =>
  stateOf(async (core) => {
    for (const batch of batches) await takeIn(core, batch, 1, limit);
  });

async function stateOf(told: (core: CoreDatabase) => Promise<void>): Promise<unknown> {
  const core = await CoreDatabase.create();
  try {
    await told(core);
    return await core.state();
  } finally {
    await core.close();
  }
}

describe('the order of arrival leaves no trace', () => {
  it('in any stream: the same people, items, segments, conversations and clocks', async () => {
    await fc.assert(
      fc.asyncProperty(story, arrival, async (events, how) => {
        const straight = await stateAfter(events, {
          order: events.map((_one, index) => index),
          batch: 1_000,
          processes: 1,
          limit: 500,
        });
        expect(await stateAfter(events, how)).toEqual(straight);
      }),
      // a failure shows its seed and path at once: making it smaller costs two databases a try
      { numRuns: Number(process.env.RUNS ?? 15), endOnFailure: true },
    );
  }, 600_000);
});

/** Orders of arrival that once left a trace. */
describe('what comes before whom it concerns', () => {
  const story = [
    message('binh', 'm-1', 0, 'Shop ơi'),
    message('an', 'm-2', HOUR, 'Số em 0900000101', [PHONES[0]!]),
    ...call('c-1', PHONES[0]!, 2 * HOUR, 'missed'),
    comment('chi', 'k-1', 3 * HOUR),
    commentReply('a-1', 'k-1', 4 * HOUR),
  ];
  const resolved: ActWord = { says: 'resolve', who: ['binh'], ms: 5 * HOUR };
  const [first, claim, ringing, ended, asked, answered] = story.map((event): Arriving => ({ event }));
  const word: Arriving = { word: resolved };

  let straight: unknown;
  beforeAll(async () => {
    straight = await stateAfterBatches([[first!, claim!, ringing!, ended!, asked!, answered!, word]], 500);
  });

  it.each<[string, Arriving[][], number]>([
    ['an act, before the first message', [[word], [first!, claim!, ringing!, ended!, asked!, answered!]], 500],
    ['an answer, resolved before the comment', [[answered!, asked!, first!, claim!, ringing!, ended!, word]], 1],
    [
      'the end of a call, and its beginning with the claim that joins',
      [
        [ended!, first!, asked!, answered!],
        [ringing!, claim!, word],
      ],
      500,
    ],
  ])(
    '%s',
    async (_name, batches, limit) => {
      expect(await stateAfterBatches(batches, limit)).toEqual(straight);
    },
    30_000,
  );

  it('an undo, before its act and whom it concerns', async () => {
    const undone: Arriving = { word: { says: 'undo', act: resolved } };
    const events = [first!, claim!, ringing!, ended!, asked!, answered!];
    const never = await stateAfterBatches([events], 500);
    expect(await stateAfterBatches([[undone], [word], events], 500)).toEqual(never);
    expect(await stateAfterBatches([events, [word], [undone]], 500)).toEqual(never);
    expect(straight).not.toEqual(never);
  }, 30_000);

  it.each<[string, (named: NamedItem[]) => ActWord]>([
    ['a join', ([one, , other]) => ({ says: 'join', one: one!, with: [other!], apart: [], ms: 20 * DAY })],
    ['a split', ([one, friend]) => ({ says: 'split', one: friend!, with: [], apart: [one!], ms: 20 * DAY })],
    ['a move', ([one, friend, later]) => ({ says: 'move', one: friend!, with: [later!], apart: [one!], ms: 20 * DAY })],
  ])(
    '%s, and its undo, before the items that it names',
    async (_name, say) => {
      const events = [
        message('an', 'm-1', 0, 'Shop ơi'),
        message('binh', 'm-2', HOUR, 'Shop ơi'),
        reply('an', 'r-1', 2 * HOUR),
        message('an', 'm-3', 12 * DAY, 'Shop ơi'),
      ];
      const act = say([0, 1, 3].map((index) => namedItem(events[index]!)!));
      const told = [
        ...events.map((event): Arriving => ({ event })),
        { word: { says: 'same', who: ['an', 'binh'], ms: DAY } as Word },
      ];
      const [said, undone]: Arriving[] = [{ word: act }, { word: { says: 'undo', act } }];

      const never = await stateAfterBatches([told], 500);
      const once = await stateAfterBatches([[...told, said!]], 500);
      expect(once).not.toEqual(never);
      for (const order of [
        [said!, ...told],
        [...told.slice(0, 2), said!, ...told.slice(2).reverse()],
      ]) {
        expect(
          await stateAfterBatches(
            order.map((one) => [one]),
            1,
          ),
        ).toEqual(once);
      }
      expect(await stateAfterBatches([[undone!, said!, ...told]], 500)).toEqual(never);
      expect(await stateAfterBatches([[...told, said!], [undone!]], 500)).toEqual(never);
    },
    60_000,
  );

  it('an act, before its customer is known by what is no item', async () => {
    const [act, same, different] = (['resolve', 'same', 'different'] as const).map((says): Arriving => ({
      word: says === 'resolve' ? { says, who: ['chi'], ms: 1 } : { says, who: ['binh', 'chi'], ms: DAY },
    }));
    const [binh, chi] = ['binh', 'chi'].map((who): Arriving => ({ event: removal(who, `m-${who}`, HOUR) }));
    const oneByOne = [act!, chi!, different!, binh!, same!].map((one) => [one]);
    expect(await stateAfterBatches(oneByOne, 500)).toEqual(await stateAfterBatches([oneByOne.flat()], 500));
  }, 30_000);
});

/** Rule T6: two open conversations of one customer, of two orders, and a question about one of them. */
describe('what may belong to either of two orders', () => {
  const SAME_DAY = 4 * DAY;
  const events = [
    message('an', 'm-1', 0, 'đơn DH-11', ['DH-11']),
    message('binh', 'm-2', SAME_DAY, 'đơn dh12', ['dh12']),
    message('an', 'm-3', SAME_DAY + MINUTE, 'alo'),
    message('chi', 'm-4', SAME_DAY + HOUR, 'bao giờ giao?'),
  ];
  const [eleven, twelve, , when] = events.map((event) => namedItem(event)!);
  const told: Arriving[] = [
    ...events.map((event): Arriving => ({ event })),
    { word: { says: 'same', who: ['an', 'binh'], ms: DAY } },
    { word: { says: 'same', who: ['binh', 'chi'], ms: DAY } },
  ];
  const move: ActWord = { says: 'move', one: when!, with: [twelve!], apart: [eleven!], ms: 5 * DAY };
  const oneByOne = (order: readonly Arriving[]): Arriving[][] => order.map((one) => [one]);

  const inDoubt = async (batches: readonly Arriving[][]): Promise<unknown> => {
    const core = await CoreDatabase.create();
    try {
      for (const batch of batches) await takeIn(core, batch, 2, 3);
      const links = await core.query(
        `SELECT (SELECT c.ambiguous FROM core.conversation c WHERE c.id = s.conversation_id) AS ambiguous, s.candidates, s.linked_by AS "linkedBy",
                s.conversation_id = (SELECT conversation_id FROM core.segment o JOIN core.item t ON t.segment_id = o.id WHERE t.id = $2) AS "withEleven"
         FROM core.segment s JOIN core.item i ON i.segment_id = s.id WHERE i.id = $1`,
        [when!.item, eleven!.item],
      );
      const [other] = await core.query<{ id: string }>(
        'SELECT s.conversation_id AS id FROM core.segment s JOIN core.item i ON i.segment_id = s.id WHERE i.id = $1',
        [twelve!.item],
      );
      const published = await core.query<{ data: unknown }>(
        `SELECT payload AS data FROM core.outbox WHERE aggregatetype = 'conversation.state.v1' AND payload->>'ambiguous' = 'true' AND payload->'segments'->1->'candidates'->>0 = $1`,
        [other!.id],
      );
      return { links, other: other!.id, published: published.length > 0, state: await core.state() };
    } finally {
      await core.close();
    }
  };

  it('joins the latest in every order, named as doubtful with the other, until an agent moves it', async () => {
    const straight = (await inDoubt([told])) as { links: unknown[]; other: string; state: unknown };
    expect(straight).toMatchObject({
      links: [{ ambiguous: true, candidates: [straight.other], linkedBy: 'same-person', withEleven: true }],
      published: true,
    });
    const [first, second, ...rest] = told;
    for (const order of [[...told].reverse(), [...rest, second!, first!]]) {
      expect(await inDoubt(oneByOne(order))).toMatchObject({ links: straight.links, state: straight.state });
    }

    const moved = (await inDoubt([told, [{ word: move }]])) as { links: unknown; state: unknown };
    expect(moved.links).toEqual([{ ambiguous: false, candidates: null, linkedBy: 'agent', withEleven: false }]);
    const before = await inDoubt(oneByOne([{ word: move }, ...[...told].reverse()]));
    expect(before).toMatchObject({ links: moved.links, state: moved.state });
    const undone = await inDoubt([told, [{ word: move }], [{ word: { says: 'undo', act: move } }]]);
    expect(undone).toMatchObject({ links: straight.links, state: straight.state });
  }, 120_000);
});

describe('a day of one customer', () => {
  let core: CoreDatabase;
  beforeAll(async () => {
    core = await CoreDatabase.create();
  });
  afterAll(() => core.close());

  it('is one person and one conversation over two channels, whose clock the answered call stops', async () => {
    const [ringing, answered, ended] = call('c-1', PHONES[0]!, 20 * MINUTE, 'answered');
    await core.take([message('an', 'm-1', 0, 'Đơn của em đâu, số em 0900000101', [PHONES[0]!])]);
    await core.settle();
    await core.take([ringing!]);
    await core.settle();
    await core.take([answered!, ended!]);
    await core.settle();

    const conversations = await core.query(
      'SELECT channels, state, waiting_since, stopped_by, extract(epoch FROM stopped_at - last_wait_from)::float8 AS waited FROM core.conversation',
    );
    expect(conversations).toEqual([
      { channels: ['facebook', 'call'], state: 'open', waiting_since: null, stopped_by: 'call', waited: 20 * 60 + 10 },
    ]);
    expect(await core.query('SELECT DISTINCT person_id FROM core.node')).toHaveLength(1);
    expect(await core.query('SELECT from_channel, to_channel FROM core.channel_switch')).toEqual([
      { from_channel: 'facebook', to_channel: 'call' },
    ]);
  });

  it('tells every event once, and every later change of the same item as an event of its own', async () => {
    await core.take([edit('an', 'm-1', HOUR), reaction('an', 'm-1', 2 * HOUR)]);
    await core.take([edit('an', 'm-1', HOUR)]);
    await core.settle();

    const told = await core.query<{ type: string; person: string | null; conversation: string | null }>(
      `SELECT type, payload->>'personasof' AS person, payload->>'conversation' AS conversation FROM core.outbox
       WHERE aggregatetype = 'interaction.events.v1' ORDER BY seq`,
    );
    expect(told.map(({ type }) => type)).toEqual([
      'message.received',
      'call.ringing',
      'call.answered',
      'call.ended',
      'message.edited',
      'reaction.added',
    ]);
    expect(told.every(({ person, conversation }) => person !== null && conversation !== null)).toBe(true);
    expect(new Set(told.map(({ conversation }) => conversation)).size).toBe(1);
  });

  it('begins a new conversation after a week of silence, and leaves the old one as it was', async () => {
    const before = await core.query('SELECT id, last_at FROM core.conversation');
    await core.take([reply('an', 'r-1', 3 * HOUR), message('an', 'm-9', 12 * DAY, 'Shop còn hàng không')]);
    await core.settle();
    const after = await core.query<{ id: string }>('SELECT id FROM core.conversation');
    expect(after).toHaveLength(2);
    expect(after.map(({ id }) => id)).toContain(before[0]!.id);
  });
});
