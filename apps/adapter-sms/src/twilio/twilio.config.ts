import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { SmsAccountSettings } from '../sms-account.config.js';

const TOKEN = { message: 'authToken must be set: Twilio signs its requests with it' };

export class TwilioSettings extends SmsAccountSettings {
  @IsString(TOKEN)
  @IsNotEmpty(TOKEN)
  authToken!: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  accountSid?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  messagingServiceSid?: string;
}
