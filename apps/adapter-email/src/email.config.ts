import { IsNotEmpty, IsString } from 'class-validator';

/** One account in ACCOUNTS_FILE. */
export class EmailSettings {
  /** The vendor signs with it. */
  @IsString()
  @IsNotEmpty()
  secret!: string;
}
