import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { PathSecretSettings } from '../call-account.config.js';

export class OmicallSettings extends PathSecretSettings {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiKey?: string;
}
