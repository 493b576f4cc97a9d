import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { CallAccountSettings } from './call-account.config.js';

/** Of a vendor that asks us where a call goes. */
export class RoutingSettings extends CallAccountSettings {
  /** Who is rung for an incoming call, one after the other: user ids of the vendor's, or telephone numbers. */
  @IsOptional()
  @IsArray({ message: 'routeTo must be a list of user ids or telephone numbers' })
  @ArrayMaxSize(20, { message: 'routeTo may name at most 20 agents' })
  @IsString({ each: true })
  @IsNotEmpty({ each: true, message: 'routeTo must not hold empty names' })
  @MaxLength(128, { each: true })
  routeTo?: string[];

  /** Seconds that each of them is rung. */
  @IsOptional()
  @IsInt()
  @Min(5)
  @Max(120)
  ringSeconds?: number;

  /** Whether calls are recorded; they are unless this is false. */
  @IsOptional()
  @IsBoolean()
  record?: boolean;

  /** Read to the caller first, such as the notice that calls are recorded. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  greeting?: string;

  /** Read to the caller when nobody answered, before the beep of the voicemail. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  unavailable?: string;
}

/** How long somebody is rung whose account does not say. */
export const RING_SECONDS = 30;
/** What is read where nobody answered and the account has no words of its own. */
export const UNAVAILABLE =
  'Xin lỗi quý khách, hiện tất cả tổng đài viên đều bận. Xin quý khách để lại lời nhắn sau tiếng bíp, chúng tôi sẽ gọi lại sớm nhất.';
