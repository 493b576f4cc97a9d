import { IsIn, IsNotEmpty, IsOptional, IsString, ValidateIf } from 'class-validator';
import { SmsAccountSettings } from '../sms-account.config.js';

/** How the `sig` of the SMS API is made, in the words of Vonage's dashboard and libraries; `jwt`: signed webhooks alone. */
export const SIGNATURE_METHODS = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512', 'jwt'] as const;
export type SignatureMethod = (typeof SIGNATURE_METHODS)[number];

const PROOF = { message: 'signatureSecret must be set, or for an account that does not sign its webhooks apiKey' };

export class VonageSettings extends SmsAccountSettings {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  signatureSecret?: string;

  @IsOptional()
  @IsIn(SIGNATURE_METHODS)
  signatureMethod?: SignatureMethod;

  @ValidateIf(({ apiKey, signatureSecret }: VonageSettings) => apiKey !== undefined || signatureSecret === undefined)
  @IsString(PROOF)
  @IsNotEmpty(PROOF)
  apiKey?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiSecret?: string;
}
