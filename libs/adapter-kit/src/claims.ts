import type { Claim, CommentData, FormData, MessageData } from '@lienmach/contracts';
import { findClaims, type ClaimOptions } from '@lienmach/identifiers';
import type { DraftEvent } from './channel.js';

/** What decides over claims beside the text: the business's own numbers and the tenant's order codes. */
export type ClaimRules = Pick<ClaimOptions, 'ownNumbers' | 'orderCodePattern'>;

type Claiming = Omit<MessageData, 'claims'> | Omit<CommentData, 'claims'> | Omit<FormData, 'claims'>;

const NONE: readonly Claim[] = [];
// what is left out are the control characters; many times as fast as \p{Cc} with the flag u
const CONTROL = /[^\u0020-\u007e\u00a0-\uffff]+/g;

const stripped = (text: string): string => (text.search(CONTROL) < 0 ? text : text.replace(CONTROL, ' '));

/** What a draft's customer claims; undefined for families that carry no claims. Nobody but a customer claims anything. */
export function claimsOf(
  draft: DraftEvent,
  { ownNumbers, orderCodePattern }: ClaimRules,
): readonly Claim[] | undefined {
  const { kind, author } = draft.data;
  if (kind !== 'message' && kind !== 'comment' && kind !== 'form') return undefined;
  if (author.kind !== 'customer') return NONE;
  const data = draft.data as Claiming;
  const find = (text: string | null | undefined, where: Claim['where']): readonly Claim[] =>
    text ? findClaims(stripped(text), { ownNumbers, orderCodePattern, where }) : NONE;
  const given = draft.claims ?? NONE;
  if ('fields' in data) return distinct([...given, ...data.fields.flatMap(({ value }) => find(value, 'form'))]);
  const inText = find(data.content.text, 'text');
  const inSubject = 'subject' in data ? find(data.subject, 'text') : NONE;
  // a tapped number is the customer's own by the vendor's word; the same number in the text says no more
  const tapped = 'quickReply' in data ? find(data.quickReply, 'quick-reply') : NONE;
  if (given.length + inSubject.length + tapped.length === 0) return inText;
  return distinct([...given, ...tapped, ...inSubject, ...inText]);
}

function distinct(claims: readonly Claim[]): readonly Claim[] {
  const seen = new Map<string, Claim>();
  for (const claim of claims) {
    const key = `${claim.type} ${claim.value}`;
    if (!seen.has(key)) seen.set(key, claim);
  }
  return [...seen.values()];
}
