import { ArrayMaxSize, IsArray, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { ProfileData } from './profile.event.js';

/** A day, or a time of a day; where no zone is named it is Vietnam's. */
export const RECORD_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/** Phones, or addresses, of one customer. */
const MOST_VALUES = 50;
const LONGEST_VALUE = 254;
const LONGEST_NAME = 500;

/**
 * `customer.recorded`: a customer as a CRM or a till knows it. Its numbers and addresses are verified as this customer's (rule I3). A line of
 * `POST /v1/identities/import` has the same fields. One of `crmId` and `loyaltyId` must be there, and something that is tied to it.
 */
export class CustomerRecordData extends ProfileData {
  /** Customer number of the CRM. */
  @IsOptional()
  @MaxLength(LONGEST_VALUE)
  @MinLength(1)
  @IsString()
  crmId?: string | null;

  /** Number of the customer's card. */
  @IsOptional()
  @MaxLength(LONGEST_VALUE)
  @MinLength(1)
  @IsString()
  loyaltyId?: string | null;

  /** In any notation that is used in Vietnam, or with the country's code. */
  @IsOptional()
  @ArrayMaxSize(MOST_VALUES)
  @MaxLength(LONGEST_VALUE, { each: true })
  @IsString({ each: true })
  @IsArray()
  phones?: string[] | null;

  @IsOptional()
  @ArrayMaxSize(MOST_VALUES)
  @MaxLength(LONGEST_VALUE, { each: true })
  @IsString({ each: true })
  @IsArray()
  emails?: string[] | null;

  @IsOptional()
  @MaxLength(LONGEST_NAME)
  @IsString()
  name?: string | null;

  /** Since when all this is so: a day or a time, in Vietnam's zone where it names none. Without it: since the record was made. */
  @IsOptional()
  @Matches(RECORD_TIME)
  validFrom?: string | null;

  /** Until when. */
  @IsOptional()
  @Matches(RECORD_TIME)
  validTo?: string | null;
}
