import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { PathSecretSettings } from '../call-account.config.js';

export class Voip24hSettings extends PathSecretSettings {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiKey?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  secretKey?: string;
}
