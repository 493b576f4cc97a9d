import { IsNotEmpty, IsOptional, IsString, IsUrl, ValidateIf } from 'class-validator';
import { PathSecretSettings } from '../call-account.config.js';

export class FreeswitchSettings extends PathSecretSettings {
  /** mod_json_cdr's `cred`, before the colon: asked for where it is set. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  user?: string;

  @ValidateIf(({ user, password }: FreeswitchSettings) => user !== undefined || password !== undefined)
  @IsString({ message: 'password must be set where user is' })
  @IsNotEmpty({ message: 'password must be set where user is' })
  password?: string;

  /** Where the recordings' folder is served; the path of a recording is put behind it. */
  @IsOptional()
  @IsUrl(
    { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
    { message: 'recordingsUrl must be an http or https address' },
  )
  recordingsUrl?: string;
}
