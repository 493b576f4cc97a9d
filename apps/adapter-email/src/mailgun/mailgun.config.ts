import { IsNotEmpty, IsString } from 'class-validator';
import { OutboundMailSettings } from '../outbound-mail.config.js';

export class MailgunSettings extends OutboundMailSettings {
  @IsString({ message: "signingKey must be set: the HTTP webhook signing key of Mailgun's dashboard" })
  @IsNotEmpty({ message: "signingKey must be set: the HTTP webhook signing key of Mailgun's dashboard" })
  signingKey!: string;
}
