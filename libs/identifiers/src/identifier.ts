import { IDENTIFIER_TYPES, type IdentifierRef, type IdentifierType } from '@lienmach/contracts';
import { normaliseEmail } from './email.js';
import { normalisePhone } from './phone.js';

/** A usable identifier, or the reason why it is none, in words for whoever sent it. */
export type IdentifierResult =
  | { readonly kind: 'identifier'; readonly identifier: IdentifierRef }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Types whose values mean something only within a page, an OA or an app (rule I1). */
const SCOPED: ReadonlySet<IdentifierType> = new Set([
  'fb_psid',
  'fb_asid',
  'fb_commenter',
  'zalo_oa_uid',
  'zalo_app_uid',
]);
/** Types whose values are the same everywhere. */
const UNSCOPED: ReadonlySet<IdentifierType> = new Set(['phone', 'email']);

/** Vendors' ids are opaque: anything printable without spaces. */
const OPAQUE = /^[^\s\p{C}]{1,255}$/u;

const isType = (type: string): type is IdentifierType => (IDENTIFIER_TYPES as readonly string[]).includes(type);
const invalid = (reason: string): IdentifierResult => ({ kind: 'invalid', reason });

function normalisedValue(type: IdentifierType, value: string): string | null {
  if (type === 'email') return normaliseEmail(value);
  if (type === 'phone') {
    const phone = normalisePhone(value);
    return phone.kind === 'invalid' ? null : phone.value;
  }
  return OPAQUE.test(value.trim()) ? value.trim() : null;
}

/**
 * Checks and normalises an identifier that a person or another system names: a phone in any notation, an address, a vendor's id.
 * A service number (1900…) is an identifier too, with its bare digits: `initialClass` blocks it.
 * @param scope page, OA or app; null or empty where there is none
 */
export function normaliseIdentifier(type: string, scope: string | null, value: string): IdentifierResult {
  if (!isType(type)) return invalid(`${type} is no type of identifier: use one of ${IDENTIFIER_TYPES.join(', ')}`);
  const within = scope?.trim() || null;
  if (SCOPED.has(type) && within === null)
    return invalid(`${type} needs a scope: the page, OA or app that gave the id`);
  if (UNSCOPED.has(type) && within !== null) return invalid(`${type} has no scope: its values are the same everywhere`);
  if (within !== null && !OPAQUE.test(within))
    return invalid('the scope has spaces or control characters, or is too long');
  const normalised = normalisedValue(type, value);
  if (normalised === null) return invalid(`the value is no valid ${type}`);
  return { kind: 'identifier', identifier: { type, scope: within, value: normalised } };
}
