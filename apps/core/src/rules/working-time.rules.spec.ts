import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Calendar } from './calendar.js';
import { HOLIDAYS } from './holidays.rules.js';
import { WorkingCalendar } from './working-time.rules.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const office = ['08:00-12:00', '13:30-17:30'];
const shop: Calendar = {
  zone: 'Asia/Ho_Chi_Minh',
  week: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: ['08:00-12:00'] },
  holidays: 'VN',
  days: { '2026-11-27': ['10:00-11:00'], '2026-04-30': ['09:00-10:00'] },
};
const calendar = new WorkingCalendar(shop);
/** In Vietnam. */
const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+07:00`);
const show = (time: number): string =>
  time === Infinity ? 'never' : new Date(time + 7 * HOUR).toISOString().slice(0, 16).replace('T', ' ');

describe('a shop with a lunch break, a short Saturday and holidays', () => {
  // 23 November 2026 is a Monday
  it.each([
    ['within a block', '2026-11-23 08:10', 30, '2026-11-23 08:40'],
    ['from before the day begins', '2026-11-23 06:00', 30, '2026-11-23 08:30'],
    ['to the very end of a block', '2026-11-23 11:30', 30, '2026-11-23 12:00'],
    ['over lunch', '2026-11-23 11:45', 30, '2026-11-23 13:45'],
    ['from within lunch', '2026-11-23 12:20', 30, '2026-11-23 14:00'],
    ['over the night', '2026-11-23 17:20', 60, '2026-11-24 08:50'],
    ['over the weekend', '2026-11-28 11:50', 30, '2026-11-30 08:20'],
    ['over several days', '2026-11-23 08:00', 17 * 60, '2026-11-25 09:00'],
    ['on a day that differs', '2026-11-26 17:20', 60, '2026-11-27 10:50'],
    ['over Tết', '2026-02-15 09:00', 30, '2026-02-21 08:30'],
    ['on a holiday that is worked', '2026-04-29 17:20', 60, '2026-04-30 09:50'],
  ])('waits %s', (_name, from, minutes, until) => {
    expect(show(calendar.after(at(from), minutes * MINUTE))).toBe(until);
    expect(calendar.between(at(from), at(until))).toBe(minutes * MINUTE);
  });

  it('has no working time in nights, breaks and holidays', () => {
    expect(calendar.between(at('2026-11-23 12:00'), at('2026-11-23 13:30'))).toBe(0);
    expect(calendar.between(at('2026-11-23 17:30'), at('2026-11-24 08:00'))).toBe(0);
    expect(calendar.between(at('2027-02-05 00:00'), at('2027-02-10 00:00'))).toBe(0);
  });

  it('is what a wait by minutes would be, wherever it begins', () => {
    const from = fc.integer({ min: at('2026-01-01 00:00'), max: at('2027-12-31 00:00') });
    fc.assert(
      fc.property(from, fc.integer({ min: 1, max: 3 * 24 * HOUR }), (start, duration) => {
        const end = calendar.after(start, duration);
        expect(calendar.between(start, end)).toBe(duration);
        expect(calendar.between(start, end - 1)).toBe(duration - 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('other calendars', () => {
  it('without any working time never come to an end', () => {
    expect(new WorkingCalendar({ ...shop, week: {}, days: {} }).after(at('2026-11-23 08:00'), 1)).toBe(Infinity);
  });

  it('may work through midnight', () => {
    const always = ['00:00-24:00'];
    const week = { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always };
    const night = new WorkingCalendar({ zone: shop.zone, week, holidays: null, days: {} });
    expect(show(night.after(at('2026-11-23 23:50'), 30 * MINUTE))).toBe('2026-11-24 00:20');
    expect(night.between(at('2026-11-23 00:00'), at('2026-12-07 00:00'))).toBe(14 * 24 * HOUR);
  });

  it('follow the clocks of their zone', () => {
    // clocks go forward at 02:00 on 29 March 2026 in Berlin
    const berlin = new WorkingCalendar({
      zone: 'Europe/Berlin',
      week: { sun: ['01:00-04:00'] },
      holidays: null,
      days: {},
    });
    expect(berlin.between(Date.parse('2026-03-28T00:00:00Z'), Date.parse('2026-03-30T00:00:00Z'))).toBe(2 * HOUR);
  });
});

describe('the holidays of Vietnam', () => {
  const DAY = 24 * HOUR;
  const dayOf = (time: number): string => show(time).slice(0, 10);

  /** New moons with which the first and the third month of the lunar year begin, by the day in Vietnam. */
  it.each([
    ['2026', '2026-02-17T12:01Z', '2026-04-17T11:52Z'],
    ['2027', '2027-02-06T15:56Z', '2027-04-06T23:51Z'],
  ])('of %s are those of the law: by the sun, and Tết and the Hùng Kings by the moon', (year, first, third) => {
    const tet = [-1, 0, 1, 2, 3].map((day) => dayOf(Date.parse(first) + day * DAY));
    const kings = dayOf(Date.parse(third) + 9 * DAY);
    const fixed = ['01-01', '04-30', '05-01', '09-01', '09-02'].map((day) => `${year}-${day}`);
    const own = [...HOLIDAYS['VN']!].filter((day) => day.startsWith(year));
    expect(own).toEqual([...tet, kings, ...fixed].sort());
  });
});
