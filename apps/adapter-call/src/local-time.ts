/** ISO 8601, seconds and zone optional; a blank instead of `T` is what most PBXs write. */
const ISO = /^(\d{4}-\d\d-(\d\d))[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Milliseconds since 1970; without a zone the time is Vietnam's (UTC+7). Null where it is no time. */
export function readTime(at: string): number | null {
  const [, date, day, minute, second = '00', fraction = '', zone = '+07:00'] = ISO.exec(at) ?? [];
  if (date === undefined || Number(day) > daysIn(date)) return null;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.replace(':', '').slice(3) || '00'}`;
  const time = Date.parse(`${date}T${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  return Number.isNaN(time) ? null : time;
}

/** Date.parse rolls 30 February over to March. */
function daysIn(date: string): number {
  return new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0)).getUTCDate();
}
