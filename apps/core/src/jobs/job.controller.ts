import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { JobDto } from './job.dto.js';
import { JobService } from './job.service.js';

@ApiTags('jobs')
@Controller('v1/jobs')
export class JobController {
  constructor(private readonly jobs: JobService) {}

  @Get(':id')
  @ApiOperation({ summary: 'How far a long piece of work is' })
  @ApiOkResponse({ type: JobDto })
  @ApiProblems(404)
  get(@Caller() access: Access, @Param('id') id: string): Promise<JobDto> {
    return this.jobs.get(access, id);
  }
}
