import { ArrayMaxSize, IsArray, IsNotEmpty, IsOptional, IsString, Matches } from 'class-validator';

/** What every account may say beside its vendor's own settings. */
export class CallAccountSettings {
  /** Numbers of the business itself, in any notation. */
  @IsOptional()
  @IsArray({ message: 'hotlines must be a list of numbers' })
  @ArrayMaxSize(200)
  @Matches(/^\+?[\d .()-]{3,24}$/, { each: true, message: 'each of hotlines must be a telephone number' })
  hotlines?: string[];
}

const SECRET = { message: 'secret must be set: it is the last part of the webhook address, and nobody may guess it' };

/** Of a vendor that signs nothing. */
export class PathSecretSettings extends CallAccountSettings {
  @IsString(SECRET)
  @IsNotEmpty(SECRET)
  secret!: string;
}
