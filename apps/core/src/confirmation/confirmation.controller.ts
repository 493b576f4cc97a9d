import { Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ACTING_ROLES, type Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { ConfirmationDto, ConfirmationRequestDto, ConfirmationsDto } from './confirmation.dto.js';
import { ConfirmationService } from './confirmation.service.js';

@ApiTags('people')
@Controller('v1')
export class ConfirmationController {
  constructor(private readonly confirmations: ConfirmationService) {}

  @Post('people/:id/confirmations')
  @HttpCode(202)
  @Allow(...ACTING_ROLES)
  @ApiOperation({
    summary: 'Send a one-time code to a claimed number or address',
    description:
      'The customer types it where he claimed the number; then both are verified as one person (rule I3). Nobody sees the code but him. Accepted is not sent: ' +
      '`state` and `delivery` tell what becomes of it.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: true,
    description:
      'Of your choice, one for each code: asked again with it, the same is answered and nothing is sent twice.',
  })
  @ApiAcceptedResponse({ type: ConfirmationDto })
  @ApiProblems(404, 409, 422, 429)
  request(
    @Caller() access: Access,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: ConfirmationRequestDto,
  ): Promise<ConfirmationDto> {
    return this.confirmations.request(access, id, key, body);
  }

  @Get('people/:id/confirmations')
  @ApiOperation({ summary: 'One-time codes that were sent for what this person claimed' })
  @ApiOkResponse({ type: ConfirmationsDto })
  @ApiProblems(404)
  list(@Caller() access: Access, @Param('id') id: string): Promise<ConfirmationsDto> {
    return this.confirmations.list(access, id);
  }

  @Get('confirmations/:id')
  @ApiOperation({ summary: 'How a one-time code stands' })
  @ApiOkResponse({ type: ConfirmationDto })
  @ApiProblems(404)
  get(@Caller() access: Access, @Param('id') id: string): Promise<ConfirmationDto> {
    return this.confirmations.get(access, id);
  }
}
