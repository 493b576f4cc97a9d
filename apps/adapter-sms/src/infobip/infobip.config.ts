import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { PathSecretSettings } from '../path-secret.config.js';

export class InfobipSettings extends PathSecretSettings {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiKey?: string;
}
