import { IsNotEmpty, IsOptional, IsString } from 'class-validator';
import { RoutingSettings } from '../routing.config.js';

const SECRET = { message: "signingSecret must be set: the project's signing secret key from Stringee's dashboard" };

export class StringeeSettings extends RoutingSettings {
  @IsString(SECRET)
  @IsNotEmpty(SECRET)
  signingSecret!: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiSid?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiSecret?: string;
}
