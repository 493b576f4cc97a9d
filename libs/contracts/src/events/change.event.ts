import { Type } from 'class-transformer';
import { Equals, IsArray, IsBoolean, IsInt, IsOptional, IsString, MinLength, ValidateNested } from 'class-validator';
import { ChannelData, Content, IsIsoTime } from './parts.js';

/** What every event about another item says. */
abstract class ChangeData extends ChannelData {
  /** `vendorEventId` of the message or comment that is changed. */
  @IsString()
  @MinLength(1)
  target!: string;
}

/** `message.edited`, `comment.edited`. */
export class EditData extends ChangeData {
  @Equals('edit')
  declare kind: 'edit';

  @ValidateNested()
  @Type(() => Content)
  content!: Content;

  /** The vendor's counter of edits, which orders them better than time does; null where there is none. */
  @IsOptional()
  @IsInt()
  editNumber!: number | null;
}

/** `message.removed`, `comment.removed`. */
export class RemovalData extends ChangeData {
  @Equals('removal')
  declare kind: 'removal';
}

/** `comment.hidden`, `comment.shown`. */
export class VisibilityData extends ChangeData {
  @Equals('visibility')
  declare kind: 'visibility';

  @IsBoolean()
  hidden!: boolean;
}

/** `reaction.added`, `reaction.removed`; the author is who reacted. */
export class ReactionData extends ChangeData {
  @Equals('reaction')
  declare kind: 'reaction';

  /** The vendor's word (like, love, sad …); null when a reaction is taken back without naming it. */
  @IsOptional()
  @IsString()
  reaction!: string | null;

  @IsOptional()
  @IsString()
  emoji!: string | null;
}

/**
 * `message.delivered`, `message.read`, `message.failed`: of named messages, of all up to a time, or both. `message.unconfirmed`: the vendor may or may not
 * have taken our message, and it is not sent again. `comment.failed`, `comment.unconfirmed`: the same of a comment of ours.
 */
export class ReceiptData extends ChannelData {
  @Equals('receipt')
  declare kind: 'receipt';

  /** `vendorEventId`s of the messages; empty when only the watermark speaks. */
  @IsArray()
  @IsString({ each: true })
  targets!: string[];

  /** Everything sent at or before this time; null when only targets are meant. */
  @IsOptional()
  @IsIsoTime()
  watermark!: string | null;

  /** Why it failed, or why nobody knows. */
  @IsOptional()
  @IsString()
  reason?: string | null;

  /** Our own command's id, when this is about a reply that we were asked to send. */
  @IsOptional()
  @IsString()
  commandId?: string | null;

  /** Of a reply that was not taken, as far as anybody knows: ids by which others name it, or those of its messages that were. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  sentAs?: string[] | null;

  /** The reply became several messages, of which at most the first are known to have gone out: what is heard of one of them settles nothing. */
  @IsOptional()
  @IsBoolean()
  partly?: boolean;
}
