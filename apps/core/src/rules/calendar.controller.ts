import { Body, Controller, Delete, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { CalendarDto, CalendarVersionDto } from './calendar.dto.js';
import { CalendarService } from './calendar.service.js';

@ApiTags('rules')
@Controller('v1/calendar')
export class CalendarController {
  constructor(private readonly calendars: CalendarService) {}

  @Get()
  @ApiOperation({ summary: 'Working time', description: 'In it half an hour and an hour of waiting are counted.' })
  @ApiOkResponse({ type: CalendarVersionDto })
  @ApiProblems()
  read(@Caller() access: Access): Promise<CalendarVersionDto> {
    return this.calendars.read(access);
  }

  @Put()
  @Allow('admin')
  @ApiOperation({
    summary: 'Set the working time',
    description: 'Waits that go on are measured by it at once; what was told stays told.',
  })
  @ApiOkResponse({ type: CalendarVersionDto })
  @ApiProblems(409, 422)
  set(@Caller() access: Access, @Body() body: CalendarDto): Promise<CalendarVersionDto> {
    return this.calendars.set(access, body);
  }

  @Delete()
  @Allow('admin')
  @ApiOperation({ summary: 'Work around the clock' })
  @ApiOkResponse({ type: CalendarVersionDto })
  @ApiProblems(409)
  remove(@Caller() access: Access): Promise<CalendarVersionDto> {
    return this.calendars.set(access, null);
  }
}
