import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ATTACHMENT_KINDS, AUTHOR_KINDS, CHANNELS, DIRECTIONS } from '@lienmach/contracts';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../api/page.dto.js';

const FIRST = CHANNELS[0].name;

export const CHANNEL_SWITCH = 'channel-switch';
export const DELIVERIES = ['queued', 'sent', 'delivered', 'read', 'failed', 'unknown'] as const;

export class TimelineQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only items of this channel, and switches to it.' })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  channel?: string;

  @ApiPropertyOptional({ description: `Only items of this kind: message, comment, call, … or ${CHANNEL_SWITCH}.` })
  @IsOptional()
  @MaxLength(64)
  @IsString()
  kind?: string;
}

export class AuthorDto {
  @ApiProperty({ enum: AUTHOR_KINDS })
  kind!: string;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiProperty({ type: String, nullable: true, description: "An agent's extension or a sending application's id." })
  id!: string | null;
}

export class AttachmentDto {
  @ApiProperty({ enum: ATTACHMENT_KINDS })
  kind!: string;

  @ApiProperty({ type: String, nullable: true })
  url!: string | null;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  contentType?: string | null;

  @ApiPropertyOptional({ type: Number, nullable: true, description: 'Bytes.' })
  size?: number | null;

  @ApiPropertyOptional({ type: Number, nullable: true })
  latitude?: number | null;

  @ApiPropertyOptional({ type: Number, nullable: true })
  longitude?: number | null;
}

export class ReactionDto {
  @ApiProperty({ type: String, nullable: true })
  reaction!: string | null;

  @ApiProperty({ type: String, nullable: true })
  emoji!: string | null;

  @ApiProperty({ type: AuthorDto })
  author!: AuthorDto;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}

export class DigitsDto {
  @ApiProperty()
  digits!: string;

  @ApiProperty({ enum: ['ivr', 'survey'] })
  purpose!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;
}

/** A call over all its legs. */
export class CallDto {
  @ApiProperty({ description: "The vendor's id of the call." })
  id!: string;

  @ApiProperty({ enum: ['queued', 'ringing', 'answered', 'ended', 'missed'] })
  state!: string;

  @ApiProperty()
  answered!: boolean;

  @ApiProperty({ type: Number, nullable: true })
  ringSeconds!: number | null;

  @ApiProperty({ type: Number, nullable: true })
  talkSeconds!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Who answered last, or who called out.' })
  agent!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Our number.' })
  hotline!: string | null;

  @ApiProperty({ type: String, nullable: true })
  queue!: string | null;

  @ApiProperty({ type: String, nullable: true })
  recordingUrl!: string | null;

  @ApiProperty()
  voicemail!: boolean;

  @ApiProperty({ type: String, nullable: true })
  voicemailUrl!: string | null;

  @ApiProperty({ type: String, nullable: true })
  transcript!: string | null;

  @ApiProperty({ enum: ['customer', 'agent', 'system'], nullable: true })
  endedBy!: string | null;

  @ApiProperty({ type: String, nullable: true })
  cause!: string | null;

  @ApiProperty({ type: [DigitsDto] })
  digits!: DigitsDto[];
}

/** One happening: a message with its edits, receipts and reactions, or a whole call. */
export class TimelineItemDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'message' })
  kind!: string;

  @ApiProperty({ example: 'message.received' })
  type!: string;

  @ApiProperty({ example: FIRST })
  channel!: string;

  @ApiProperty({ example: FIRST, description: "The channel's own name where it has one vendor." })
  vendor!: string;

  @ApiProperty({ description: 'Page, hotline or mailbox.' })
  account!: string;

  @ApiProperty({ description: 'Transport thread within the account.' })
  thread!: string;

  @ApiProperty({ enum: DIRECTIONS })
  direction!: string;

  @ApiProperty({ type: AuthorDto })
  author!: AuthorDto;

  @ApiProperty({ format: 'date-time', description: 'When it happened, not when we learnt of it.' })
  at!: string;

  @ApiProperty({ description: 'Received more than ten minutes after it happened.' })
  late!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of a mail: what the sender wrote this time, without quote and signature.',
  })
  text!: string | null;

  @ApiPropertyOptional({ description: 'Of a mail, prefixes such as `Re:` included.' })
  subject?: string;

  @ApiPropertyOptional({ description: 'Of a mail: the whole text with its quotes and signature.' })
  fullText?: string;

  @ApiProperty({ type: [AttachmentDto] })
  attachments!: AttachmentDto[];

  @ApiProperty({ type: String, nullable: true, description: "The vendor's id of the message that it answers." })
  replyTo!: string | null;

  @ApiProperty()
  edited!: boolean;

  @ApiProperty()
  removed!: boolean;

  @ApiProperty({ description: 'A comment that the page has hidden.' })
  hidden!: boolean;

  @ApiProperty({ type: [ReactionDto] })
  reactions!: ReactionDto[];

  @ApiProperty({ enum: DELIVERIES, nullable: true, description: 'Of what the business sent.' })
  delivery!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the delivery failed.' })
  reason!: string | null;

  @ApiProperty({ type: CallDto, nullable: true })
  call!: CallDto | null;

  @ApiPropertyOptional({ enum: ['auto-reply', 'list', 'calendar'], description: 'A machine wrote it.' })
  automatic?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Of a tapped button: title, payload.',
  })
  postback?: object;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'How the customer came: ref, source, adId.',
  })
  referral?: object;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Of a form: {name, value} each.' })
  fields?: object;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Who took over the thread: action, from, to.',
  })
  handover?: object;

  @ApiPropertyOptional({ description: 'What was opted into or out of.' })
  purpose?: string;

  @ApiProperty({ type: String, nullable: true })
  conversationId!: string | null;

  @ApiProperty({ description: 'It may belong to another conversation as well (T6).' })
  ambiguous!: boolean;

  @ApiProperty({ type: String, nullable: true })
  personId!: string | null;
}

/** The customer went on by another channel. */
export class ChannelSwitchDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: [CHANNEL_SWITCH] })
  kind!: typeof CHANNEL_SWITCH;

  @ApiProperty({ example: 'conversation.channel-switched' })
  type!: string;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ example: FIRST })
  from!: string;

  @ApiProperty({ example: CHANNELS.at(-1)?.name })
  to!: string;

  @ApiProperty({ format: 'uuid' })
  conversationId!: string;

  @ApiProperty({ format: 'uuid' })
  personId!: string;
}

export type TimelineEntry = TimelineItemDto | ChannelSwitchDto;

export const TIMELINE_ENTRY = {
  oneOf: [TimelineItemDto, ChannelSwitchDto].map((type) => ({ $ref: getSchemaPath(type) })),
};

export class TimelineDto {
  @ApiProperty({ type: 'array', items: TIMELINE_ENTRY, description: 'Newest first.' })
  items!: TimelineEntry[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
