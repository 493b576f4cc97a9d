import { Transform } from 'class-transformer';
import { IsNotEmpty, IsOptional, IsString, Matches } from 'class-validator';

const APP_ID = "appId must be set: the app's id, digits only, in quotes; it is part of what the vendor signs";
const OA_SECRET =
  "oaSecret must be set: the OA Secret Key of the console's webhook page; the app's secret key signs nothing";

/** Ids are digits; a settings file may hold them without quotes, as long as they are exact. */
const asText = (value: unknown): unknown =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;

/** Settings of one official account (OA). */
export class ZaloSettings {
  @Transform(({ value }) => asText(value))
  @Matches(/^\d{5,20}$/, { message: APP_ID })
  appId!: string;

  @IsString({ message: OA_SECRET })
  @IsNotEmpty({ message: OA_SECRET })
  oaSecret!: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty({ message: 'appSecret must not be empty: leave it out, or give the secret key of the app' })
  appSecret?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty({ message: 'accessToken must not be empty: leave it out, or give the access token of the OA' })
  accessToken?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty({ message: 'refreshToken must not be empty: leave it out, or give the refresh token of the OA' })
  refreshToken?: string;

  /** Name of the file by which the console proves whose domain it is. */
  @IsOptional()
  @Matches(/^zalo_verifier[\w-]{1,200}\.html$/, {
    message: 'verifierFile must be the name of the file that the console gives: zalo_verifier….html',
  })
  verifierFile?: string;
}
