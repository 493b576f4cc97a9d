import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class ReplyRequestDto {
  @ApiProperty({ minLength: 1, description: 'As the customer will read it. How long it may be, the channel says.' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @IsString()
  @MinLength(1)
  @MaxLength(20_000)
  text!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: "A channel of the conversation; by default that of the customer's last word.",
  })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  channel?: string | null;
}

export const REPLY_WARNINGS = ['unverified'] as const;

export class ReplyDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Id of the item in the timeline, whose `delivery` tells what becomes of it.',
  })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  conversationId!: string;

  @ApiProperty({ description: 'Where it goes.' })
  channel!: string;

  @ApiProperty({ enum: ['queued'] })
  delivery!: 'queued';

  @ApiProperty({
    enum: REPLY_WARNINGS,
    isArray: true,
    description:
      '`unverified`: nothing proves that the customer of that thread is the one who wrote last; say nothing there that only the other may know.',
  })
  warnings!: (typeof REPLY_WARNINGS)[number][];
}
