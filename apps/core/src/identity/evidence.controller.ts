import { Body, Controller, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ACTING_ROLES, type Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import {
  AssertedDto,
  DifferentFromDto,
  DryRunQuery,
  PreviewDto,
  ReasonDto,
  RetractedDto,
  SameAsDto,
} from './evidence.dto.js';
import { EvidenceService } from './evidence.service.js';

@ApiTags('evidence')
@Controller('v1')
@Allow(...ACTING_ROLES)
export class EvidenceController {
  constructor(private readonly evidence: EvidenceService) {}

  @Post('people/:id/same-as')
  @ApiOperation({ summary: 'Say that two people are one', description: 'Repeated, it gives the same record.' })
  @ApiCreatedResponse({ type: AssertedDto })
  @ApiOkResponse({ type: PreviewDto, description: 'With dryRun' })
  @ApiProblems(404, 409, 422)
  async sameAs(
    @Caller() access: Access,
    @Param('id') id: string,
    @Body() { personId, reason }: SameAsDto,
    @Query() { dryRun }: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AssertedDto | PreviewDto> {
    if (!dryRun) return this.evidence.sameAs(access, id, personId, reason);
    reply.status(HttpStatus.OK);
    return this.evidence.previewSameAs(access, id, personId, reason);
  }

  @Post('people/:id/different-from')
  @ApiOperation({ summary: 'Say that two are not one', description: 'Name either a person or an identifier.' })
  @ApiCreatedResponse({ type: AssertedDto })
  @ApiOkResponse({ type: PreviewDto, description: 'With dryRun' })
  @ApiProblems(404, 422)
  async differentFrom(
    @Caller() access: Access,
    @Param('id') id: string,
    @Body() { reason, ...other }: DifferentFromDto,
    @Query() { dryRun }: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AssertedDto | PreviewDto> {
    if (!dryRun) return this.evidence.differentFrom(access, id, other, reason);
    reply.status(HttpStatus.OK);
    return this.evidence.previewDifferentFrom(access, id, other, reason);
  }

  @Post('evidence/:id/retract')
  @HttpCode(HttpStatus.CREATED)
  @ApiOperation({
    summary: 'Take evidence back',
    description: 'As if it had never been said; people are computed anew.',
  })
  @ApiCreatedResponse({ type: RetractedDto })
  @ApiProblems(404, 422)
  retract(@Caller() access: Access, @Param('id') id: string, @Body() { reason }: ReasonDto): Promise<RetractedDto> {
    return this.evidence.retract(access, id, reason);
  }
}
