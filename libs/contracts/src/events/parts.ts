import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { IDENTIFIER_TYPES, type IdentifierType } from '../identifiers.js';

export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const AUTHOR_KINDS = ['customer', 'agent', 'bot', 'system'] as const;
export type AuthorKind = (typeof AUTHOR_KINDS)[number];

export const ATTACHMENT_KINDS = [
  'image',
  'video',
  'audio',
  'file',
  'sticker',
  'location',
  'link',
  'contact',
  'template',
] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

/** UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** An identifier as the vendor gave it: type, scope (page, OA, app; null where the value is the same everywhere) and normalised value. */
export class IdentifierRef {
  @IsIn(IDENTIFIER_TYPES)
  type!: IdentifierType;

  @IsOptional()
  @IsString()
  scope!: string | null;

  @IsString()
  @MinLength(1)
  value!: string;
}

/** Who wrote, called or acted. */
export class Author {
  @IsIn(AUTHOR_KINDS)
  kind!: AuthorKind;

  /** A customer's identifiers, the first being the one the item hangs on; empty for agents, bots and anonymous customers. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => IdentifierRef)
  identifiers!: IdentifierRef[];

  @IsOptional()
  @IsString()
  name!: string | null;

  /** An agent's extension or a sending app's id, as the vendor names it. */
  @IsOptional()
  @IsString()
  id?: string | null;
}

export class Attachment {
  @IsIn(ATTACHMENT_KINDS)
  kind!: AttachmentKind;

  /** May expire, and may be absent (stickers, locations). */
  @IsOptional()
  @IsString()
  url!: string | null;

  @IsOptional()
  @IsString()
  name!: string | null;

  /** The vendor's id of a sticker or a stored file. */
  @IsOptional()
  @IsString()
  vendorId?: string | null;

  @IsOptional()
  @IsString()
  contentType?: string | null;

  /** Bytes. */
  @IsOptional()
  @IsInt()
  size?: number | null;

  /** Degrees, of a location. */
  @IsOptional()
  @IsNumber()
  latitude?: number | null;

  @IsOptional()
  @IsNumber()
  longitude?: number | null;
}

export class Content {
  @IsOptional()
  @IsString()
  text!: string | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Attachment)
  attachments!: Attachment[];

  /** `vendorEventId` of the message that this one quotes or answers. */
  @IsOptional()
  @IsString()
  replyTo!: string | null;
}

export const CLAIM_TYPES = ['phone', 'email', 'order_code'] as const;
export const CLAIM_PLACES = ['text', 'quick-reply', 'form', 'card', 'header'] as const;

/** A number, address or order code that a customer's text names. It proves nothing (rule I3: claimed). */
export class Claim {
  @IsIn(CLAIM_TYPES)
  type!: (typeof CLAIM_TYPES)[number];

  /** Normalised: E.164, e-mail with folded domain, the order code as written. */
  @IsString()
  @MinLength(1)
  value!: string;

  @IsIn(CLAIM_PLACES)
  where!: (typeof CLAIM_PLACES)[number];
}

/** What every event of a channel says. */
export abstract class ChannelData {
  @IsString()
  @MinLength(1)
  kind!: string;

  @IsString()
  @MinLength(1)
  vendor!: string;

  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  @IsString()
  @MinLength(1)
  vendorEventId!: string;

  /** The vendor's id of the transport thread within the account. */
  @IsString()
  @MinLength(1)
  thread!: string;

  @IsIn(DIRECTIONS)
  direction!: Direction;

  @ValidateNested()
  @Type(() => Author)
  author!: Author;

  /** Everyone else in the thread that the vendor names. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Author)
  participants!: Author[];

  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  @IsObject()
  vendorData!: Record<string, unknown>;
}

/** Reusable decorator: an ISO time in UTC with milliseconds. */
export const IsIsoTime = (): PropertyDecorator => Matches(ISO_TIME);
