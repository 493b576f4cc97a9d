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

  /** Type and plan of the source address, where the carrier wants others than its looks give: 5 and 0 for a name, 1 and 1 for a number, 3 and 0 for a short code. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(6)
  sourceTon?: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(18)
  sourceNpi?: number;

  /** How the parts of a long message are told: by a header before the text, the default, or by SAR parameters. */
  @IsOptional()
  @IsIn(['udh', 'sar'])
  longMessages?: 'udh' | 'sar';

  /** How a receipt names a message, where that differs from the answer to its sending: by default as it stands there. */
  @IsOptional()
  @IsIn(['as-sent', 'hex-to-decimal', 'decimal-to-hex'])
  receiptIds?: 'as-sent' | 'hex-to-decimal' | 'decimal-to-hex';
}
