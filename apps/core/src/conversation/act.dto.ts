import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class ActReasonDto {
  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @MaxLength(1000)
  @IsString()
  reason?: string | null;
}

export class ActDto {
  @ApiProperty({ format: 'uuid' })
  actId!: string;

  @ApiProperty({ format: 'uuid', description: 'The conversation that the id in the path leads to now.' })
  conversationId!: string;
}

export class UndoneDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the undo, which is a record of its own.' })
  actId!: string;

  @ApiProperty({ format: 'uuid' })
  undoes!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The conversation in which that is now what the act was about; null: in none.',
  })
  conversationId!: string | null;
}
