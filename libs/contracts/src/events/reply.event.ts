import { Type } from 'class-transformer';
import { IsOptional, IsString, MinLength, ValidateNested } from 'class-validator';
import { IdentifierRef, IsIsoTime } from './parts.js';

/** `reply.requested`: a person's answer that an adapter has to send. The event's `id` is the command's id, which every later event of the reply names. */
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

  @IsString()
  @MinLength(1)
  text!: string;

  /** Who wrote it. */
  @IsString()
  @MinLength(1)
  author!: string;

  /** The customer's last word in the thread: vendors' windows count from there. */
  @IsIsoTime()
  lastCustomerAt!: string;

  /** `vendorEventId` of the message that it quotes. */
  @IsOptional()
  @IsString()
  replyTo?: string | null;
}
