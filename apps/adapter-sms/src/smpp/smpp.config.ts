import { IsBoolean, IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { SmsAccountSettings } from '../sms-account.config.js';

const HOST = { message: "host must be set: the carrier's SMSC" };
const SYSTEM = { message: 'systemId must be set: the carrier gave it' };
const PASSWORD = { message: 'password must be set: the carrier gave it' };

export class SmppSettings extends SmsAccountSettings {
  @IsString(HOST)
  @IsNotEmpty(HOST)
  host!: string;

  @IsInt({ message: 'port must be a port, 1 to 65535' })
  @Min(1)
  @Max(65535)
  port!: number;

  @IsOptional()
  @IsBoolean()
  tls?: boolean;

  @IsString(SYSTEM)
  @IsNotEmpty(SYSTEM)
  @MaxLength(15)
  systemId!: string;

  /** Of eight characters at most, says the protocol; carriers give longer ones. */
  @IsString(PASSWORD)
  @IsNotEmpty(PASSWORD)
  @MaxLength(64)
  password!: string;

  @IsOptional()
  @IsString()
  @MaxLength(12)
  systemType?: string;

  /** Short code or number that messages are sent from. */
  @IsOptional()
  @IsString()
  @MaxLength(20)
  sourceAddress?: string;

  /** How a receipt names a message, where that differs from the answer to its sending: by default as it stands there. */
  @IsOptional()
  @IsIn(['as-sent', 'hex-to-decimal', 'decimal-to-hex'])
  receiptIds?: 'as-sent' | 'hex-to-decimal' | 'decimal-to-hex';
}
