import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { RoutingSettings } from '../routing.config.js';

const TOKEN = { message: 'authToken must be set: Twilio signs its requests with it' };

export class TwilioVoiceSettings extends RoutingSettings {
  @IsString(TOKEN)
  @IsNotEmpty(TOKEN)
  authToken!: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  accountSid?: string;
}
