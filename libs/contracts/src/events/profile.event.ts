import { IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

/** Fields of a customer's profile (rule I15). */
export const PROFILE_FIELDS = ['name', 'gender', 'birthday', 'address', 'language'] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];

/** Who gave a value, the weakest first. A platform's or a customer's own word is a claim; a signed login would be verified. */
export const VALUE_SOURCES = ['claim', 'agent', 'crm', 'verified'] as const;
export type ValueSource = (typeof VALUE_SOURCES)[number];

export const GENDERS = ['female', 'male', 'other'] as const;
export type Gender = (typeof GENDERS)[number];

export const BIRTHDAY = /^\d{4}-\d\d-\d\d$/;
/** BCP 47, as far as languages and their scripts and countries go: `vi`, `en-US`. */
export const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z]{4})?(?:-[A-Z]{2})?$/;
export const LONGEST_ADDRESS = 500;

/** What is said of a customer beside the name, each in one form whoever says it. What is not known is absent or null. */
export class ProfileData {
  @IsOptional()
  @IsIn(GENDERS)
  gender?: Gender | null;

  /** A day, as `1999-10-30`. */
  @IsOptional()
  @Matches(BIRTHDAY)
  birthday?: string | null;

  /** In one line, from the house to the province. */
  @IsOptional()
  @MaxLength(LONGEST_ADDRESS)
  @MinLength(1)
  @IsString()
  address?: string | null;

  /** That the customer speaks, as `vi` or `en-US`. */
  @IsOptional()
  @Matches(LANGUAGE)
  language?: string | null;
}
