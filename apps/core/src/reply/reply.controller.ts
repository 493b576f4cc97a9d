import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ACTING_ROLES, type Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { ReplyDto, ReplyRequestDto } from './reply.dto.js';
import { ReplyService } from './reply.service.js';

@ApiTags('conversations')
@Controller('v1/conversations')
export class ReplyController {
  constructor(private readonly replies: ReplyService) {}

  @Post(':id/replies')
  @HttpCode(202)
  @Allow(...ACTING_ROLES)
  @ApiOperation({
    summary: 'Answer the customer',
    description:
      "Goes to the thread of the customer's last word, or of the named channel or item. Accepted is not sent: the item of that id in the timeline tells what became " +
      'of it, by `delivery`. Where nothing can be sent, `reason` says why (`window-closed`, `channel-sends-nothing`, `no-such-thread`, `somebody-elses-now`, `no-private-answer`, `answered-privately`) and `channels` which ' +
      'channels of the conversation are open; it never goes there by itself.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: true,
    description:
      'Of your choice, one for each reply: asked again with it, the same is answered and nothing is sent twice.',
  })
  @ApiAcceptedResponse({ type: ReplyDto })
  @ApiProblems(404, 409, 422)
  reply(
    @Caller() access: Access,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: ReplyRequestDto,
  ): Promise<ReplyDto> {
    return this.replies.reply(access, id, key, body);
  }
}
