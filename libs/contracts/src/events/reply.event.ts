import { Type } from 'class-transformer';
import { IsArray, IsIn, IsObject, IsOptional, IsString, MinLength, ValidateNested } from 'class-validator';
import { IdentifierRef, IsIsoTime } from './parts.js';

/** The customer's message that a reply answers, as its channel told of it. */
export class AnsweredMessage {
  @IsString()
  @MinLength(1)
  vendorEventId!: string;

  /** Of a mail. */
  @IsOptional()
  @IsString()
  subject?: string | null;

  /** Of a mail: what its References name, oldest first. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  references?: string[] | null;

  /** Given back to the adapter that wrote it. */
  @IsObject()
  vendorData!: Record<string, unknown>;
}

export const REPLY_ATTACHMENT_KINDS = ['image', 'video', 'audio', 'file'] as const;
export type ReplyAttachmentKind = (typeof REPLY_ATTACHMENT_KINDS)[number];

/**
 * What a reply becomes that is no message of its thread: a public comment below the one that it answers, or the one private message that the author of a comment
 * may get, of whom only that comment is known.
 */
export const REPLY_FORMS = ['comment', 'private-message'] as const;
export type ReplyForm = (typeof REPLY_FORMS)[number];

/** A file to send, where the vendor can fetch it. */
export class ReplyAttachment {
  @IsIn(REPLY_ATTACHMENT_KINDS)
  kind!: ReplyAttachmentKind;

  /** https. */
  @IsString()
  @MinLength(1)
  url!: string;

  @IsOptional()
  @IsString()
  name!: string | null;
}

/** Stands in a text for what only the customer may read. Of the alphabet of an SMS. */
export const REPLY_MASK = '******';

/** `reply.requested`: a person's answer, or a message of our own, that an adapter has to send. The event's `id` is the command's id, which every later event of the reply names. */
export class ReplyData {
  @IsString()
  @MinLength(1)
  channel!: string;

  @IsString()
  @MinLength(1)
  vendor!: string;

  /** Page, OA, number or mailbox that sends. */
  @IsString()
  @MinLength(1)
  account!: string;

  /** The vendor's id of the thread that it goes to. */
  @IsString()
  @MinLength(1)
  thread!: string;

  /** The customer. */
  @ValidateNested()
  @Type(() => IdentifierRef)
  to!: IdentifierRef;

  /** Empty: attachments alone. */
  @IsString()
  text!: string;

  /** As the channel's reply rules allow them. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ReplyAttachment)
  attachments?: ReplyAttachment[];

  /** Of a first message of a channel that has subjects; a reply takes that of what it answers. */
  @IsOptional()
  @IsString()
  subject?: string | null;

  /** What the customer reads where `text` has the mask `******`: AES-256-GCM in base64, for the adapter that sends it alone. No event has it. */
  @IsOptional()
  @IsString()
  sealed?: string | null;

  /** Who wrote it. */
  @IsString()
  @MinLength(1)
  author!: string;

  /** `system`: nobody wrote it, such as the message of a one-time code. Absent: a person. */
  @IsOptional()
  @IsIn(['agent', 'system'])
  authorKind?: 'agent' | 'system';

  /** The customer's last word in the thread: vendors' windows count from there. Of a first message when it was asked for. */
  @IsIsoTime()
  lastCustomerAt!: string;

  /** Absent: a message. */
  @IsOptional()
  @IsIn(REPLY_FORMS)
  as?: ReplyForm | null;

  /** `vendorEventId` of the message that it quotes, or of the comment that it answers. */
  @IsOptional()
  @IsString()
  replyTo?: string | null;

  /** The customer's last word in the thread: a mail names it, and goes to the address that it gave. */
  @IsOptional()
  @ValidateNested()
  @Type(() => AnsweredMessage)
  answers?: AnsweredMessage | null;

  /** Nobody can guess it. A channel that has a place for it lets the customer's answer bring it back as `replyToken`. */
  @IsOptional()
  @IsString()
  replyToken?: string | null;
}
