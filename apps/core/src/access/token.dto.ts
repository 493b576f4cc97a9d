import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { ROLES, type Role } from './access.js';

export class NewTokenDto {
  @ApiPropertyOptional({
    description: 'By default the tenant that the request acts for. Only the operator may name another.',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(63)
  tenant?: string;

  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role!: Role;

  @ApiProperty({ description: 'Written beside what the token does.', example: 'Lan, evening shift' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name!: string;
}

export class TokenDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  tenant!: string;

  @ApiProperty({ enum: ROLES })
  role!: Role;

  @ApiProperty()
  name!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
}

export class MadeTokenDto extends TokenDto {
  @ApiProperty({ description: 'The token itself: shown this once, stored as a hash.' })
  token!: string;
}

export class TokensDto {
  @ApiProperty({ type: [TokenDto] })
  items!: TokenDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: a tenant has few tokens.' })
  next!: string | null;
}
