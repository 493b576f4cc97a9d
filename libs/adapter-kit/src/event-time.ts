import type { Family } from '@lienmach/contracts';

/** What the envelope says of time. */
export interface EventTime {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The vendor's time was impossible and receipt stands in for it. */
  readonly clock: boolean;
  /** Received more than ten minutes after it happened. */
  readonly late: boolean;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const AHEAD = 5 * MINUTE;
const LATE = 10 * MINUTE;
/** Facebook began in 2004; an earlier time is a clock that was never set. */
const EARLIEST = Date.UTC(2004, 0, 1);
/** A mail's Date is the sender's own word. */
const MAIL_PAST = 7 * DAY;

/**
 * Mends the vendor's time, once and for all readers.
 * @param given milliseconds since 1970; null where the vendor gives none, which makes it the time of receipt
 * @param received milliseconds since 1970
 */
export function eventTime(given: number | null, received: number, family: Family): EventTime {
  if (given === null) return { time: received, clock: false, late: false };
  const earliest = family === 'mail' ? received - MAIL_PAST : EARLIEST;
  // written so that NaN is impossible too
  const possible = given >= earliest && given <= received + AHEAD;
  if (!possible) return { time: received, clock: true, late: false };
  return { time: Math.trunc(given), clock: false, late: received - given > LATE };
}

let lastMinute = NaN;
let prefix = '';

/** As `Date#toISOString` gives it; a door says the same minute thousands of times. */
export function isoTime(milliseconds: number): string {
  const minute = Math.floor(milliseconds / MINUTE);
  if (minute !== lastMinute) {
    prefix = new Date(minute * MINUTE).toISOString().slice(0, -'00.000Z'.length);
    lastMinute = minute;
  }
  // a thousand more keeps the leading zeros
  const digits = String(milliseconds - minute * MINUTE + 100_000);
  return `${prefix}${digits.slice(1, 3)}.${digits.slice(3)}Z`;
}
