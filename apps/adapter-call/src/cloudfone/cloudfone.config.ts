import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { PathSecretSettings } from '../call-account.config.js';

export class CloudfoneSettings extends PathSecretSettings {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiKey?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  serviceName?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  authUser?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  authKey?: string;
}
