import { Type } from 'class-transformer';
import { Equals, IsArray, IsBoolean, IsIn, IsOptional, IsString, MinLength, ValidateNested } from 'class-validator';
import { ChannelData, Claim, Content } from './parts.js';
import { ProfileData } from './profile.event.js';

/** `message.received`, `message.queued`, `message.sent`: one message of a chat, an SMS or a mail. */
export class MessageData extends ChannelData {
  @Equals('message')
  declare kind: 'message';

  @ValidateNested()
  @Type(() => Content)
  content!: Content;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Claim)
  claims!: Claim[];

  /** Our own command's id, when this is a reply that we were asked to send, that we sent, or the vendor's echo of it. */
  @IsOptional()
  @IsString()
  commandId?: string | null;

  /** Of a reply that we sent: the vendor's ids of the messages that it became, by which echoes and receipts name it. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  sentAs?: string[] | null;

  /** Seen while another application owned the thread. */
  @IsOptional()
  @IsBoolean()
  standby?: boolean;

  /** The payload of a tapped quick reply. */
  @IsOptional()
  @IsString()
  quickReply?: string | null;

  /** A machine wrote it: an out-of-office note, a mailing list, a calendar. */
  @IsOptional()
  @IsIn(['auto-reply', 'list', 'calendar'])
  automatic?: 'auto-reply' | 'list' | 'calendar' | null;

  /** Of a mail, prefixes such as `Re:` included. */
  @IsOptional()
  @IsString()
  subject?: string | null;

  /** Of a mail: the whole text with its quotes and signature; `content.text` is what the sender wrote this time. */
  @IsOptional()
  @IsString()
  fullText?: string | null;

  /** Of a mail: ids of earlier mails that its References name, oldest first. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  references?: string[] | null;

  /**
   * The token of the plus address that a mail was sent to: it names the reply of ours that is answered. Proves nothing until it is checked. Of a reply that we
   * were asked to send: the token that it carries.
   */
  @IsOptional()
  @IsString()
  replyToken?: string | null;

  /** Whether a mail's From is proven by DKIM or SPF in line with it; only then the address is the author's identifier. */
  @IsOptional()
  @IsIn(['pass', 'fail', 'none'])
  authentication?: 'pass' | 'fail' | 'none' | null;
}

/** `comment.received`, `comment.queued`, `comment.sent`: one comment under a post; `thread` is the post. */
export class CommentData extends ChannelData {
  @Equals('comment')
  declare kind: 'comment';

  @ValidateNested()
  @Type(() => Content)
  content!: Content;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Claim)
  claims!: Claim[];

  /** `vendorEventId` of the comment that this one answers; null at the top level. */
  @IsOptional()
  @IsString()
  parent!: string | null;

  /** Our own command's id, when this is a reply that we were asked to send or that we sent. */
  @IsOptional()
  @IsString()
  commandId?: string | null;

  /** Of a reply that we sent: the vendor's id of it, by which others name it. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  sentAs?: string[] | null;
}

/** `mention.received`: the business was named in somebody's post or comment. */
export class MentionData extends ChannelData {
  @Equals('mention')
  declare kind: 'mention';

  @ValidateNested()
  @Type(() => Content)
  content!: Content;
}

/** `postback.received`: a button was tapped. */
export class PostbackData extends ChannelData {
  @Equals('postback')
  declare kind: 'postback';

  @IsOptional()
  @IsString()
  title!: string | null;

  /** Absent while another application owns the thread. */
  @IsOptional()
  @IsString()
  payload!: string | null;
}

/** `referral.received`: the customer came by a link, an advertisement or a code. */
export class ReferralData extends ChannelData {
  @Equals('referral')
  declare kind: 'referral';

  @IsOptional()
  @IsString()
  ref!: string | null;

  @IsOptional()
  @IsString()
  source!: string | null;

  @IsOptional()
  @IsString()
  adId!: string | null;
}

/** `contact.followed`, `.unfollowed`, `.opted-in`, `.opted-out`. */
export class ContactData extends ChannelData {
  @Equals('contact')
  declare kind: 'contact';

  /** What was opted into or out of, in the vendor's word. */
  @IsOptional()
  @IsString()
  purpose!: string | null;
}

/** `form.submitted`: the customer filled in fields. */
export class FormData extends ChannelData {
  @Equals('form')
  declare kind: 'form';

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => FormField)
  fields!: FormField[];

  /** What the fields say of the customer, where the adapter knows what they mean; the name is the author's. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ProfileData)
  profile?: ProfileData | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Claim)
  claims!: Claim[];
}

export class FormField {
  @IsString()
  @MinLength(1)
  name!: string;

  @IsString()
  value!: string;
}

/** `thread.handed-over`: another application took, gave or asked for the thread. */
export class HandoverData extends ChannelData {
  @Equals('handover')
  declare kind: 'handover';

  @IsIn(['passed', 'taken', 'requested'])
  action!: 'passed' | 'taken' | 'requested';

  /** Applications' ids; null when nobody owned or owns the thread. */
  @IsOptional()
  @IsString()
  from!: string | null;

  @IsOptional()
  @IsString()
  to!: string | null;
}
