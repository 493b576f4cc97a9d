import { IsString, MinLength } from 'class-validator';
import { OutboundMailSettings } from '../outbound-mail.config.js';

export class PostmarkSettings extends OutboundMailSettings {
  @IsString({ message: 'secret must be set: it is the last part of the webhook address, and nobody may guess it' })
  @MinLength(8, { message: 'secret must have at least 8 characters' })
  secret!: string;
}
