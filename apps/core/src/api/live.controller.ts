import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Access } from '../access/access.js';
import { Caller } from '../access/access.guard.js';
import { LiveService, type LiveMessage } from './live.service.js';
import { ApiProblems } from './problem.dto.js';

@ApiTags('live')
@Controller('v1/events')
export class LiveController {
  constructor(private readonly live: LiveService) {}

  @Get()
  @ApiOperation({
    summary: 'What changes, as server-sent events',
    description:
      'Each event names a change (`topic`, `type`, `personId`, `conversationId`) and never carries personal data: read what it names. The first event is ' +
      '`ready`, or `reset` when the place of `Last-Event-ID` is older than what is kept (24 hours): then read anew. A stream ends after 15 minutes; come again with the last id.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Id of the last event that was seen' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'A stream that stays open', schema: { type: 'string' } })
  @ApiProblems(422, 503)
  async stream(
    @Caller() access: Access,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    const messages = await this.live.open(access, lastEventId || null, gone.signal);
    const headers = {
      ...reply.getHeaders(),
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      // a stream that ends with the process must not leave an idle connection for which the server waits
      connection: 'close',
    };
    reply.hijack();
    reply.raw.writeHead(200, headers as Record<string, string>);
    await write(messages, reply.raw, gone.signal);
  }
}

/** A slow client is waited for: nothing is read ahead of it. What fails on the way ends the stream, and the client comes again. */
async function write(
  messages: AsyncGenerator<LiveMessage>,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const message of messages) {
      if (signal.aborted) break;
      if (!response.write(textOf(message))) await once(response, 'drain', { signal });
    }
  } catch (error) {
    if (!signal.aborted) response.destroy(error as Error);
  } finally {
    response.end();
  }
}

function textOf({ id, type, data }: LiveMessage): string {
  return type === undefined ? ': still here\n\n' : `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
