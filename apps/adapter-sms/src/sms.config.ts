import { IsNotEmpty, IsString } from 'class-validator';

/** One account in ACCOUNTS_FILE. */
export class SmsSettings {
  /** The vendor signs with it. */
  @IsString()
  @IsNotEmpty()
  secret!: string;
}
