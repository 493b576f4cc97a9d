import {
  BIRTHDAY,
  GENDERS,
  LANGUAGE,
  LONGEST_ADDRESS,
  PROFILE_FIELDS,
  VALUE_SOURCES,
  type ProfileData,
  type ProfileField,
  type ValueSource,
} from '@lienmach/contracts';
import { isWithin } from './evidence-set.rules.js';
import type { Span } from './evidence.js';

/** A value that somebody gave of the customer behind an identifier. */
export interface KeptValue {
  readonly identifierId: string;
  readonly field: ProfileField;
  readonly source: ValueSource;
  readonly value: string;
  /** Of a claim when it was heard first, of others when it was said last; milliseconds. */
  readonly at: number;
  /** A moment in the epoch of the identifier of which it was said (rule I13), milliseconds. */
  readonly heldAt: number;
}

/** The strongest source first, of that the newest (rule I15). The order of the input leaves no trace. */
export function byStrength(a: KeptValue, b: KeptValue): number {
  return (
    VALUE_SOURCES.indexOf(b.source) - VALUE_SOURCES.indexOf(a.source) ||
    b.at - a.at ||
    (a.identifierId < b.identifierId ? -1 : a.identifierId > b.identifierId ? 1 : a.value < b.value ? -1 : 1)
  );
}

/** The value to show of each field that is known, in the order of the fields. */
export function shownValues<T extends KeptValue>(values: readonly T[]): T[] {
  const sorted = [...values].sort(byStrength);
  return PROFILE_FIELDS.flatMap((field) => sorted.find((one) => one.field === field) ?? []);
}

/** What was said of a person: of the identifiers that are his, as long as they are. */
export function valuesOf<T extends KeptValue>(
  values: readonly T[],
  members: readonly (Span & { readonly identifierId: string })[],
): T[] {
  return members.flatMap((member) =>
    values.filter(({ identifierId, heldAt }) => identifierId === member.identifierId && isWithin(heldAt, member)),
  );
}

const PLAIN_TEXT = /^[^\p{Cc}\p{Cs}]*$/u;
const LONGEST_NAME = 500;
const LONGEST: Partial<Record<ProfileField, number>> = { name: LONGEST_NAME, address: LONGEST_ADDRESS };

/** What is wrong with a value; null: nothing. */
export function wrongWith(field: ProfileField, value: string): string | null {
  switch (field) {
    case 'gender':
      return (GENDERS as readonly string[]).includes(value) ? null : `must be one of ${GENDERS.join(', ')}`;
    case 'birthday':
      return isDay(value) ? null : 'must be a day, such as 1999-10-30';
    case 'language':
      return LANGUAGE.test(value) ? null : 'must be a language, such as vi or en-US';
    default:
      if (value.trim() === '' || value.length > LONGEST[field]!) return `must have 1 to ${LONGEST[field]!} characters`;
      return PLAIN_TEXT.test(value) ? null : 'has control characters';
  }
}

/** A 31st of February is none. */
function isDay(text: string): boolean {
  const at = BIRTHDAY.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** The fields that are there. */
export function saidOf(
  profile: ProfileData,
): { readonly field: Exclude<ProfileField, 'name'>; readonly value: string }[] {
  const { gender, birthday, address, language } = profile;
  return Object.entries({ gender, birthday, address, language }).flatMap(([field, value]) =>
    value == null ? [] : [{ field: field as Exclude<ProfileField, 'name'>, value: value.trim() }],
  );
}
