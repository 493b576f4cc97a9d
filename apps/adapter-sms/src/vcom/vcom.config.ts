import { IsNotEmpty, IsString } from 'class-validator';
import { SmsAccountSettings } from '../sms-account.config.js';

const CLIENT = { message: 'clientId must be set: V-COM names it in its requests' };
const KEY = { message: 'secureKey must be set: V-COM signs its requests with it' };

export class VcomSettings extends SmsAccountSettings {
  @IsString(CLIENT)
  @IsNotEmpty(CLIENT)
  clientId!: string;

  @IsString(KEY)
  @IsNotEmpty(KEY)
  secureKey!: string;
}
