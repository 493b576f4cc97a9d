import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/** The server that takes our mail out. */
export class SmtpSettings {
  @IsString()
  @IsNotEmpty()
  @MaxLength(253)
  host!: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(65535)
  port?: number;

  @IsOptional()
  @IsBoolean()
  secure?: boolean;

  @IsOptional()
  @IsString()
  user?: string;

  @IsOptional()
  @IsString()
  password?: string;
}

/** The key that signs it. */
export class DkimSettings {
  @Matches(/^[a-z0-9.-]{1,253}$/i, { message: 'domain must be a domain name' })
  domain!: string;

  @Matches(/^[a-z0-9._-]{1,100}$/i, { message: 'selector must be a label of the domain name system' })
  selector!: string;

  @IsString()
  @IsNotEmpty()
  privateKey!: string;
}

/** What every e-mail account may have to send, whatever way its mail comes in. */
export class OutboundMailSettings {
  @IsOptional()
  @ValidateNested()
  @Type(() => SmtpSettings)
  smtp?: SmtpSettings;

  /** The address that customers see; the account's id where that is an address. */
  @IsOptional()
  @IsString()
  @Matches(/@/, { message: 'from must be an e-mail address' })
  @MaxLength(320)
  from?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => DkimSettings)
  dkim?: DkimSettings;

  /** Whether mail to `name+anything@…` reaches the account, as it does by default: its mails then ask for answers there, with a token. */
  @IsOptional()
  @IsBoolean()
  plusAddresses?: boolean;
}

/** Stored encrypted in every e-mail account. */
export const OUTBOUND_SECRETS = ['smtp', 'dkim'] as const;
