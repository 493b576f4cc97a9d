import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { PageQuery } from '../api/page.dto.js';
import { ApiProblems } from '../api/problem.dto.js';
import { AccountChangeDto, AccountsDto, AccountTestDto, AccountWithChangesDto, NewAccountDto } from './account.dto.js';
import { AccountService } from './account.service.js';
import { AccountTestService } from './account-test.service.js';

const PATH = ':channel/:vendor/:id';

@ApiTags('accounts')
@Controller('v1/accounts')
export class AccountController {
  constructor(
    private readonly accounts: AccountService,
    private readonly tests: AccountTestService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Pages, hotlines, mailboxes of the tenant' })
  @ApiOkResponse({ type: AccountsDto })
  @ApiProblems(422)
  list(@Caller() access: Access, @Query() query: PageQuery): Promise<AccountsDto> {
    return this.accounts.list(access, query);
  }

  @Get(PATH)
  @ApiOperation({ summary: 'One account, and who changed it' })
  @ApiOkResponse({ type: AccountWithChangesDto })
  @ApiProblems(404)
  get(
    @Caller() access: Access,
    @Param('channel') channel: string,
    @Param('vendor') vendor: string,
    @Param('id') id: string,
  ): Promise<AccountWithChangesDto> {
    return this.accounts.get(access, { channel, vendor, id });
  }

  @Post()
  @Allow('admin')
  @ApiOperation({
    summary: 'Add an account',
    description:
      'Its door opens at once. A secret that stands in the address of a vendor who signs nothing is made where none is given.',
  })
  @ApiBody({ type: NewAccountDto })
  @ApiCreatedResponse({ type: AccountWithChangesDto })
  @ApiProblems(409, 422)
  create(@Caller() access: Access, @Body() body: Record<string, unknown>): Promise<AccountWithChangesDto> {
    return this.accounts.create(access, body);
  }

  @Patch(PATH)
  @Allow('admin')
  @ApiOperation({
    summary: 'Change an account',
    description: 'What is not named stays; null takes a setting away. Adapters use the change at once.',
  })
  @ApiBody({ type: AccountChangeDto })
  @ApiOkResponse({ type: AccountWithChangesDto })
  @ApiProblems(404, 422)
  change(
    @Caller() access: Access,
    @Param('channel') channel: string,
    @Param('vendor') vendor: string,
    @Param('id') id: string,
    @Body() body: Record<string, unknown>,
  ): Promise<AccountWithChangesDto> {
    return this.accounts.change(access, { channel, vendor, id }, body);
  }

  @Post(`${PATH}/test`)
  @HttpCode(200)
  @Allow('admin')
  @ApiOperation({
    summary: 'Test an account',
    description: 'Its adapter asks the vendor whether he knows it by these credentials. Nothing is changed or sent.',
  })
  @ApiOkResponse({ type: AccountTestDto })
  @ApiProblems(404, 503)
  test(
    @Caller() access: Access,
    @Param('channel') channel: string,
    @Param('vendor') vendor: string,
    @Param('id') id: string,
  ): Promise<AccountTestDto> {
    return this.tests.test(access, { channel, vendor, id });
  }
}
