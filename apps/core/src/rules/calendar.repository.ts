import type { EntityManager } from 'typeorm';
import { milliseconds as ms } from '../database/recordset.js';
import type { Calendar } from './calendar.js';

export interface CalendarRow {
  readonly tenant: string;
  /** Counts from 1. */
  readonly version: number;
  /** null: around the clock. */
  readonly calendar: Calendar | null;
  /** Since when, milliseconds. */
  readonly at: number;
  readonly actor: string;
}

/** SQL over tenants' calendars: the latest version of each counts. */
export class CalendarRepository {
  constructor(private readonly manager: EntityManager) {}

  latest(tenants: readonly string[]): Promise<CalendarRow[]> {
    return this.manager.query(
      `SELECT DISTINCT ON (tenant) tenant, version, calendar, ${ms('at', 'at')}, actor FROM core.calendar
       WHERE tenant = ANY($1) ORDER BY tenant, version DESC`,
      [tenants],
    );
  }

  /** @returns false: somebody else has added a version meanwhile */
  async add({ tenant, version, calendar, at, actor }: CalendarRow): Promise<boolean> {
    const rows: unknown[] = await this.manager.query(
      `INSERT INTO core.calendar (tenant, version, calendar, at, actor) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING version`,
      [tenant, version, calendar && JSON.stringify(calendar), new Date(at).toISOString(), actor],
    );
    return rows.length > 0;
  }

  /** Tenants whose calendar has changed since the timers were set. */
  async takeChanged(): Promise<string[]> {
    const rows: { tenant: string }[] = await this.manager.query(
      `WITH changed AS (UPDATE core.calendar SET applied = true WHERE NOT applied RETURNING tenant) SELECT DISTINCT tenant FROM changed`,
    );
    return rows.map(({ tenant }) => tenant);
  }
}
