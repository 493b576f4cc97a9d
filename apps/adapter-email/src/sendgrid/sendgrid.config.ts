import { IsNotEmpty, IsOptional, IsString, Matches } from 'class-validator';
import { OutboundMailSettings } from '../outbound-mail.config.js';

export class SendgridSettings extends OutboundMailSettings {
  @IsString({ message: 'secret must be set: it is the last part of the webhook address, and nobody may guess it' })
  @IsNotEmpty({ message: 'secret must be set: it is the last part of the webhook address, and nobody may guess it' })
  secret!: string;

  /** SendGrid's public key: when it is set, every request must be signed. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9+/]{80,400}={0,2}$/, {
    message: "verificationKey must be the key in base64 that SendGrid shows beside the webhook's security settings",
  })
  verificationKey?: string;
}
