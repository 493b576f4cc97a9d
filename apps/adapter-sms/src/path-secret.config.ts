import { IsNotEmpty, IsString } from 'class-validator';
import { SmsAccountSettings } from './sms-account.config.js';

const SECRET = { message: 'secret must be set: it is the last part of the webhook address, and nobody may guess it' };

/** Of a vendor that signs nothing. */
export class PathSecretSettings extends SmsAccountSettings {
  @IsString(SECRET)
  @IsNotEmpty(SECRET)
  secret!: string;
}
