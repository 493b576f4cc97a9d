import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { PathSecretSettings } from '../call-account.config.js';

export class CmcSettings extends PathSecretSettings {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiKey?: string;

  /** Of the virtual PBX, beside the key. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  domain?: string;
}
