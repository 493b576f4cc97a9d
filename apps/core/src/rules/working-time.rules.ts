import { DateTime } from 'luxon';
import type { WorkingTime } from '../conversation/clock.rules.js';
import { WEEKDAYS, type Block, type Calendar } from './calendar.js';
import { HOLIDAYS } from './holidays.rules.js';

/** Further ahead nothing is looked for: who does not work within a year does not work. */
const MOST_DAYS_AHEAD = 366;
const MOST_KEPT = 1_000;

type Span = readonly [from: number, to: number];

/** Minutes since midnight. */
export function minutesOf(block: Block): [number, number] {
  const [from, to] = block.split('-').map((time) => {
    const [hours, minutes] = time.split(':').map(Number);
    return hours! * 60 + minutes!;
  });
  return [from!, to!];
}

/** Working time by a tenant's calendar. */
export class WorkingCalendar implements WorkingTime {
  private readonly kept = new Map<string, readonly Span[]>();

  constructor(private readonly calendar: Calendar) {}

  between(from: number, to: number): number {
    let sum = 0;
    for (let day = this.dayOf(from); day.toMillis() < to; day = next(day)) {
      for (const [begin, end] of this.spansOf(day)) sum += Math.max(0, Math.min(end, to) - Math.max(begin, from));
    }
    return sum;
  }

  after(from: number, duration: number): number {
    let left = duration;
    let day = this.dayOf(from);
    for (let ahead = 0; ahead < MOST_DAYS_AHEAD; ahead += 1, day = next(day)) {
      for (const [begin, end] of this.spansOf(day)) {
        const start = Math.max(begin, from);
        if (start >= end) continue;
        if (start + left <= end) return start + left;
        left -= end - start;
      }
    }
    return Infinity;
  }

  private dayOf(at: number): DateTime {
    return DateTime.fromMillis(at, { zone: this.calendar.zone }).startOf('day');
  }

  /** In order; where clocks are put forward or back a block is as long as it really is. */
  private spansOf(day: DateTime): readonly Span[] {
    const date = day.toISODate()!;
    let spans = this.kept.get(date);
    if (!spans) {
      spans = this.blocksOf(date, day.weekday)
        .map(minutesOf)
        .sort(([a], [b]) => a - b)
        .map(([from, to]): Span => [wall(day, from), wall(day, to)]);
      if (this.kept.size >= MOST_KEPT) this.kept.clear();
      this.kept.set(date, spans);
    }
    return spans;
  }

  private blocksOf(date: string, weekday: number): readonly Block[] {
    const { days, holidays, week } = this.calendar;
    if (Object.hasOwn(days, date)) return days[date]!;
    if (holidays !== null && HOLIDAYS[holidays]?.has(date)) return [];
    return week[WEEKDAYS[weekday - 1]!] ?? [];
  }
}

const next = (day: DateTime): DateTime => day.plus({ days: 1 }).startOf('day');

/** What the clock on the wall shows so many minutes into the day. */
const wall = (day: DateTime, minutes: number): number =>
  day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis();
