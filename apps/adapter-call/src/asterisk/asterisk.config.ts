import { IsNotEmpty, IsString, IsUrl, Matches } from 'class-validator';
import { CallAccountSettings } from '../call-account.config.js';

const URL_MESSAGE = { message: 'url must be the address of ARI, such as http://pbx.example.com:8088/ari' };
const USER = { message: 'user must be set: a user of ari.conf' };
const PASSWORD = { message: 'password must be set: of the user in ari.conf' };
const APP = { message: 'app must be the name of a Stasis application: letters, digits, - and _' };

export class AsteriskSettings extends CallAccountSettings {
  @IsUrl({ protocols: ['http', 'https', 'ws', 'wss'], require_protocol: true, require_tld: false }, URL_MESSAGE)
  url!: string;

  @IsString(USER)
  @IsNotEmpty(USER)
  user!: string;

  @IsString(PASSWORD)
  @IsNotEmpty(PASSWORD)
  password!: string;

  @IsString(APP)
  @Matches(/^[\w-]{1,80}$/, APP)
  app!: string;
}
