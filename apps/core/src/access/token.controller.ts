import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../api/problem.dto.js';
import type { Access } from './access.js';
import { Allow, Caller } from './access.guard.js';
import { AccessService } from './access.service.js';
import { MadeTokenDto, NewTokenDto, TokensDto } from './token.dto.js';

@ApiTags('tokens')
@Controller('v1/tokens')
@Allow('admin')
export class TokenController {
  constructor(private readonly access: AccessService) {}

  @Post()
  @ApiOperation({ summary: 'Make a token' })
  @ApiCreatedResponse({ type: MadeTokenDto })
  @ApiProblems(422)
  create(@Caller() access: Access, @Body() body: NewTokenDto): Promise<MadeTokenDto> {
    return this.access.create(access, body);
  }

  @Get()
  @ApiOperation({ summary: 'Tokens that hold, without their secrets' })
  @ApiOkResponse({ type: TokensDto })
  @ApiProblems()
  async list(@Caller() access: Access): Promise<TokensDto> {
    return { items: await this.access.list(access), next: null };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a token, at once' })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async revoke(@Caller() access: Access, @Param('id') id: string): Promise<void> {
    await this.access.revoke(access, id);
  }
}
