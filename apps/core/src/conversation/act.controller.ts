import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ACTING_ROLES, type Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { ActDto, ActReasonDto, JoinDto, MoveDto, SplitDto, UndoneDto } from './act.dto.js';
import { ActService } from './act.service.js';

@ApiTags('conversations')
@Allow(...ACTING_ROLES)
@Controller('v1')
export class ActController {
  constructor(private readonly acts: ActService) {}

  @Post('conversations/:id/resolve')
  @ApiOperation({ summary: 'Resolve', description: 'Covers what had been received by then; what comes later reopens.' })
  @ApiCreatedResponse({ type: ActDto })
  @ApiProblems(404, 422)
  resolve(@Caller() access: Access, @Param('id') id: string, @Body() body: ActReasonDto): Promise<ActDto> {
    return this.acts.settle(access, id, 'resolve', body?.reason ?? null);
  }

  @Post('conversations/:id/reopen')
  @ApiOperation({ summary: 'Reopen' })
  @ApiCreatedResponse({ type: ActDto })
  @ApiProblems(404, 422)
  reopen(@Caller() access: Access, @Param('id') id: string, @Body() body: ActReasonDto): Promise<ActDto> {
    return this.acts.settle(access, id, 'reopen', body?.reason ?? null);
  }

  @Post('conversations/:id/join')
  @ApiOperation({
    summary: 'Join with another conversation',
    description: 'One conversation from the beginning, with one clock. The id of either leads to it.',
  })
  @ApiCreatedResponse({ type: ActDto })
  @ApiProblems(404, 409, 422)
  join(@Caller() access: Access, @Param('id') id: string, @Body() body: JoinDto): Promise<ActDto> {
    return this.acts.join(access, id, body.conversationId, body.reason ?? null);
  }

  @Post('conversations/:id/split')
  @ApiOperation({
    summary: 'Split a segment off',
    description: 'It begins a conversation of its own, whose id is answered; the others stay apart from it.',
  })
  @ApiCreatedResponse({ type: ActDto })
  @ApiProblems(404, 422)
  split(@Caller() access: Access, @Param('id') id: string, @Body() body: SplitDto): Promise<ActDto> {
    return this.acts.split(access, id, body.segmentId, body.reason ?? null);
  }

  @Post('conversations/:id/move')
  @ApiOperation({
    summary: 'Move an item or a segment to another conversation',
    description:
      'Of an item, with what follows it in its segment: a customer goes on there. Answers with the conversation in which it is then.',
  })
  @ApiCreatedResponse({ type: ActDto })
  @ApiProblems(404, 409, 422)
  move(@Caller() access: Access, @Param('id') id: string, @Body() body: MoveDto): Promise<ActDto> {
    const { conversationId, reason, ...moved } = body;
    return this.acts.move(access, id, moved, conversationId, reason ?? null);
  }

  @Post('acts/:id/undo')
  @ApiOperation({
    summary: 'Take an act back',
    description:
      'As if it had never been done; conversations are computed anew. Nothing undoes an undo: do the act again.',
  })
  @ApiCreatedResponse({ type: UndoneDto })
  @ApiProblems(404, 422)
  undo(@Caller() access: Access, @Param('id') id: string, @Body() body: ActReasonDto): Promise<UndoneDto> {
    return this.acts.undo(access, id, body?.reason ?? null);
  }
}
