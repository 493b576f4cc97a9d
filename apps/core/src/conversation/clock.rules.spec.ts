import { describe, expect, it } from '@jest/globals';
import { clockStage, stagesReached, type WorkingTime } from './clock.rules.js';
import type { Stage } from './timed-item.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SINCE = 1_000 * DAY;

/** A day that is worked from its beginning for so long. */
const working = (perDay: number): WorkingTime => ({
  between: (from, to) => Math.floor((to - from) / DAY) * perDay + Math.min(perDay, (to - from) % DAY),
  after: (from, duration) => from + Math.floor(duration / perDay) * DAY + (duration % perDay),
});
const never: WorkingTime = { between: () => 0, after: () => Infinity };

describe('stagesReached', () => {
  it.each<[string, Stage, number, WorkingTime | undefined, [string, number][], number | null]>([
    ['nothing yet', 'running', 30 * MINUTE - 1, undefined, [], 30 * MINUTE],
    ['the warning at its very moment', 'running', 30 * MINUTE, undefined, [['warned', 30 * MINUTE]], HOUR],
    ['each once', 'warned', 59 * MINUTE, undefined, [], HOUR],
    ['the breach', 'warned', HOUR, undefined, [['breached', HOUR]], 7 * DAY],
    [
      'all that passed while nobody looked, with the times at which they passed',
      'running',
      9 * DAY,
      undefined,
      [
        ['warned', 30 * MINUTE],
        ['breached', HOUR],
        ['danger', 7 * DAY],
      ],
      null,
    ],
    ['nothing after the danger', 'danger', 90 * DAY, undefined, [], null],
    [
      'the warning by working time',
      'running',
      DAY + 5 * MINUTE,
      working(25 * MINUTE),
      [['warned', DAY + 5 * MINUTE]],
      2 * DAY + 10 * MINUTE,
    ],
    ['nothing in closing time', 'running', DAY, working(25 * MINUTE), [], DAY + 5 * MINUTE],
    ['the danger by the calendar, and then no warning', 'running', 8 * DAY, never, [['danger', 7 * DAY]], null],
    ['the danger alone where no day is worked', 'running', DAY, never, [], 7 * DAY],
    [
      'the danger before a warning that would come later',
      'running',
      40 * DAY,
      working(MINUTE),
      [['danger', 7 * DAY]],
      null,
    ],
  ])('tells %s', (_name, told, waited, calendar, reached, next) => {
    const found = stagesReached(SINCE, told, SINCE + waited, calendar);
    expect(found.reached.map(({ stage, at }) => [stage, at - SINCE])).toEqual(reached);
    expect(found.next).toBe(next === null ? null : SINCE + next);
  });

  it('ends where the stage that is shown stands, whenever it is asked', () => {
    for (const calendar of [undefined, working(25 * MINUTE), working(MINUTE), never]) {
      let told: Stage = 'running';
      for (let waited = 0; waited < 9 * DAY; waited += 7 * MINUTE) {
        const now = SINCE + waited;
        told = stagesReached(SINCE, told, now, calendar).reached.at(-1)?.stage ?? told;
        expect({ waited, told }).toEqual({ waited, told: clockStage({ waitingSince: SINCE }, now, calendar) });
      }
    }
  });
});
