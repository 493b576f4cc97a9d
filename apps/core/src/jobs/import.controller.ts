import { Controller, HttpCode, HttpStatus, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { ImportService, LARGEST_BODY } from './import.service.js';
import { JobStartedDto } from './job.dto.js';

const LINE = { crmId: 'KH-7', phones: ['0900 000 123'], emails: ['lan@example.com'], name: 'Nguyễn Thị Lan' };

@ApiTags('identities')
@Controller('v1/identities')
@Allow('admin', 'supervisor', 'service')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  @Post('import')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({
    summary: 'Take in customers of a CRM or a till',
    description: [
      'One JSON object a line: `{crmId?, loyaltyId?, phones[], emails[], name?, validFrom?, validTo?}`, with `crmId` or `loyaltyId` and something to tie to it.',
      'A line that is none is told by the job, and the others are taken in. The same lines again change nothing.',
      `At most ${LARGEST_BODY / 1024 / 1024} MiB; send a larger file in several requests.`,
    ].join('\n\n'),
  })
  @ApiConsumes('application/x-ndjson')
  @ApiBody({ schema: { type: 'string', example: JSON.stringify(LINE) } })
  @ApiAcceptedResponse({ type: JobStartedDto })
  @ApiProblems(413, 415, 422)
  start(@Caller() access: Access, @Req() request: FastifyRequest): Promise<JobStartedDto> {
    return this.imports.accept(access, request.body);
  }
}
