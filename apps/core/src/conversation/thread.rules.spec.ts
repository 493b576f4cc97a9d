import { describe, expect, it } from '@jest/globals';
import { deterministicId } from '@lienmach/contracts';
import { clockStage } from './clock.rules.js';
import { DAY, HOUR, MINUTE } from './fixtures/events.js';
import { permutations } from './fixtures/permutations.js';
import {
  CONTEXT,
  MAIL,
  ZALO,
  answeredCall,
  at,
  botReplies,
  callsOut,
  callsOutInVain,
  failsToReply,
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
  view,
  writes,
  type Told,
  type View,
} from './fixtures/story.js';
import { DEFAULT_THREAD_RULES } from './timed-item.js';

/** The story as it is told, which has to be the same in every order of arrival. */
function told(...story: Told[]): View {
  const [first, ...others] = permutations(story).map((order) => view(order));
  for (const { changes } of others) expect(changes).toEqual(first!.changes);
  return first!;
}

const eventsOf = ({ changes }: View): string[] => changes.events.map(({ type }) => type.replace('conversation.', ''));

describe('the worked cases', () => {
  it('Fanpage complaint 09:00 unanswered, customer calls 09:20, answered: one conversation, 20 minutes, channel switch', () => {
    const story = told(writes('complaint', '09:00'), answeredCall('call', '09:20'), writes('again', '09:31'));
    expect(story.conversations).toEqual(['complaint again | call: open']);
    expect(story.segmentOf('call').linkedBy).toBe('same-person');
    expect(story.waited('complaint')).toBe(20);
    expect(story.conversationOf('complaint').clock).toMatchObject({
      stoppedBy: 'call',
      waitingSince: at('09:31'),
      waitingItemId: deterministicId('item', 'again'),
    });
    expect(story.switches).toEqual(['facebook>call@call', 'call>facebook@again']);
    expect(story.conversationOf('call').channels).toEqual(['facebook', 'call']);
    expect(eventsOf(story)).toEqual([
      'opened',
      'waiting',
      'target.started',
      'linked',
      'channel-switched',
      'replied',
      'target.stopped',
      'channel-switched',
      'waiting',
      'target.started',
    ]);
  });

  it('the same, but the call is missed and an agent calls back 09:40: still one, stops at 40 minutes', () => {
    const story = told(writes('complaint', '09:00'), missedCall('call', '09:20'), callsOut('back', '09:40'));
    expect(story.conversations).toEqual(['complaint | call | back: open']);
    expect(story.segmentOf('back').linkedBy).toBe('call-back');
    expect(story.waited('complaint')).toBe(40);
    expect(story.conversationOf('complaint').clock.waitingSince).toBeNull();
    expect(story.switches).toEqual(['facebook>call@call']);
    const clock = { waitingSince: at('09:00') };
    expect(clockStage(clock, at('09:29'))).toBe('running');
    expect(clockStage(clock, at('09:40'))).toBe('warned');
    expect(clockStage(clock, at('10:00'))).toBe('breached');
    expect(clockStage(clock, at('+7d 09:00'))).toBe('danger');
    expect(clockStage({ waitingSince: null }, at('+7d 09:00'))).toBe('stopped');
  });

  it('Zalo "cảm ơn shop" an hour after resolve: stored, not reopened, waits for nothing', () => {
    const story = told(
      writes('question', '09:00', ZALO),
      replies('answer', '09:10', ZALO),
      resolves('done', '09:15', ['zalo']),
      thanks('thanks', '10:15', ZALO),
    );
    expect(story.conversations).toEqual(['question answer thanks: resolved']);
    expect(story.conversationOf('question').clock).toMatchObject({ waitingSince: null, stoppedBy: 'message' });
    expect(eventsOf(story)).not.toContain('reopened');
  });
});

/** Two open conversations of one customer, of the orders 11 and 12; the first has the latest word. */
const ofTwoOrders = [
  writes('eleven', '09:00', { orders: ['DH11'] }),
  writes('twelve', '+4d 09:00', { ...ZALO, orders: ['DH12'] }),
  writes('eleven again', '+4d 09:05'),
];

describe('several orders (T6)', () => {
  const when = writes('when', '+4d 10:00', MAIL);
  const candidates = (story: View, name: string, ...of: string[]): void =>
    expect(story.segmentOf(name).candidates).toEqual(of.map((other) => story.conversationOf(other).id));

  it('two open cases (order 11, order 12), "bao giờ giao?": joins the latest, marked ambiguous; both keep their clocks', () => {
    const story = told(...ofTwoOrders, when);
    expect(story.conversations).toEqual(['eleven eleven again | when: open', 'twelve: open']);
    candidates(story, 'when', 'twelve');
    expect(story.conversationOf('when').ambiguous).toBe(true);
    expect(story.conversationOf('twelve').ambiguous).toBe(false);
    expect(story.conversationOf('eleven').clock.waitingSince).toBe(at('09:00'));
    expect(story.conversationOf('twelve').clock.waitingSince).toBe(at('+4d 09:00'));
    expect(story.changes.events).toContainEqual(
      expect.objectContaining({ type: 'conversation.linked', candidates: [story.conversationOf('twelve').id] }),
    );
  });

  it.each([
    ['one of them', ['DH12']],
    ['one of them and a third', ['DH9', 'DH12']],
  ])('a text that names %s joins that one, without doubt', (_, orders) => {
    const story = told(...ofTwoOrders, writes('when', '+4d 10:00', { ...MAIL, orders }));
    expect(story.conversations).toEqual(['eleven eleven again: open', 'twelve | when: open']);
    expect(story.segmentOf('when').candidates).toBeUndefined();
    expect(story.changes.conversations.some(({ ambiguous }) => ambiguous)).toBe(false);
  });

  it.each([
    ['both', ['DH11', 'DH12']],
    ['a third order only', ['DH13']],
  ])('a text that names %s stays in doubt', (_, orders) => {
    const story = told(...ofTwoOrders, writes('when', '+4d 10:00', { ...MAIL, orders }));
    expect(story.segmentOf('when').conversationId).toBe(story.conversationOf('eleven').id);
    candidates(story, 'when', 'twelve');
  });

  it.each<[string, string[]?, string[]?]>([
    ['one of no order', ['DH11'], undefined],
    ['both of no order', undefined, undefined],
    ['both of one order', ['DH11', 'DH12'], ['DH12']],
  ])('there is no doubt about two conversations, %s', (_, one, other) => {
    const [, , again] = ofTwoOrders;
    const two = [writes('eleven', '09:00', { orders: one }), writes('twelve', '+4d 09:00', { ...ZALO, orders: other })];
    const story = told(...two, again!, when);
    expect(story.segmentOf('when').conversationId).toBe(story.conversationOf('eleven').id);
    expect(story.segmentOf('when').candidates).toBeUndefined();
  });

  it('names all whom it may belong to, the latest active first', () => {
    const story = told(
      writes('eleven', '09:00', { orders: ['DH11'] }),
      writes('twelve', '+4d 09:00', { ...ZALO, orders: ['DH12'] }),
      writes('third', '+8d 09:00', { thread: 'post', family: 'comment' }),
      writes('eleven again', '+8d 09:05'),
      writes('twelve again', '+8d 09:06', ZALO),
      writes('when', '+8d 10:00', MAIL),
    );
    expect(story.segmentOf('when').conversationId).toBe(story.conversationOf('twelve').id);
    candidates(story, 'when', 'eleven', 'third');
  });

  it.each<[string, Told, string[]]>([
    [
      'a move to the other',
      moves('m', '+4d 11:00', 'when', ['twelve'], ['eleven']),
      ['eleven eleven again: open', 'twelve | when: open'],
    ],
    [
      'a word that it is right where it is',
      moves('m', '+4d 11:00', 'when', ['eleven']),
      ['eleven eleven again | when: open', 'twelve: open'],
    ],
    [
      'a split',
      splits('s', '+4d 11:00', 'when', ['eleven']),
      ['eleven eleven again: open', 'twelve: open', 'when: open'],
    ],
    [
      'a join with the one where it is',
      joins('j', '+4d 11:00', ['when'], ['eleven']),
      ['eleven eleven again | when: open', 'twelve: open'],
    ],
    [
      'a join of both',
      joins('j', '+4d 11:00', ['eleven', 'when'], ['twelve']),
      ['eleven eleven again | twelve | when: open'],
    ],
  ])('%s by an agent settles it', (_, act, conversations) => {
    const story = told(...ofTwoOrders, when, act);
    expect(story.conversations).toEqual(conversations);
    expect(story.segmentOf('when').candidates).toBeUndefined();
    expect(story.changes.conversations.some(({ ambiguous }) => ambiguous)).toBe(false);
  });

  it('is about new segments alone: what goes on goes on, and a reference says where it belongs', () => {
    const goesOn = told(...ofTwoOrders, writes('when', '+4d 10:00', { orders: ['DH12'] }));
    expect(goesOn.conversations).toEqual(['eleven eleven again when: open', 'twelve: open']);
    const referring = told(...ofTwoOrders, writes('when', '+4d 10:00', { ...MAIL, refers: ['twelve'] }));
    expect(referring.segmentOf('when')).toMatchObject({ linkedBy: 'reference' });
    expect(referring.segmentOf('when').candidates).toBeUndefined();
  });
});

describe('segments', () => {
  it.each<[string, Told[], string[]]>([
    [
      'seven days of silence after an answer do not cut',
      [writes('a', '09:00'), replies('b', '10:00'), writes('c', '+7d 10:00')],
      ['a b c: open'],
    ],
    [
      'more than seven do',
      [writes('a', '09:00'), replies('b', '10:00'), writes('c', '+7d 10:01')],
      ['a b: open', 'c: open'],
    ],
    ['an unanswered question holds for thirty days', [writes('a', '09:00'), writes('c', '+30d 09:00')], ['a c: open']],
    ['and no longer', [writes('a', '09:00'), writes('c', '+30d 09:01')], ['a: open', 'c: open']],
    [
      'a mail thread is silent for thirty days',
      [writes('a', '09:00', MAIL), replies('b', '10:00', MAIL), writes('c', '+30d 10:00', MAIL)],
      ['a b c: open'],
    ],
    [
      'an answer that failed is none',
      [writes('a', '09:00'), failsToReply('b', '10:00'), writes('c', '+20d 09:00')],
      ['a b c: open'],
    ],
    [
      'a bot counts for silence',
      [writes('a', '09:00'), botReplies('b', '+6d 10:00'), writes('c', '+12d 10:00')],
      ['a b c: open'],
    ],
    [
      'a notice does not',
      [writes('a', '09:00'), replies('b', '10:00'), notice('n', '+6d 10:00'), writes('c', '+8d 09:00')],
      ['a b n: open', 'c: open'],
    ],
    [
      'a thanks does, while the segment is open',
      [writes('a', '09:00'), replies('b', '10:00'), thanks('t', '+6d 10:00'), writes('c', '+8d 09:00')],
      ['a b t c: open'],
    ],
    [
      'two customers of one thread have their own',
      [writes('a', '09:00'), writes('b', '09:01', { identifier: 'other', brand: 'x' }), replies('c', '09:02')],
      ['a c: open', 'b: open'],
    ],
    ['a notice before anything belongs nowhere', [notice('n', '09:00'), writes('a', '09:01')], ['a: open']],
    ['the business may begin', [replies('a', '09:00'), writes('b', '09:30')], ['a b: open']],
  ])('%s', (_, story, conversations) => {
    expect(told(...story).conversations).toEqual(conversations);
  });

  it('are named by their earliest item, conversations by that of their earliest segment', () => {
    const story = told(writes('a', '09:00'), writes('b', '09:10', ZALO));
    const hash = (name: string): string => deterministicId('event', name);
    expect(story.segmentOf('a').id).toBe(deterministicId('segment', 'demo', hash('a')));
    expect(story.segmentOf('b').id).toBe(deterministicId('segment', 'demo', hash('b')));
    expect(story.conversationOf('b').id).toBe(deterministicId('conversation', 'demo', hash('a')));
  });
});

describe('after a resolve', () => {
  const resolved = [writes('a', '09:00'), resolves('done', '10:00')];

  it.each<[string, Told[], string[]]>([
    ['a question within 24 hours reopens', [...resolved, writes('b', '+1d 10:00')], ['a b: open']],
    ['a later one begins anew', [...resolved, writes('b', '+1d 10:01')], ['a: resolved', 'b: open']],
    [
      'a mail within 7 days reopens',
      [writes('a', '09:00', MAIL), resolves('done', '10:00', ['mail']), writes('b', '+7d 10:00', MAIL)],
      ['a b: open'],
    ],
    ['our own echo a moment later opens nothing', [...resolved, replies('b', '10:01')], ['a b: resolved']],
    ['a bot within the window opens nothing', [...resolved, botReplies('b', '11:00')], ['a b: resolved']],
    [
      'the business writes again much later: anew',
      [...resolved, replies('b', '+3d 10:00')],
      ['a: resolved', 'b: open'],
    ],
    ['a thanks is stored, however late', [...resolved, thanks('b', '+90d 10:00')], ['a b: resolved']],
    [
      'a thanks by one who was not resolved nor answered waits',
      [writes('a', '09:00'), thanks('b', '09:30')],
      ['a b: open'],
    ],
    ['a button tapped reopens', [...resolved, taps('b', '10:30')], ['a b: open']],
    ['a notice is stored', [...resolved, notice('b', '10:30')], ['a b: resolved']],
    ['a notice much later belongs nowhere', [...resolved, notice('b', '+3d 10:30')], ['a: resolved']],
    ['resolved twice is resolved once', [...resolved, resolves('again', '11:00')], ['a: resolved']],
    ['an agent reopens', [...resolved, reopens('undo', '11:00')], ['a: open']],
    ['and resolves again', [...resolved, reopens('undo', '11:00'), resolves('again', '12:00')], ['a: resolved']],
    [
      'another thread of the same person begins anew',
      [...resolved, writes('b', '10:30', ZALO)],
      ['a: resolved', 'b: open'],
    ],
  ])('%s', (_, story, conversations) => {
    expect(told(...story).conversations).toEqual(conversations);
  });

  it('a thanks in a silent thread joins the last segment and revives nothing', () => {
    const story = told(
      writes('a', '09:00'),
      replies('b', '10:00'),
      thanks('t', '+20d 09:00'),
      writes('c', '+20d 10:00'),
    );
    expect(story.conversations).toEqual(['a b t: open', 'c: open']);
  });

  it('a thanks for an answer waits for nothing, one without an answer is an ordinary message', () => {
    const answered = told(writes('a', '09:00'), replies('b', '10:00'), thanks('t', '10:05'));
    expect(answered.conversations).toEqual(['a b t: open']);
    expect(answered.conversationOf('a').clock.waitingSince).toBeNull();
    const unanswered = told(writes('a', '09:00'), thanks('t', '+31d 09:00'));
    expect(unanswered.conversations).toEqual(['a: open', 't: open']);
    expect(unanswered.conversationOf('t').clock.waitingSince).toBe(at('+31d 09:00'));
  });

  it('a thanks as the first item of a thread is an ordinary message', () => {
    expect(told(thanks('a', '09:00')).conversationOf('a').clock.waitingSince).toBe(at('09:00'));
  });

  it('a thanks between question and answer does not make the wait younger', () => {
    const story = told(writes('a', '09:00'), thanks('b', '09:30'), replies('c', '09:45'));
    expect(story.waited('a')).toBe(45);
  });

  it('an old conversation is resolved without its successor in the same thread when the agent saw no more of it', () => {
    const story = [writes('a', '09:00'), writes('b', '+31d 09:00')];
    expect(told(...story, resolves('r', '+32d 09:00', ['fb'], { seenAt: at('09:00') })).conversations).toEqual([
      'a: resolved',
      'b: open',
    ]);
    expect(told(...story, resolves('r', '+32d 09:00')).conversations).toEqual(['a: open', 'b: resolved']);
  });

  it('of a thread that two customers share only the one that is meant is resolved', () => {
    const story = [writes('a', '09:00'), writes('b', '09:01', { identifier: 'other', brand: 'x' })];
    expect(told(...story, resolves('r', '10:00', ['fb'], { identifierIds: ['psid'] })).conversations).toEqual([
      'a: resolved',
      'b: open',
    ]);
    expect(told(...story, resolves('r', '10:00')).conversations).toEqual(['a: resolved', 'b: resolved']);
  });

  it('of one thread of two leaves the conversation open', () => {
    const story = told(writes('a', '09:00'), writes('b', '09:10', ZALO), resolves('r', '10:00'));
    expect(story.conversations).toEqual(['a | b: open']);
    expect(story.segmentOf('a').resolvedAt).toBe(at('10:00'));
    expect(story.conversationOf('a').clock.waitingSince).toBe(at('09:10'));
  });
});

describe('links', () => {
  it.each<[string, Told[], string[]]>([
    [
      'within 72 hours of the last activity another channel carries on',
      [writes('a', '09:00'), writes('b', '+3d 09:00', ZALO)],
      ['a | b: open'],
    ],
    ['later it does not', [writes('a', '09:00'), writes('b', '+3d 09:01', ZALO)], ['a: open', 'b: open']],
    [
      'activity of the business counts',
      [writes('a', '09:00'), replies('r', '+2d 09:00'), writes('b', '+4d 09:00', ZALO)],
      ['a r | b: open'],
    ],
    [
      'another brand is another conversation',
      [writes('a', '09:00'), writes('b', '09:10', { ...ZALO, brand: 'other' })],
      ['a: open', 'b: open'],
    ],
    [
      'what the business writes elsewhere joins too',
      [writes('a', '09:00'), replies('b', '09:10', ZALO)],
      ['a | b: open'],
    ],
  ])('%s', (_, story, conversations) => {
    expect(told(...story).conversations).toEqual(conversations);
  });

  it('of two open conversations the one with the latest word of the customer', () => {
    const [old, older] = [writes('a', '09:00'), writes('b', '+4d 09:00', ZALO)];
    const story = told(old, older, replies('c', '+4d 10:00'), writes('d', '+4d 11:00', MAIL));
    expect(story.conversations).toEqual(['a c: open', 'b | d: open']);
  });

  it('of two at the same time the one with the greater hash, in every order', () => {
    const story = told(
      writes('a', '09:00', { brand: 'x' }),
      writes('b', '09:00', { ...ZALO, brand: 'x' }),
      writes('c', '09:00', { ...MAIL, brand: 'y' }),
      writes('d', '10:00', { thread: 'web', identifier: 'visitor', channel: 'web', brand: 'x' }),
    );
    expect(story.changes.conversations).toHaveLength(2);
  });

  it('a missed call and the call that returns it join, in either direction and even after a resolve', () => {
    expect(told(missedCall('m', '09:00'), callsOut('b', '+1d 09:00')).conversations).toEqual(['m | b: open']);
    expect(told(callsOutInVain('m', '09:00'), answeredCall('b', '12:00')).conversations).toEqual(['m | b: open']);
    const afterResolve = told(missedCall('m', '09:00'), resolves('r', '09:05', ['call-m']), callsOut('b', '09:40'));
    expect(afterResolve.conversations).toEqual(['m | b: open']);
    expect(afterResolve.segmentOf('b').linkedBy).toBe('call-back');
    const tooLate = told(
      missedCall('m', '09:00'),
      resolves('r', '09:05', ['call-m']),
      callsOut('b', '+1d 09:01', { identifier: 'other' }),
    );
    expect(tooLate.conversations).toEqual(['m: resolved', 'b: open']);
  });

  it('a call of the same number within 72 hours of the resolve reopens, of another number it does not', () => {
    const first = [answeredCall('a', '09:00'), resolves('r', '10:00', ['call-a'])];
    expect(told(...first, answeredCall('b', '+3d 10:00')).conversations).toEqual(['a | b: open']);
    expect(told(...first, answeredCall('b', '+3d 10:01')).conversations).toEqual(['a: resolved', 'b: open']);
    expect(told(...first, answeredCall('b', '11:00', 0, { identifier: 'x' })).conversations).toEqual([
      'a: resolved',
      'b: open',
    ]);
    expect(told(...first, answeredCall('b', '11:00', 0, { account: 'x' })).conversations).toEqual([
      'a: resolved',
      'b: open',
    ]);
  });
});

describe('the waiting clock', () => {
  it('is one for all segments and starts at the oldest question', () => {
    const story = told(writes('a', '09:00'), writes('b', '09:10', ZALO), missedCall('c', '09:15'));
    expect(story.changes.conversations).toHaveLength(1);
    expect(story.conversationOf('c').clock).toMatchObject({
      waitingSince: at('09:00'),
      waitingItemId: deterministicId('item', 'a'),
    });
  });

  it('stops at any answer in any segment', () => {
    const story = told(writes('a', '09:00'), writes('b', '09:10', ZALO), replies('c', '09:12', ZALO));
    expect(story.conversationOf('a').clock).toMatchObject({
      waitingSince: null,
      stoppedAt: at('09:12'),
      stoppedBy: 'message',
    });
  });

  it('does not stop for a bot, unless the tenant says so', () => {
    const story = [writes('a', '09:00'), botReplies('b', '09:01')];
    expect(told(...story).conversationOf('a').clock.waitingSince).toBe(at('09:00'));
    const rules = { ...DEFAULT_THREAD_RULES, botStopsClock: true };
    expect(view(story, { ...CONTEXT, rules }).conversationOf('a').clock).toMatchObject({
      waitingSince: null,
      stoppedBy: 'message',
    });
  });

  it('does not stop for a message that failed', () => {
    expect(told(writes('a', '09:00'), failsToReply('b', '09:05')).conversationOf('a').clock.waitingSince).toBe(
      at('09:00'),
    );
  });

  it('runs on while a call rings, and stops when it is answered, also for what was written meanwhile', () => {
    const story = told(
      writes('a', '09:00'),
      answeredCall('b', '09:20', 2 * MINUTE),
      writes('c', '09:21'),
      writes('d', '09:23'),
    );
    expect(story.waited('a')).toBe(22);
    expect(story.conversationOf('a').clock.waitingSince).toBe(at('09:23'));
  });

  it('is stopped by a resolve, which tells how long it was', () => {
    const story = told(writes('a', '09:00'), resolves('r', '09:50'));
    expect(story.conversationOf('a').clock).toMatchObject({
      waitingSince: null,
      stoppedBy: 'resolve',
      lastWaitFrom: at('09:00'),
    });
    expect(eventsOf(story)).toEqual(['opened', 'waiting', 'target.started', 'target.stopped', 'resolved']);
  });

  it('a resolve covers only what had been received before it: the rest stays open and waits', () => {
    const story = told(writes('a', '09:00'), writes('b', '09:40', { delay: 2 * HOUR }), resolves('r', '10:00'));
    expect(story.conversations).toEqual(['a b: open']);
    expect(story.conversationOf('a').clock).toMatchObject({
      waitingSince: at('09:40'),
      stoppedBy: 'resolve',
      lastWaitFrom: at('09:00'),
    });
  });

  it('an answer stops what happened before it, whenever that was received', () => {
    const story = told(writes('a', '09:00'), writes('b', '09:40', { delay: 2 * HOUR }), replies('r', '10:00'));
    expect(story.conversationOf('a').clock.waitingSince).toBeNull();
  });

  it('tells each happening once, with an id of its own', () => {
    const { events } = told(
      writes('a', '09:00'),
      replies('b', '09:10'),
      writes('c', '09:20'),
      resolves('r', '10:00'),
      writes('d', '10:30'),
    ).changes;
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.filter(({ type }) => type === 'conversation.replied')).toMatchObject([
      { waitedMs: 10 * MINUTE, by: 'message' },
    ]);
    expect(events.filter(({ type }) => type === 'target.stopped')).toMatchObject([
      { waitedMs: 10 * MINUTE, by: 'message' },
      { waitedMs: 40 * MINUTE, by: 'resolve' },
    ]);
    expect(events.at(-3)).toMatchObject({ type: 'conversation.reopened', cause: deterministicId('event', 'd') });
  });

  it('counts working time before the calendar where there is one', () => {
    const asleep = { between: () => 0, after: () => Infinity };
    expect(clockStage({ waitingSince: 0 }, 2 * HOUR, asleep)).toBe('running');
    expect(clockStage({ waitingSince: 0 }, 7 * DAY, asleep)).toBe('danger');
  });
});

describe('a reference to another thread (T1)', () => {
  const other = { ...MAIL, thread: 'mail2' };

  it('joins its conversation, however long ago that was resolved, and opens it again', () => {
    const story = told(
      writes('question', '09:00', MAIL),
      replies('answer', '09:10', MAIL),
      resolves('done', '09:20', ['mail']),
      writes('again', '+90d 09:00', { ...other, refers: ['nobody', 'answer'] }),
    );
    expect(story.conversations).toEqual(['question answer | again: open']);
    expect(story.segmentOf('again').linkedBy).toBe('reference');
    expect(eventsOf(story)).toContain('reopened');
    expect(story.conversationOf('question').clock.waitingSince).toBe(at('+90d 09:00'));
  });

  it('beats what would have joined by the person alone', () => {
    const story = told(
      writes('old', '09:00', MAIL),
      resolves('done', '09:05', ['mail']),
      writes('chat', '+20d 09:00'),
      writes('again', '+20d 09:10', { ...other, refers: ['old'] }),
    );
    expect(story.conversations).toEqual(['old | again: open', 'chat: open']);
  });

  it.each([
    ['of the same thread, whose windows hold', { ...MAIL, refers: ['question'] }],
    ['of another brand', { ...other, brand: 'other', refers: ['question'] }],
    ['that nobody else sent', { ...other, refers: ['nobody'] }],
    ['that names itself', { ...other, refers: ['again'] }],
  ])('joins nothing %s', (_, where) => {
    const story = told(
      writes('question', '09:00', MAIL),
      resolves('done', '09:20', ['mail']),
      writes('again', '+90d 09:00', where),
    );
    expect(story.conversations).toEqual(['question: resolved', 'again: open']);
    expect(story.segmentOf('again').linkedBy).toBeNull();
  });

  it('lets what goes on in its own thread go on there', () => {
    const story = told(
      writes('question', '09:00', MAIL),
      writes('second', '+10d 09:00', other),
      writes('third', '+10d 09:10', { ...other, refers: ['question'] }),
    );
    expect(story.conversations).toEqual(['question: open', 'second third: open']);
  });

  it("yields to an agent's word", () => {
    const story = told(
      writes('question', '09:00', MAIL),
      writes('again', '+10d 09:00', { ...other, refers: ['question'] }),
      splits('apart', '+10d 10:00', 'again', ['question']),
    );
    expect(story.conversations).toEqual(['question: open', 'again: open']);
  });
});
