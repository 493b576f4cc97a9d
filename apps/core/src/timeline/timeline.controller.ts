import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { ChannelSwitchDto, TimelineDto, TimelineItemDto, TimelineQuery } from './timeline.dto.js';
import { TimelineService } from './timeline.service.js';

@ApiTags('people')
@ApiExtraModels(TimelineItemDto, ChannelSwitchDto)
@Controller('v1/people/:id/timeline')
export class TimelineController {
  constructor(private readonly timeline: TimelineService) {}

  @Get()
  @ApiOperation({ summary: 'Everything of one person over all channels, newest first' })
  @ApiOkResponse({ type: TimelineDto })
  @ApiProblems(404, 422)
  read(@Caller() access: Access, @Param('id') id: string, @Query() query: TimelineQuery): Promise<TimelineDto> {
    return this.timeline.ofPerson(access, id, query);
  }
}
