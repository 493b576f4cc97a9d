import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Caller } from '../access/access.guard.js';
import { PageQuery } from '../api/page.dto.js';
import { ApiProblems } from '../api/problem.dto.js';
import { ChannelSwitchDto, TimelineItemDto } from '../timeline/timeline.dto.js';
import { ConversationDto, ConversationsDto, ConversationsQuery } from './conversation.dto.js';
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
}
