import type { EntityManager } from 'typeorm';
import { AROUND_THE_CLOCK, type WorkingTime } from '../conversation/clock.rules.js';
import { CalendarRepository } from './calendar.repository.js';
import { WorkingCalendar } from './working-time.rules.js';

const MOST_KEPT = 1_000;

/** Working time of a tenant; around the clock for one without a calendar. */
export type WorkingTimeOf = (tenant: string) => WorkingTime;

/** Tenants' working times as the database has them at that moment; what a calendar comes to is kept. */
export class WorkingTimes {
  private readonly kept = new Map<string, WorkingTime>();

  async of(manager: EntityManager, tenants: Iterable<string>): Promise<WorkingTimeOf> {
    const wanted = [...new Set(tenants)];
    if (wanted.length === 0) return () => AROUND_THE_CLOCK;
    const rows = await new CalendarRepository(manager).latest(wanted);
    const times = new Map<string, WorkingTime>();
    for (const { tenant, version, calendar } of rows) {
      if (calendar === null) continue;
      const key = `${version} ${tenant}`;
      times.set(tenant, this.kept.get(key) ?? this.keep(key, new WorkingCalendar(calendar)));
    }
    return (tenant) => times.get(tenant) ?? AROUND_THE_CLOCK;
  }

  private keep(key: string, time: WorkingTime): WorkingTime {
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(key, time);
    return time;
  }
}
