import { IsNotEmpty, IsString } from 'class-validator';
import { CallAccountSettings } from '../call-account.config.js';

const SECRET = { message: 'secret must be set: the PBX signs its requests with it' };

export class GenericCallSettings extends CallAccountSettings {
  @IsString(SECRET)
  @IsNotEmpty(SECRET)
  secret!: string;
}
