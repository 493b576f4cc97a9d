import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CLOCK_STAGES, LINK_REASONS } from '@lienmach/contracts';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../api/page.dto.js';
import { TIMELINE_ENTRY, type TimelineEntry } from '../timeline/timeline.dto.js';

export const STATES = ['open', 'resolved'] as const;
export type ConversationState = (typeof STATES)[number];

export class ConversationsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: STATES })
  @IsOptional()
  @IsIn(STATES)
  state?: ConversationState;

  @ApiPropertyOptional({ description: 'Only conversations that went over this channel.' })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  channel?: string;

  @ApiPropertyOptional({
    type: Boolean,
    description: 'true: only those in which a customer waits, the longest first; false: the others.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  waiting?: boolean;
}

export class ClockDto {
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when the oldest unanswered item waits.',
  })
  waitingSince!: string | null;

  @ApiProperty({ enum: CLOCK_STAGES })
  stage!: string;

  @ApiProperty({ enum: ['message', 'call', 'resolve'], nullable: true, description: 'What stopped it last.' })
  stoppedBy!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  stoppedAt!: string | null;
}

export class ConversationSummaryDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: STATES })
  state!: ConversationState;

  @ApiProperty({ format: 'uuid' })
  personId!: string;

  @ApiProperty({ type: [String], description: 'In order of first appearance.' })
  channels!: string[];

  @ApiProperty({ description: 'A segment of it may belong to another conversation as well (T6).' })
  ambiguous!: boolean;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty({ format: 'date-time' })
  lastAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  resolvedAt!: string | null;

  @ApiProperty({ type: ClockDto })
  clock!: ClockDto;
}

export class SegmentDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  channel!: string;

  @ApiProperty()
  account!: string;

  @ApiProperty()
  thread!: string;

  @ApiProperty({ format: 'date-time' })
  startedAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  resolvedAt!: string | null;

  @ApiProperty({
    enum: LINK_REASONS,
    nullable: true,
    description: 'How it came into the conversation; null when it began it.',
  })
  linkedBy!: string | null;

  @ApiProperty({
    type: [String],
    description:
      'Other conversations that it may belong to, the latest active first (T6): `move` it to one of them, or to its own to say that it is right.',
  })
  candidates!: string[];
}

export class ConversationDto extends ConversationSummaryDto {
  @ApiProperty({ type: [String], description: 'Ids under which this conversation is found as well.' })
  formerIds!: string[];

  @ApiProperty({ type: [SegmentDto] })
  segments!: SegmentDto[];

  @ApiProperty({ type: 'array', items: TIMELINE_ENTRY, description: 'Newest first.' })
  items!: TimelineEntry[];

  @ApiProperty({ type: String, nullable: true, description: 'Cursor of the next page of items.' })
  next!: string | null;
}

export class ConversationsDto {
  @ApiProperty({ type: [ConversationSummaryDto], description: 'The latest active first.' })
  items!: ConversationSummaryDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
