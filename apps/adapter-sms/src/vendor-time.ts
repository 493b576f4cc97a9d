const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/;
/** `yyyyMMddHHmmss`; with a short year the seconds may be missing. */
const DIGITS = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/;
const VIETNAM = '+07:00';

/**
 * Milliseconds since 1970; null where it is no time.
 * @param zone of a time that names none; Vietnam's by default
 */
export function readTime(text: string | null, zone: 'Z' | '+07:00' = VIETNAM): number | null {
  const given = text?.trim() ?? '';
  const [, date, time, fraction = '', offset = zone] = ISO.exec(given) ?? [];
  if (date !== undefined) return parse(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${colon(offset)}`, date);
  const whole = given.length === 14 ? given : `20${given}`;
  const [, year, month, day, hour, minute, second = '00'] = DIGITS.exec(whole) ?? [];
  if (year === undefined) return null;
  return parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.000${zone}`, `${year}-${month}-${day}`);
}

const colon = (offset: string): string => offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');

function parse(iso: string, date: string): number | null {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return null;
  // Date.parse rolls 30 February over to March
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date) ? time : null;
}
