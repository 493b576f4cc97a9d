import { Body, Controller, Get, HttpCode, HttpStatus, Post, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { AppliedRulesDto, NewRulesDto, RulesDto, RulesPreviewDto, RuleSetDto } from './rule-set.dto.js';
import { RuleSetService, rulesOf } from './rule-set.service.js';
import { RulesPreviewService } from './rules-preview.service.js';

@ApiTags('rules')
@Controller('v1/rules')
export class RuleSetController {
  constructor(
    private readonly ruleSets: RuleSetService,
    private readonly preview: RulesPreviewService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Thresholds by which people and conversations are computed' })
  @ApiOkResponse({ type: RuleSetDto })
  @ApiProblems()
  read(@Caller() access: Access): Promise<RuleSetDto> {
    return this.ruleSets.read(access);
  }

  @Put()
  @Allow('admin')
  @ApiOperation({
    summary: 'Set the rules',
    description:
      'A new version: all people and conversations are computed anew by it, as a job. What is left out is as it is for whoever has set no rules.',
  })
  @ApiOkResponse({ type: AppliedRulesDto })
  @ApiProblems(409, 422)
  set(@Caller() access: Access, @Body() body: NewRulesDto): Promise<AppliedRulesDto> {
    return this.ruleSets.set(access, body);
  }

  @Post('dry-run')
  @Allow('admin', 'supervisor')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({
    summary: 'Who would be joined, and who would fall apart, by other rules',
    description: 'Writes nothing.',
  })
  @ApiOkResponse({ type: RulesPreviewDto })
  @ApiProblems(422)
  dryRun(@Caller() access: Access, @Body() body: RulesDto): Promise<RulesPreviewDto> {
    return this.preview.preview(access, rulesOf(body));
  }
}
