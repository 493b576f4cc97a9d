import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventTime, isoTime } from './event-time.js';

const received = Date.UTC(2026, 10, 20, 2, 15);
const minute = 60_000;
const day = 24 * 60 * minute;

describe('eventTime', () => {
  it.each([
    ['a moment ago', received - 300, { time: received - 300, clock: false, late: false }],
    ['none', null, { time: received, clock: false, late: false }],
    ['ten minutes ago', received - 10 * minute, { time: received - 10 * minute, clock: false, late: false }],
    [
      'just over ten minutes ago',
      received - 10 * minute - 1,
      { time: received - 10 * minute - 1, clock: false, late: true },
    ],
    ['five minutes ahead', received + 5 * minute, { time: received + 5 * minute, clock: false, late: false }],
    ['more than five minutes ahead', received + 5 * minute + 1, { time: received, clock: true, late: false }],
    ['last week', received - 7 * day - 1, { time: received - 7 * day - 1, clock: false, late: true }],
    ['2004', Date.UTC(2004, 0, 1), { time: Date.UTC(2004, 0, 1), clock: false, late: true }],
    ['before 2004', Date.UTC(2004, 0, 1) - 1, { time: received, clock: true, late: false }],
    ['seconds taken for milliseconds', 1_763_604_900, { time: received, clock: true, late: false }],
    ['not a number', NaN, { time: received, clock: true, late: false }],
    ['a fraction', received - 0.5, { time: received - 1, clock: false, late: false }],
  ])('%s', (_name, given, expected) => {
    expect(eventTime(given, received, 'chat')).toEqual(expected);
  });

  it('takes a mail’s Date only within seven days', () => {
    expect(eventTime(received - 7 * day, received, 'mail')).toMatchObject({ clock: false, late: true });
    expect(eventTime(received - 7 * day - 1, received, 'mail')).toEqual({ time: received, clock: true, late: false });
  });
});

describe('isoTime', () => {
  it('is what Date says, whatever was asked before', () => {
    const times = fc.array(fc.integer({ min: -1e12, max: 8e15 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(times, (given) => {
        for (const time of given.flatMap((each) => [each, each + 1, each + 59_999]))
          expect(isoTime(time)).toBe(new Date(time).toISOString());
      }),
    );
  });
});
