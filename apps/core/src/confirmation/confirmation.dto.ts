import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { CODE_PLACE, CONFIRMATION_LIMITS, CONFIRMATION_STATES, DEFAULT_TEXT } from './confirmation.rules.js';

/** One place for the code, and no stars that could be taken for it. */
const ONE_CODE = /^(?!.*\*{6})(?!.*\{code\}.*\{code\}).*\{code\}/s;

export class ConfirmationRequestDto {
  @ApiProperty({ format: 'uuid', description: 'A number or address that this person claimed: the code is sent there.' })
  @MaxLength(64)
  @IsString()
  identifierId!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The account that sends; by default one of the brand in whose thread the customer writes.',
  })
  @IsOptional()
  @MaxLength(500)
  @IsString()
  account?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: DEFAULT_TEXT,
    description: `What the customer is told, with \`${CODE_PLACE}\` once where the code shall stand; by default that of the example.`,
  })
  @IsOptional()
  @Matches(ONE_CODE, { message: `text must have ${CODE_PLACE} once, and no mask` })
  @MaxLength(300)
  @MinLength(1)
  @IsString()
  text?: string | null;
}

export class ConfirmationDto {
  @ApiProperty({ format: 'uuid', description: 'Also the id of the message in the timeline of whose the number is.' })
  id!: string;

  @ApiProperty({ format: 'uuid', description: 'The number or address to which the code was sent.' })
  identifierId!: string;

  @ApiProperty({ format: 'uuid', description: 'Who claimed it: the code counts where this identifier writes it.' })
  claimantId!: string;

  @ApiProperty({ description: 'By which it was sent.' })
  channel!: string;

  @ApiProperty()
  account!: string;

  @ApiProperty({ enum: CONFIRMATION_STATES })
  state!: (typeof CONFIRMATION_STATES)[number];

  @ApiProperty({
    type: String,
    nullable: true,
    description: `Why it failed: \`too-many-guesses\` (${CONFIRMATION_LIMITS.guesses} are allowed), or why the message was not taken.`,
  })
  reason!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'What became of the message, as of any in a timeline.' })
  delivery!: string | null;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'What is typed later counts for nothing; what is heard of later does.',
  })
  expiresAt!: string;

  @ApiProperty({ description: 'Who asked for it.' })
  actor!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the customer typed the code.' })
  confirmedAt!: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Retract this to undo what it confirmed.' })
  evidenceId!: string | null;
}

export class ConfirmationsDto {
  @ApiProperty({ type: [ConfirmationDto], description: 'The newest first; at most 100.' })
  items!: ConfirmationDto[];
}
