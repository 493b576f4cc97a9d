import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class ActReasonDto {
  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @MaxLength(1000)
  @IsString()
  reason?: string | null;
}

export class JoinDto extends ActReasonDto {
  @ApiProperty({ description: 'Conversation of the same person and brand, by a present or former id.' })
  @MaxLength(64)
  @IsString()
  conversationId!: string;
}

export class SplitDto extends ActReasonDto {
  @ApiProperty({ description: 'Segment of this conversation.' })
  @MaxLength(64)
  @IsString()
  segmentId!: string;
}

export class MoveDto extends JoinDto {
  @ApiPropertyOptional({ description: 'Item of this conversation; what follows it in its segment goes along.' })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  itemId?: string;

  @ApiPropertyOptional({ description: 'Segment of this conversation, instead of an item.' })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  segmentId?: string;
}

export class ActDto {
  @ApiProperty({ format: 'uuid' })
  actId!: string;

  @ApiProperty({ format: 'uuid', description: 'The conversation in which that is now what the act was about.' })
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
