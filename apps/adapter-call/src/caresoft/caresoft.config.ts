import { IsNotEmpty, IsString } from 'class-validator';
import { CallAccountSettings } from '../call-account.config.js';

const SECRET = { message: 'signingSecret must be set: the SecretKey that CareSoft signs its webhook with' };

export class CaresoftSettings extends CallAccountSettings {
  @IsString(SECRET)
  @IsNotEmpty(SECRET)
  signingSecret!: string;
}
