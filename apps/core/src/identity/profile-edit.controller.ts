import { Body, Controller, HttpCode, HttpStatus, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ACTING_ROLES, type Access } from '../access/access.js';
import { Allow, Caller } from '../access/access.guard.js';
import { ApiProblems } from '../api/problem.dto.js';
import { ReasonDto } from './evidence.dto.js';
import { PersonDto } from './person.dto.js';
import { EditPersonDto, EditUndoneDto } from './profile-edit.dto.js';
import { ProfileEditService } from './profile-edit.service.js';

@ApiTags('people')
@Controller('v1')
@Allow(...ACTING_ROLES)
export class ProfileEditController {
  constructor(private readonly edits: ProfileEditService) {}

  @Patch('people/:id')
  @ApiOperation({
    summary: 'Say what a customer is called, where he lives …',
    description:
      'Each field is a record of its own, by whom and why. It is shown before what channels say and after what a CRM says, whatever comes later. ' +
      'Fields that are left out stay as they are; null takes back what agents said.',
  })
  @ApiOkResponse({ type: PersonDto })
  @ApiProblems(404, 422)
  edit(@Caller() access: Access, @Param('id') id: string, @Body() body: EditPersonDto): Promise<PersonDto> {
    return this.edits.edit(access, id, body);
  }

  @Post('profile-edits/:id/undo')
  @HttpCode(HttpStatus.CREATED)
  @ApiOperation({
    summary: 'Take an edit back',
    description: 'As if it had never been; what was said before is shown.',
  })
  @ApiCreatedResponse({ type: EditUndoneDto })
  @ApiProblems(404, 422)
  undo(@Caller() access: Access, @Param('id') id: string, @Body() { reason }: ReasonDto): Promise<EditUndoneDto> {
    return this.edits.undo(access, id, reason);
  }
}
