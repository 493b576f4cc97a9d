import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IDENTIFIER_CLASSES, IDENTIFIER_TYPES, LINK_LEVELS, PROFILE_FIELDS } from '@lienmach/contracts';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { NAME_SOURCES } from './name.rules.js';
import { REFUSALS } from './evidence.js';

export class IdentifierDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: IDENTIFIER_TYPES })
  type!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Page, OA or app; null where the value is the same everywhere.',
  })
  scope!: string | null;

  @ApiProperty({ example: '+84900000123' })
  value!: string;

  @ApiProperty({ enum: IDENTIFIER_CLASSES, description: 'Shared and blocked ones join nobody.' })
  class!: string;

  @ApiPropertyOptional({
    description: 'Verified for several people, and no agent has said whose it is: it joins nobody by itself.',
  })
  contested?: boolean;
}

export class MemberDto extends IdentifierDto {
  @ApiProperty({
    enum: LINK_LEVELS,
    description: 'How strongly it is tied to the member that gives the person its id.',
  })
  level!: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Since when it is this person’s; only of a number that was somebody else’s before.',
  })
  since?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Since when it is somebody else’s: it is theirs no more, and nothing is sent there.',
  })
  until?: string;
}

export class ConversationLinkDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: ['open', 'resolved'] })
  state!: string;
}

export class PersonSummaryDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiProperty({ type: [MemberDto] })
  identifiers!: MemberDto[];
}

export class NameDto {
  @ApiProperty()
  value!: string;

  @ApiProperty({ enum: NAME_SOURCES, description: 'Who gave it, the weakest first; a channel gives claims.' })
  source!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Of a claim when it was heard first, of others when it was said last.',
  })
  at!: string;
}

export class ProfileValueDto {
  @ApiProperty({ enum: PROFILE_FIELDS })
  field!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null where the token may not see it.' })
  value!: string | null;

  @ApiProperty({ enum: NAME_SOURCES, description: 'Who gave it, the weakest first; a channel gives claims.' })
  source!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Of a claim when it was heard first, of others when it was said last.',
  })
  at!: string;

  @ApiProperty({ description: 'Of the values of a field that of the strongest source, of those the newest.' })
  shown!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'The agent who gave it.' })
  actor!: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Undo this to take it back.' })
  editId!: string | null;
}

export class PersonDto extends PersonSummaryDto {
  @ApiProperty({
    type: [NameDto],
    description: '`name` is the strongest of them, of that the newest. The newest first; at most 100.',
  })
  names!: NameDto[];

  @ApiProperty({
    type: [ProfileValueDto],
    description: 'Everything that was said of the customer, names included, the newest first; at most 500.',
  })
  profile!: ProfileValueDto[];

  @ApiProperty({ type: [String], description: 'Ids under which this person is found as well.' })
  formerIds!: string[];

  @ApiProperty({ type: [ConversationLinkDto], description: 'Open ones first, then the latest; at most 100.' })
  conversations!: ConversationLinkDto[];
}

export class StepDto {
  @ApiProperty({ type: IdentifierDto })
  from!: IdentifierDto;

  @ApiProperty({ type: IdentifierDto })
  to!: IdentifierDto;

  @ApiProperty({ enum: ['same', 'platform', 'record', 'one-time-code', 'claim-then-call', 'claim'] })
  kind!: string;

  @ApiProperty({ enum: ['claimed', 'verified'], description: 'Of the evidence itself.' })
  strength!: string;

  @ApiProperty({ enum: LINK_LEVELS, description: 'Of the tie that the evidence makes.' })
  level!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ format: 'uuid', description: 'Retract this to undo the step.' })
  evidenceId!: string;

  @ApiProperty({ type: [String] })
  evidenceIds!: string[];

  @ApiProperty({ example: 'I5' })
  rule!: string;

  @ApiProperty({ type: String, nullable: true })
  actor!: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

export class RejectedDto extends StepDto {
  @ApiProperty({ enum: REFUSALS })
  because!: string;

  @ApiProperty({ type: [String], description: 'Evidence that stands against it.' })
  against!: string[];
}

export class NewOwnersDto {
  @ApiProperty({ type: IdentifierDto })
  identifier!: IdentifierDto;

  @ApiProperty({ format: 'date-time' })
  since!: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Since when it is the next one’s.' })
  until?: string;

  @ApiProperty({
    enum: ['record', 'agent', 'silence'],
    description:
      'A CRM gave the number to another customer; an agent said so; it called after long silence and somebody new claimed it.',
  })
  because!: string;

  @ApiProperty({ type: [String], description: 'The first is what began it.' })
  evidenceIds!: string[];

  @ApiProperty({ example: 'I13' })
  rule!: string;
}

export class WhyDto {
  @ApiProperty({ type: [StepDto], description: 'From the member that gives the id outwards.' })
  steps!: StepDto[];

  @ApiProperty({ type: [RejectedDto], description: 'Evidence that was not allowed to join.' })
  rejected!: RejectedDto[];

  @ApiProperty({ type: [NewOwnersDto], description: 'Why numbers are this person’s only since some time.' })
  epochs!: NewOwnersDto[];
}

export class CandidateDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiProperty({ enum: LINK_LEVELS })
  level!: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Theirs only until then: it is somebody else’s now.',
  })
  until?: string;
}

export class LookedUpDto {
  @ApiProperty({ type: IdentifierDto })
  identifier!: IdentifierDto;

  @ApiProperty({
    type: [CandidateDto],
    description: 'Its own people first, then those who claimed it, then whose it was formerly (`until`); at most 100.',
  })
  people!: CandidateDto[];
}

export class IdentifierQuery {
  @ApiPropertyOptional({ description: 'Page, OA or app; without it any.' })
  @IsOptional()
  @MaxLength(500)
  @IsString()
  scope?: string;
}
