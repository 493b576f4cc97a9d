import { Body, Controller, Get, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ACTING_ROLES, type Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { DryRunQuery, NewOwnerDto, PreviewDto, SayNewOwnerDto } from './evidence.dto.js';
import { IdentifierQuery, LookedUpDto } from './person.dto.js';
import { LookUpService } from './look-up.service.js';
import { NewOwnerService } from './new-owner.service.js';

@ApiTags('identifiers')
@Controller('v1/identifiers')
export class IdentifierController {
  constructor(
    private readonly lookingUp: LookUpService,
    private readonly newOwner: NewOwnerService,
  ) {}

  @Get(':type/:value')
  @ApiOperation({
    summary: 'An identifier and the people it may be',
    description: 'A phone number in any Vietnamese notation. One that was never seen is answered with nobody.',
  })
  @ApiOkResponse({ type: LookedUpDto })
  @ApiProblems(422)
  lookUp(
    @Caller() access: Access,
    @Param('type') type: string,
    @Param('value') value: string,
    @Query() { scope }: IdentifierQuery,
  ): Promise<LookedUpDto> {
    return this.lookingUp.lookUp(access, type, value, scope);
  }

  @Post(':id/new-owner')
  @Allow(...ACTING_ROLES)
  @ApiOperation({
    summary: 'Say that a telephone number is somebody else’s',
    description:
      'What it did until then stays with whoever had it. Repeated before the new owner did anything, it gives the same record; to undo it, retract that.',
  })
  @ApiCreatedResponse({ type: NewOwnerDto })
  @ApiOkResponse({ type: PreviewDto, description: 'With dryRun' })
  @ApiProblems(404, 409, 422)
  async sayNewOwner(
    @Caller() access: Access,
    @Param('id') id: string,
    @Body() { since, reason }: SayNewOwnerDto,
    @Query() { dryRun }: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewOwnerDto | PreviewDto> {
    if (!dryRun) return this.newOwner.say(access, id, since, reason);
    reply.status(HttpStatus.OK);
    return this.newOwner.tell(access, id, since, reason);
  }
}
