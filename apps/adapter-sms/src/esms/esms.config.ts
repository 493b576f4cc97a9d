import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { PathSecretSettings } from '../path-secret.config.js';

export class EsmsSettings extends PathSecretSettings {
  /** Of the short code: eSMS signs what customers send to it. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  privateKey?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiKey?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  secretKey?: string;

  @IsOptional()
  @IsString()
  @MaxLength(32)
  brandname?: string;

  @IsOptional()
  smsType?: string | number;

  /** What a customer's SMS to the short code is answered with at once; nothing by default. */
  @IsOptional()
  @IsString()
  @MaxLength(480)
  autoReply?: string;
}
