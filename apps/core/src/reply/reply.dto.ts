import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  IsUrl,
  MaxLength,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { REPLY_ATTACHMENT_KINDS, type ReplyAttachmentKind } from '@lienmach/contracts';
import { REPLY_WARNINGS, type ReplyWarning } from './reply.rules.js';

export class ReplyAttachmentDto {
  @ApiProperty({ enum: REPLY_ATTACHMENT_KINDS })
  @IsIn(REPLY_ATTACHMENT_KINDS)
  kind!: ReplyAttachmentKind;

  @ApiProperty({ format: 'uri', description: 'https; where the vendor can fetch it until the reply is sent.' })
  @MaxLength(2_048)
  @IsUrl({ protocols: ['https'], require_protocol: true })
  url!: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'Of the file, where the channel shows it.' })
  @IsOptional()
  @MaxLength(255)
  @IsString()
  name?: string | null;
}

/** Attachments of one reply; a channel may allow fewer. */
const MOST_ATTACHMENTS = 10;

export class ReplyRequestDto {
  @ApiPropertyOptional({
    minLength: 1,
    description:
      'As the customer will read it. How long it may be, the channel says. It may be left out beside attachments.',
  })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @ValidateIf(({ text, attachments }: ReplyRequestDto) => Boolean(text) || !attachments?.length)
  @IsString()
  @MinLength(1)
  @MaxLength(20_000)
  text?: string | null;

  @ApiPropertyOptional({
    type: [ReplyAttachmentDto],
    description: 'Which kinds and how many, the channel says: what it cannot carry is refused with what it can.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_ATTACHMENTS)
  @ValidateNested({ each: true })
  @Type(() => ReplyAttachmentDto)
  attachments?: ReplyAttachmentDto[] | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: "A channel of the conversation; by default that of the customer's last word.",
  })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  channel?: string | null;

  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    nullable: true,
    description:
      "The customer's item of the conversation that is answered, by default his last word: the reply goes to its thread, and quotes it where the channel can.",
  })
  @IsOptional()
  @IsUUID()
  itemId?: string | null;

  @ApiPropertyOptional({
    type: Boolean,
    nullable: true,
    description:
      'Answers what everybody can read, a comment, so that only the customer can: one message for each comment, within the time that the channel gives.',
  })
  @IsOptional()
  @IsBoolean()
  private?: boolean | null;
}

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
      '`unverified`: nothing proves that the customer of that thread is the one who wrote last; say nothing there that only the other may know. `public`: it answers a comment, and everybody reads it.',
  })
  warnings!: ReplyWarning[];
}
