import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsISO8601, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { IdentifierDto, RejectedDto } from './person.dto.js';

export class ReasonDto {
  @ApiProperty({ description: 'Why; kept beside the record.', example: 'Confirmed on the phone' })
  @MaxLength(1000)
  @MinLength(1)
  @IsString()
  reason!: string;
}

export class SameAsDto extends ReasonDto {
  @ApiProperty({ format: 'uuid' })
  @MaxLength(64)
  @IsString()
  personId!: string;
}

export class DifferentFromDto extends ReasonDto {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Sets every member of the one against every member of the other.',
  })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  personId?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Sets this identifier against every other member of the person.',
  })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  identifierId?: string;
}

export class SayNewOwnerDto extends ReasonDto {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Since when the number is somebody else’s; by default since now. With a zone.',
    example: '2026-11-20T09:00:00+07:00',
  })
  @IsOptional()
  @MaxLength(40)
  @IsISO8601({ strict: true, strictSeparator: true })
  since?: string;
}

export class NewOwnerDto {
  @ApiProperty({ format: 'uuid', description: 'Retract this to undo it.' })
  evidenceId!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Whose the number is since then; null while this is still computed.',
  })
  personId!: string | null;
}

export class DryRunQuery {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Answers 200 with what would happen and writes nothing.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  dryRun: boolean = false;
}

export class AssertedDto {
  @ApiProperty({ format: 'uuid', description: 'Retract this to undo it, all pairs of it.' })
  evidenceId!: string;

  @ApiProperty({ format: 'uuid', description: 'The person that the id in the path leads to now.' })
  personId!: string;
}

export class RetractedDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the retraction, which is a record of its own.' })
  evidenceId!: string;

  @ApiProperty({ format: 'uuid' })
  retracts!: string;
}

export class MemberSetDto {
  @ApiProperty({ type: String, nullable: true, description: 'Null: in nobody.' })
  personId!: string | null;

  @ApiProperty({ type: [IdentifierDto] })
  identifiers!: IdentifierDto[];
}

export class ChangeDto {
  @ApiProperty({ format: 'uuid' })
  personId!: string;

  @ApiProperty({ type: [MemberSetDto] })
  before!: MemberSetDto[];

  @ApiProperty({ type: [MemberSetDto] })
  after!: MemberSetDto[];
}

export class PreviewDto {
  @ApiProperty({ type: [ChangeDto] })
  joins!: ChangeDto[];

  @ApiProperty({ type: [ChangeDto] })
  splits!: ChangeDto[];

  @ApiProperty({ type: [RejectedDto], description: 'Refusals that would be new; of same-as, the reason of a 409.' })
  conflicts!: RejectedDto[];
}
