import { describe, expect, it } from '@jest/globals';
import { CHANNELS, REPLY_MASK, type ChannelEvent } from '@lienmach/contracts';
import {
  accountToSend,
  CODE_DIGITS,
  CODE_PLACE,
  codeHash,
  codesTyped,
  confirmingAttempt,
  DEFAULT_TEXT,
  maskedText,
  secondsToWait,
  standingOf,
  threadOf,
  type Attempt,
} from './confirmation.rules.js';

const says = (text: string | null, changed: object = {}): ChannelEvent =>
  ({
    data: { kind: 'message', direction: 'inbound', author: { kind: 'customer' }, content: { text }, ...changed },
  }) as unknown as ChannelEvent;

describe('codes in the words of a customer', () => {
  it.each([
    ['123456', ['123456']],
    ['Mã là 123456 nhé', ['123456']],
    ['ma:123456.', ['123456']],
    ['123 456', ['123456']],
    ['123-456', ['123456']],
    ['123456 hay là 654321, 123456?', ['123456', '654321']],
    ['1234567', []],
    ['DH123456', []],
    ['0900 000 123', []],
    ['giá 500.000 đồng', []],
    ['1 234 567', []],
    ['12345', []],
    [null, []],
  ])('%s', (text, codes) => expect(codesTyped(says(text))).toEqual(codes));

  it.each([
    ['the shop’s own', { direction: 'outbound', author: { kind: 'agent' } }],
    ['a machine’s', { automatic: 'auto-reply' }],
    ['a comment', { kind: 'comment' }],
  ])('not in %s', (_what, changed) => expect(codesTyped(says('123456', changed))).toEqual([]));
});

const attempt = (eventId: string, at: number, correct: number | null = null, codes = 1): Attempt => ({
  eventId,
  at,
  codes,
  correct,
});

describe('what confirms', () => {
  const wrong = (count: number, from = 0): Attempt[] =>
    Array.from({ length: count }, (_, index) => attempt(`w${index}`, from + index));

  it('is the first right code by event time, in whatever order it is heard of', () => {
    const [early, late] = [attempt('b', 5, 1), attempt('a', 9, 1)];
    expect(confirmingAttempt([late, early], 5)).toBe(early);
    expect(confirmingAttempt([early, late], 5)).toBe(early);
    expect(confirmingAttempt([attempt('b', 5, 1), attempt('a', 5, 1)], 5)?.eventId).toBe('a');
  });

  it('is nothing once the guesses are used up before it', () => {
    expect(confirmingAttempt([...wrong(4), attempt('r', 9, 1)], 5)?.eventId).toBe('r');
    expect(confirmingAttempt([...wrong(5), attempt('r', 9, 1)], 5)).toBeNull();
    // heard of late, they stand before it all the same
    expect(confirmingAttempt([attempt('r', 9, 1), ...wrong(5)], 5)).toBeNull();
  });

  it('counts every code of a message, up to the right one', () => {
    expect(confirmingAttempt([attempt('r', 1, 5, 9)], 5)?.eventId).toBe('r');
    expect(confirmingAttempt([attempt('r', 1, 6, 9)], 5)).toBeNull();
    expect(confirmingAttempt([attempt('w', 1, null, 4), attempt('r', 2, 2, 2)], 5)).toBeNull();
  });
});

describe('how a confirmation stands', () => {
  const facts = { attempts: [] as Attempt[], guesses: 5, expiresAt: 100, delivery: null };
  const failed = { state: 'failed', reason: 'no such number' };
  it.each([
    ['pending until it ends', facts, 100, 'pending', null],
    ['expired then', facts, 101, 'expired', null],
    ['confirmed for good', { ...facts, attempts: [attempt('r', 50, 1)] }, 101, 'confirmed', null],
    ['failed with the message', { ...facts, delivery: failed }, 50, 'failed', 'no such number'],
    ['failed by guesses', { ...facts, attempts: [attempt('w', 5, null, 5)] }, 50, 'failed', 'too-many-guesses'],
    // whoever typed it had it, whatever the vendor says
    ['confirmed before that', { ...facts, attempts: [attempt('r', 5, 1)], delivery: failed }, 50, 'confirmed', null],
  ] as const)('%s', (_what, given, now, state, reason) => {
    expect(standingOf(given, now)).toMatchObject({ state, reason });
  });
});

describe('the text', () => {
  it('fits into one text message, and is as long with the code as with its mask', () => {
    expect(DEFAULT_TEXT.length).toBeLessThanOrEqual(70);
    expect([CODE_PLACE.length, REPLY_MASK.length]).toEqual([CODE_DIGITS, CODE_DIGITS]);
    expect(maskedText(DEFAULT_TEXT)).toContain(`: ${REPLY_MASK}.`);
  });

  it('goes into the thread of the address, or one of its own', () => {
    expect(threadOf({ to: 'phone', thread: 'address' }, '+84900000123', 'id')).toBe('+84900000123');
    expect(threadOf({ to: 'email', thread: 'own' }, 'an@example.com', 'id')).toBe('id');
  });

  it('can be sent wherever a first message can', () => {
    for (const channel of CHANNELS) if ('firstMessage' in channel) expect(channel).toHaveProperty('reply');
  });
});

it('a code is kept as a hash of the tenant, the confirmation and the code', () => {
  const hash = codeHash(Buffer.alloc(32, 1), 'c', '123456').toString('hex');
  expect(hash).toBe(codeHash(Buffer.alloc(32, 1), 'c', '123456').toString('hex'));
  for (const other of [
    codeHash(Buffer.alloc(32, 2), 'c', '123456'),
    codeHash(Buffer.alloc(32, 1), 'd', '123456'),
    codeHash(Buffer.alloc(32, 1), 'c', '123457'),
  ])
    expect(other.toString('hex')).not.toBe(hash);
});

it('the account of the brand in which the customer writes sends, else the first', () => {
  const account = (id: string, brand: string) => ({ channel: 'sms', vendor: 'twilio', id, brand });
  const [one, two] = [account('1', 'A'), account('2', 'B')];
  expect(accountToSend([two, one], 'B')).toBe(two);
  expect(accountToSend([two, one], 'C')).toBe(one);
  expect(accountToSend([], 'A')).toBeUndefined();
});

describe('asking again', () => {
  const minute = 60_000;
  const now = 1_000 * minute;
  const times = (count: number, ago: number): number[] => Array.from({ length: count }, () => now - ago);
  it.each([
    ['the first time', [], [], null],
    ['at once', [now - 10_000], [], 50],
    ['after a minute', [now - minute], [], null],
    ['the sixth time in a day', times(5, 60 * minute), [], 23 * 3600],
    ['the sixth time, the next day', times(5, 24 * 60 * minute), [], null],
    ['the eleventh time for the person', [], times(10, 2 * minute), 24 * 3600 - 120],
  ])('%s', (_what, toIdentifier, forPerson, seconds) => {
    expect(secondsToWait({ toIdentifier, forPerson }, now)).toBe(seconds);
  });
});
