import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

export class StringeeSettings {
  @IsString({ message: "signingSecret must be set: the project's signing secret key from Stringee's dashboard" })
  @IsNotEmpty({ message: "signingSecret must be set: the project's signing secret key from Stringee's dashboard" })
  signingSecret!: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiSid?: string;

  @IsOptional()
  @IsString()
  @IsNotEmpty()
  apiSecret?: string;

  @IsOptional()
  @IsArray({ message: 'hotlines must be a list of numbers' })
  @ArrayMaxSize(200)
  @Matches(/^\+?[\d .()-]{3,24}$/, { each: true, message: 'each of hotlines must be a telephone number' })
  hotlines?: string[];

  /** Who is rung for an incoming call, one after the other: user ids of the project, or telephone numbers. */
  @IsOptional()
  @IsArray({ message: 'routeTo must be a list of user ids or telephone numbers' })
  @ArrayMaxSize(20, { message: 'routeTo may name at most 20 agents' })
  @IsString({ each: true })
  @IsNotEmpty({ each: true, message: 'routeTo must not hold empty names' })
  @MaxLength(128, { each: true })
  routeTo?: string[];

  /** Seconds that each of them is rung. */
  @IsOptional()
  @IsInt()
  @Min(5)
  @Max(120)
  ringSeconds?: number;

  /** Whether calls are recorded; they are unless this is false. */
  @IsOptional()
  @IsBoolean()
  record?: boolean;

  /** Read to the caller first, such as the notice that calls are recorded. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  greeting?: string;

  /** Read to the caller when nobody answered, before the beep of the voicemail. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  unavailable?: string;
}
