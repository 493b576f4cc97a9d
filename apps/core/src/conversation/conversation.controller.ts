import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ACTING_ROLES, type Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { PageQuery } from '../api/page.dto.js';
import { ApiProblems } from '../api/problem.dto.js';
import { ChannelSwitchDto, TimelineItemDto } from '../timeline/timeline.dto.js';
import { ActDto, ActReasonDto, ConversationDto, ConversationsDto, ConversationsQuery } from './conversation.dto.js';
import { ConversationService } from './conversation.service.js';

@ApiTags('conversations')
@ApiExtraModels(TimelineItemDto, ChannelSwitchDto)
@Controller('v1/conversations')
export class ConversationController {
  constructor(private readonly conversations: ConversationService) {}

  @Get()
  @ApiOperation({
    summary: 'Conversations of the tenant',
    description: 'One that moves while you page is at its new place.',
  })
  @ApiOkResponse({ type: ConversationsDto })
  @ApiProblems(422)
  list(@Caller() access: Access, @Query() query: ConversationsQuery): Promise<ConversationsDto> {
    return this.conversations.list(access, query);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'One conversation with its items and clock',
    description: 'A former id answers with the present conversation. `cursor` and `limit` are those of its items.',
  })
  @ApiOkResponse({ type: ConversationDto })
  @ApiProblems(404, 422)
  get(@Caller() access: Access, @Param('id') id: string, @Query() query: PageQuery): Promise<ConversationDto> {
    return this.conversations.get(access, id, query);
  }

  @Post(':id/resolve')
  @Allow(...ACTING_ROLES)
  @ApiOperation({ summary: 'Resolve', description: 'Covers what had been received by then; what comes later reopens.' })
  @ApiCreatedResponse({ type: ActDto })
  @ApiProblems(404, 422)
  resolve(@Caller() access: Access, @Param('id') id: string, @Body() body: ActReasonDto): Promise<ActDto> {
    return this.conversations.act(access, id, 'resolve', body?.reason ?? null);
  }

  @Post(':id/reopen')
  @Allow(...ACTING_ROLES)
  @ApiOperation({ summary: 'Reopen' })
  @ApiCreatedResponse({ type: ActDto })
  @ApiProblems(404, 422)
  reopen(@Caller() access: Access, @Param('id') id: string, @Body() body: ActReasonDto): Promise<ActDto> {
    return this.conversations.act(access, id, 'reopen', body?.reason ?? null);
  }
}
