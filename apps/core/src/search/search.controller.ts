import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { PeopleDto, SearchDto, SearchQuery } from './search.dto.js';
import { SearchService } from './search.service.js';

@ApiTags('search')
@Controller('v1')
export class SearchController {
  constructor(private readonly searching: SearchService) {}

  @Get('search')
  @ApiOperation({
    summary: 'Find people and messages',
    description:
      'Messages by their text, a mail by its subject too, a call by its transcript, a form by its fields; an edited one by its new text, a removed one not at all.',
  })
  @ApiOkResponse({ type: SearchDto })
  @ApiProblems(422)
  search(@Caller() access: Access, @Query() query: SearchQuery): Promise<SearchDto> {
    return this.searching.everything(access, query);
  }

  @Get('people')
  @ApiOperation({
    summary: 'Find people',
    description:
      'By their names and identifiers, also those that somebody only claimed, and by a code in their latest messages. Of very many, those known by their name last.',
  })
  @ApiOkResponse({ type: PeopleDto })
  @ApiProblems(422)
  people(@Caller() access: Access, @Query() query: SearchQuery): Promise<PeopleDto> {
    return this.searching.people(access, query);
  }
}
