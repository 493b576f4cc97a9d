import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { PathSecretSettings } from '../call-account.config.js';

export class Tel4vnSettings extends PathSecretSettings {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiKey?: string;
}
