import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import { TenantDatabase } from '../database/tenant-database.js';
import type { Calendar } from './calendar.js';
import type { CalendarVersionDto } from './calendar.dto.js';
import { CalendarRepository, type CalendarRow } from './calendar.repository.js';

@Injectable()
export class CalendarService {
  constructor(private readonly database: TenantDatabase) {}

  read({ tenant }: Access): Promise<CalendarVersionDto> {
    return this.database.read(tenant, async ({ manager }) => {
      const [row] = await new CalendarRepository(manager).latest([tenant]);
      return shapeOf(row);
    });
  }

  /** @param calendar null: around the clock. @throws Problem 409 when two set it at once */
  set({ tenant, actor }: Access, calendar: Calendar | null): Promise<CalendarVersionDto> {
    return this.database.write(tenant, async ({ manager }) => {
      const repository = new CalendarRepository(manager);
      const [before] = await repository.latest([tenant]);
      const row = { tenant, version: (before?.version ?? 0) + 1, calendar, at: Date.now(), actor };
      if (!(await repository.add(row)))
        throw Problem.conflict('Somebody else has just set the calendar: read it and try again', {});
      return shapeOf(row);
    });
  }
}

function shapeOf(row: CalendarRow | undefined): CalendarVersionDto {
  if (!row) return { calendar: null, version: 0, changedAt: null, changedBy: null };
  const { calendar, version, at, actor } = row;
  return {
    calendar: calendar as CalendarVersionDto['calendar'],
    version,
    changedAt: new Date(at).toISOString(),
    changedBy: actor,
  };
}
