export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A stretch of a day's working time, `HH:MM-HH:MM`; it ends at the latest at 24:00. */
export type Block = string;

/** When a tenant works. */
export interface Calendar {
  /** Of the IANA time zone database. */
  readonly zone: string;
  /** By weekday, several a day; a day that is not named is free. */
  readonly week: Readonly<Partial<Record<Weekday, readonly Block[]>>>;
  /** Country whose public holidays are free; null: none are. */
  readonly holidays: string | null;
  /** Single days, `yyyy-mm-dd`, that differ: their blocks, or none. They stand above week and holidays. */
  readonly days: Readonly<Record<string, readonly Block[]>>;
}
