import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsDefined,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { OutboundMailSettings } from '../outbound-mail.config.js';

/** The mailbox that is read. */
export class ImapServerSettings {
  @IsString({ message: 'host must be set: the name of the IMAP server' })
  @IsNotEmpty({ message: 'host must be set: the name of the IMAP server' })
  @MaxLength(253)
  host!: string;

  /** 993, or 143 where `secure` is false. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(65535)
  port?: number;

  /** TLS from the first byte; true unless said otherwise. */
  @IsOptional()
  @IsBoolean()
  secure?: boolean;

  @IsString({ message: 'user must be set' })
  @IsNotEmpty({ message: 'user must be set' })
  user!: string;

  @IsString({ message: 'password must be set' })
  @IsNotEmpty({ message: 'password must be set' })
  password!: string;

  /** INBOX unless said otherwise. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  mailbox?: string;
}

export class ImapSettings extends OutboundMailSettings {
  @ValidateNested()
  @Type(() => ImapServerSettings)
  @IsDefined({ message: 'imap must be set: host, user and password of the mailbox' })
  imap!: ImapServerSettings;
}
