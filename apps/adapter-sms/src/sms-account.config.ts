import { ArrayMaxSize, IsArray, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

/** What every account may say beside its vendor's own settings. */
export class SmsAccountSettings {
  /** Whole texts that mean "no more messages"; takes the place of the usual list. */
  @IsOptional()
  @IsArray({ message: 'optOutWords must be a list of words' })
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(40, { each: true })
  optOutWords?: string[];

  /** Whole texts that mean "messages again"; takes the place of the usual list. */
  @IsOptional()
  @IsArray({ message: 'optInWords must be a list of words' })
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(40, { each: true })
  optInWords?: string[];
}
