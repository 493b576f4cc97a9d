import { describe, expect, it } from '@jest/globals';
import { MINUTE } from './fixtures/events.js';
import { permutations } from './fixtures/permutations.js';
import {
  MAIL,
  ZALO,
  answeredCall,
  at,
  foldStory,
  joins,
  missedCall,
  moves,
  replies,
  reopens,
  resolves,
  splits,
  thanks,
  view,
  writes,
  type Told,
  type View,
} from './fixtures/story.js';
import { follows } from './thread.rules.js';

/** Every order of a short story; of a longer one, whose orders are too many, every beginning, forwards and backwards. */
function orders(story: Told[]): Told[][] {
  if (story.length < 6) return permutations(story);
  const turns = story.map((_, index) => [...story.slice(index), ...story.slice(0, index)]);
  return [...turns, ...turns.map((turn) => turn.reverse())];
}

/** The story as it is told, which has to be the same in every order of arrival. */
function told(...story: Told[]): View {
  const [first, ...others] = orders(story).map((order) => view(order));
  for (const { changes } of others) expect(changes).toEqual(first!.changes);
  return first!;
}

const WEB = { thread: 'web', identifier: 'visitor', channel: 'web' } as const;
const days = (name: string, day: number, where = {}): Told => writes(name, `+${day}d 09:00`, where);

describe('a join', () => {
  const apart = [writes('a', '09:00'), days('b', 4, ZALO)];
  const joined = joins('j', '+5d 09:00', ['a'], ['b']);

  it.each<[string, Told[], string[]]>([
    ['without it', apart, ['a: open', 'b: open']],
    ['makes one of two conversations', [...apart, joined], ['a | b: open']],
    ['whichever was named first', [...apart, joins('j', '+5d 09:00', ['b'], ['a'])], ['a | b: open']],
    [
      'takes along what the rules linked to either',
      [...apart, missedCall('c', '+4d 10:00'), joined],
      ['a | b | c: open'],
    ],
    ['of a resolved and an open one is open', [...apart, resolves('r', '+4d 09:30'), joined], ['a | b: open']],
    [
      'of two that are resolved is resolved',
      [...apart, resolves('r', '+4d 09:30'), resolves('s', '+4d 09:40', ['zalo']), joined],
      ['a | b: resolved'],
    ],
    [
      'does not reach over brands',
      [writes('a', '09:00', { brand: 'x' }), days('b', 4, ZALO), joined],
      ['a: open', 'b: open'],
    ],
    ['means nothing while the other is not this person’s', [writes('a', '09:00'), joined], ['a: open']],
    [
      'three by two words',
      [...apart, days('c', 8, MAIL), joins('k', '+9d 09:00', ['c'], ['b']), joined],
      ['a | b | c: open'],
    ],
  ])('%s', (_, story, conversations) => {
    expect(told(...story).conversations).toEqual(conversations);
  });

  it('shows which segment came by it, and says so of none that would be there anyway', () => {
    const story = told(...apart, missedCall('c', '+4d 10:00'), joined);
    expect(['a', 'b', 'c'].map((name) => story.segmentOf(name).linkedBy)).toEqual([null, 'agent', 'same-person']);
    const needless = told(writes('a', '09:00'), writes('b', '09:10', ZALO), joins('j', '10:00', ['a'], ['b']));
    expect(needless.segmentOf('b').linkedBy).toBe('same-person');
  });

  it('has one clock from the beginning: what one answered, the other does not wait for', () => {
    const story = told(...apart, replies('r', '+4d 09:10', ZALO), joined);
    expect(story.conversationOf('a').clock).toMatchObject({ waitingSince: null, stoppedAt: at('+4d 09:10') });
    expect(story.waited('a')).toBe(4 * 24 * 60 + 10);
  });

  it('holds when an earlier message of the other segment comes late', () => {
    const late = writes('late', '+4d 08:50', { ...ZALO, delay: 120 * MINUTE });
    const story = told(...apart, joined, late);
    expect(story.conversations).toEqual(['a | late b: open']);
    expect(story.segmentOf('late').linkedBy).toBe('agent');
  });

  it('holds when late messages come before both', () => {
    const story = told(
      ...apart,
      joined,
      writes('x', '08:00', { delay: 5 * MINUTE }),
      writes('y', '+4d 08:00', { ...ZALO, delay: 5 * MINUTE }),
    );
    expect(story.conversations).toEqual(['x a | y b: open']);
  });
});

describe('a split', () => {
  const together = [writes('a', '09:00'), writes('b', '09:10', ZALO)];
  const split = splits('s', '10:00', 'b', ['a']);

  it.each<[string, Told[], string[]]>([
    ['without it', together, ['a | b: open']],
    ['gives a segment a conversation of its own', [...together, split], ['a: open', 'b: open']],
    ['of the first segment leaves the others', [...together, splits('s', '10:00', 'a', ['b'])], ['a: open', 'b: open']],
    [
      'of the first of three leaves two together',
      [...together, writes('c', '09:20', MAIL), splits('s', '10:00', 'a', ['b', 'c'])],
      ['a: open', 'b | c: open'],
    ],
    [
      'is not undermined by a third conversation that would take it',
      [writes('o', '08:00', WEB), splits('q', '09:30', 'a', ['o']), ...together, splits('s', '10:00', 'b', ['a'])],
      ['o: open', 'a: open', 'b: open'],
    ],
    ['beats an earlier join', [...together, joins('j', '09:30', ['a'], ['b']), split], ['a: open', 'b: open']],
    ['yields to a later one', [...together, split, joins('j', '11:00', ['a'], ['b'])], ['a | b: open']],
    [
      'what comes later goes to the one with the customer’s last word',
      [...together, split, writes('c', '10:30'), writes('d', '10:40', MAIL)],
      ['a c | d: open', 'b: open'],
    ],
    [
      'a message that comes late before it was not meant',
      [...together, split, writes('late', '09:05', { ...ZALO, delay: 60 * MINUTE })],
      ['a | late: open', 'b: open'],
    ],
    [
      'means nothing where the rest is not this person’s',
      [writes('a', '08:00', ZALO), writes('b', '09:10', ZALO), splits('s', '10:00', 'b', ['x'])],
      ['a b: open'],
    ],
  ])('%s', (_, story, conversations) => {
    expect(told(...story).conversations).toEqual(conversations);
  });

  it('gives each its own clock', () => {
    const story = told(...together, replies('r', '09:20', ZALO), split);
    expect(story.conversationOf('a').clock.waitingSince).toBe(at('09:00'));
    expect(story.waited('b')).toBe(10);
  });
});

describe('a move', () => {
  const two = [writes('a', '09:00'), days('b', 4, ZALO), writes('c', '+4d 09:05'), replies('d', '+4d 09:06')];

  it.each<[string, Told[], string[]]>([
    ['without it', two, ['a c d: open', 'b: open']],
    [
      'takes an item, and what follows it in its thread, to another conversation',
      [...two, moves('m', '+4d 10:00', 'c', ['b'], ['a'])],
      ['a: open', 'b | c d: open'],
    ],
    [
      'goes on there',
      [...two, moves('m', '+4d 10:00', 'c', ['b'], ['a']), writes('e', '+4d 11:00')],
      ['a: open', 'b | c d e: open'],
    ],
    [
      'back again is as before, but for the cut',
      [...two, moves('m', '+4d 10:00', 'c', ['b'], ['a']), moves('n', '+4d 11:00', 'c', ['a'], ['b'])],
      ['a | c d: open', 'b: open'],
    ],
    [
      'of all that a conversation has leaves none behind',
      [writes('a', '09:00'), days('b', 4, ZALO), moves('m', '+5d 09:00', 'b', ['a'])],
      ['a | b: open'],
    ],
    [
      'to a younger conversation takes the rest of the old one not along',
      [
        writes('a', '09:00'),
        writes('b', '09:30', MAIL),
        days('c', 4, ZALO),
        moves('m', '+4d 10:00', 'a', ['c'], ['b']),
      ],
      ['a | c: open', 'b: open'],
    ],
    [
      'of a call',
      [...two, answeredCall('e', '+4d 09:10'), moves('m', '+4d 10:00', 'e', ['b'], ['a'])],
      ['a c d: open', 'b | e: open'],
    ],
  ])('%s', (_, story, conversations) => {
    expect(told(...story).conversations).toEqual(conversations);
  });

  it('of a thanks makes it no question', () => {
    const story = told(
      writes('a', '09:00'),
      days('b', 4, ZALO),
      replies('d', '+4d 09:06'),
      replies('e', '+4d 09:07', ZALO),
      thanks('t', '+4d 09:10'),
      moves('m', '+4d 10:00', 't', ['b'], ['a']),
    );
    expect(story.conversations).toEqual(['a d: open', 'b e | t: open']);
    expect(story.conversationOf('t').clock.waitingSince).toBeNull();
  });

  it('leaves resolved what was resolved before it, on both sides of the cut', () => {
    const story = told(...two, resolves('r', '+4d 09:30'), moves('m', '+4d 10:00', 'c', ['b'], ['a']));
    expect(story.conversations).toEqual(['a: resolved', 'b | c d: open']);
    expect(story.segmentOf('c').resolvedAt).toBe(at('+4d 09:30'));
    const open = told(
      ...two,
      resolves('r', '+4d 09:30'),
      moves('m', '+4d 10:00', 'c', ['b'], ['a']),
      reopens('o', '+4d 09:40'),
    );
    expect(open.conversations).toEqual(['a: open', 'b | c d: open']);
  });

  it('a resolve after it means the side that its agent saw', () => {
    const moved = [...two, moves('m', '+4d 10:00', 'c', ['b'], ['a'])];
    const old = told(...moved, resolves('r', '+4d 11:00', ['fb'], { seenAt: at('09:00') }));
    expect(old.conversations).toEqual(['a: resolved', 'b | c d: open']);
    const moving = told(...moved, resolves('r', '+4d 11:00', ['fb', 'zalo'], { seenAt: at('+4d 09:06') }));
    expect(moving.conversations).toEqual(['a: open', 'b | c d: resolved']);
  });
});

describe('of several acts each can be left out', () => {
  const story = [writes('a', '09:00'), days('b', 4, ZALO), writes('c', '+4d 09:10', MAIL)];
  const join = joins('j', '+5d 09:00', ['a'], ['b', 'c']);
  const split = splits('s', '+5d 10:00', 'c', ['a', 'b']);

  it.each<[string, Told[], string[]]>([
    ['none', [], ['a: open', 'b | c: open']],
    ['the earlier alone', [join], ['a | b | c: open']],
    ['the later alone', [split], ['a: open', 'b: open', 'c: open']],
    ['both', [join, split], ['a | b: open', 'c: open']],
  ])('%s', (_, acts, conversations) => {
    expect(told(...story, ...acts).conversations).toEqual(conversations);
  });

  it('a word about what has become one segment counts before an earlier one that would part it', () => {
    const silence = [writes('a', '09:00'), days('b', 40, MAIL), days('x', 80), days('y', 88)];
    const split = splits('s', '+89d 09:00', 'x', ['b']);
    const join = joins('j', '+90d 09:00', ['y'], ['b']);
    const answered = replies('r', '+80d 10:00');
    expect(told(...silence, answered, split, join).conversations).toEqual(['a: open', 'b | y: open', 'x r: open']);
    const filled = told(...silence, answered, split, join, replies('late', '+84d 09:00'));
    expect(filled.conversations).toEqual(['a: open', 'b | x r late y: open']);
  });
});

describe('the state of threads that agents arranged', () => {
  const named = [writes('a', '09:00'), joins('j', '10:00', ['a'], ['b'])];

  it('remembers whom the acts await, and goes on with everybody else', () => {
    const { state } = foldStory(named);
    const entry = ({ items, acts }: Told) => [...items.map((item) => ({ item })), ...acts.map((act) => ({ act }))];
    expect(follows(state, entry(writes('c', '11:00', MAIL)))).toBe(true);
    expect(follows(state, entry(writes('b', '11:00', ZALO)))).toBe(false);
    expect(follows(state, entry(resolves('r', '11:00')))).toBe(false);
    expect(follows(foldStory([writes('a', '09:00')]).state, entry(named[1]!))).toBe(false);
  });

  it('is not there where nobody arranged anything', () => {
    expect(foldStory([writes('a', '09:00')]).state).not.toHaveProperty('arranged');
  });
});
