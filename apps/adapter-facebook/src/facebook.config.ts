import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsOptional, IsString, Matches } from 'class-validator';

const APP_ID = /^\d{5,20}$/;
const APP_SECRET =
  "appSecret must be set: the secret of the app that owns the webhook subscription signs the page's events";
const VERIFY_TOKEN = 'verifyToken must be set: the token that you typed into the webhook form of the app';

/** Ids are digits; a settings file may hold them without quotes. */
const asText = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

/** Settings of one page. */
export class FacebookSettings {
  @IsString({ message: APP_SECRET })
  @IsNotEmpty({ message: APP_SECRET })
  appSecret!: string;

  @IsString({ message: VERIFY_TOKEN })
  @IsNotEmpty({ message: VERIFY_TOKEN })
  verifyToken!: string;

  /** Our own app: its echoes are the replies that we sent, and tell of one whose sending was interrupted. */
  @IsOptional()
  @Transform(({ value }) => asText(value))
  @Matches(APP_ID, { message: "appId must be the app's id: digits only" })
  appId?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty({ message: 'pageToken must not be empty: leave it out, or give the page access token' })
  pageToken?: string;

  /** Apps whose echoes are written by people; the page inbox always is one, every other app is a bot. */
  @IsOptional()
  @Transform(({ value }) => (Array.isArray(value) ? value.map(asText) : (value as unknown)))
  @IsArray({ message: 'agentApps must be a list of app ids' })
  @ArrayMaxSize(50)
  @Matches(APP_ID, { each: true, message: 'each of agentApps must be the id of an app: digits only' })
  agentApps?: string[];
}
