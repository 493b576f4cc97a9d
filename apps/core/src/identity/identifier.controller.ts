import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { IdentifierQuery, LookedUpDto } from './person.dto.js';
import { LookUpService } from './look-up.service.js';

@ApiTags('identifiers')
@Controller('v1/identifiers')
export class IdentifierController {
  constructor(private readonly lookingUp: LookUpService) {}

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
}
