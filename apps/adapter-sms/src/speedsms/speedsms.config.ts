import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { PathSecretSettings } from '../path-secret.config.js';

export class SpeedsmsSettings extends PathSecretSettings {
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  accessToken?: string;

  /** Brandname or number. */
  @IsOptional()
  @IsString()
  @MaxLength(32)
  sender?: string;
}
