import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Access } from '../access/access.js';
import { Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { PersonDto, WhyDto } from './person.dto.js';
import { PersonService } from './person.service.js';

@ApiTags('people')
@Controller('v1/people')
export class PersonController {
  constructor(private readonly people: PersonService) {}

  @Get(':id')
  @ApiOperation({ summary: 'One person', description: 'A former id answers with the present person.' })
  @ApiOkResponse({ type: PersonDto })
  @ApiProblems(404)
  get(@Caller() access: Access, @Param('id') id: string): Promise<PersonDto> {
    return this.people.get(access, id);
  }

  @Get(':id/why')
  @ApiOperation({ summary: 'The evidence that makes these identifiers one person' })
  @ApiOkResponse({ type: WhyDto })
  @ApiProblems(404)
  why(@Caller() access: Access, @Param('id') id: string): Promise<WhyDto> {
    return this.people.why(access, id);
  }
}
