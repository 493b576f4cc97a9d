import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
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
