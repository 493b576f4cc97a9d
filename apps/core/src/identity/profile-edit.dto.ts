import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { GENDERS } from '@lienmach/contracts';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ReasonDto } from './evidence.dto.js';

const LONGEST = 500;

export class EditPersonDto extends ReasonDto {
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Of any field, null takes back what agents said.' })
  @IsOptional()
  @MaxLength(LONGEST)
  @IsString()
  name?: string | null;

  @ApiPropertyOptional({ enum: GENDERS, type: String, nullable: true })
  @IsOptional()
  @MaxLength(LONGEST)
  @IsString()
  gender?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: '1999-10-30' })
  @IsOptional()
  @MaxLength(LONGEST)
  @IsString()
  birthday?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'In one line.' })
  @IsOptional()
  @MaxLength(LONGEST)
  @IsString()
  address?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'vi', description: 'That the customer speaks.' })
  @IsOptional()
  @MaxLength(LONGEST)
  @IsString()
  language?: string | null;
}

export class EditUndoneDto {
  @ApiProperty({ format: 'uuid', description: 'The edit that is as if it had never been.' })
  undoes!: string;

  @ApiProperty({ format: 'uuid', type: String, nullable: true, description: 'The person whom it was about.' })
  personId!: string | null;
}
