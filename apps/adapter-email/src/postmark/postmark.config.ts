import { IsNotEmpty, IsString } from 'class-validator';
import { OutboundMailSettings } from '../outbound-mail.config.js';

export class PostmarkSettings extends OutboundMailSettings {
  @IsString({ message: 'secret must be set: it is the last part of the webhook address, and nobody may guess it' })
  @IsNotEmpty({ message: 'secret must be set: it is the last part of the webhook address, and nobody may guess it' })
  secret!: string;
}
