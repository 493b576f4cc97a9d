import {
  MalformedPayload,
  familyOf,
  itemId,
  keyedId,
  threadId,
  type AnyChannelData,
  type ChannelEvent,
  type IdentifierRef,
} from '@lienmach/contracts';
import { initialClass } from '@lienmach/identifiers';
import { itemKeysOf } from '../../conversation/item.rules.js';
import { evidenceOf } from '../../identity/evidence.rules.js';
import type { PlacedEvent, PlacedIdentifier } from '../placed-event.js';
import type { TenantFacts } from '../tenant-facts.js';

/** Events that only say something about another item: no interaction of their own. */
const ABOUT_OTHERS = new Set(['edit', 'removal', 'visibility', 'receipt', 'reaction']);

/** Claims of an order code tie a conversation to a case, not to a person. */
const IDENTIFYING_CLAIMS = { phone: 'phone', email: 'email' } as const;

/**
 * Gives an event its keys: items, thread, identifiers, and the evidence that it is.
 * @throws MalformedPayload when the event names an identifier that is none
 */
export function place(event: ChannelEvent, text: string, facts: TenantFacts): PlacedEvent {
  const { tenant, channel, account, data } = event;
  const origin = { tenant, channel, vendor: data.vendor, account };
  const own = !ABOUT_OTHERS.has(data.kind) && !isOurNotice(event);
  const identify = (ref: IdentifierRef, name: string | null, isOwn: boolean): PlacedIdentifier =>
    placeIdentifier(facts, ref, name, isOwn);

  const customer = customerOf(event);
  const placed = customer.identifiers.map((ref, index) => identify(ref, customer.name, own && index === 0));
  const claims = claimsOf(data).map((ref) => identify(ref, null, false));
  const itemIds = itemKeysOf(event).map((key) => itemId(origin, key));
  const at = Date.parse(event.time);

  return {
    event,
    text,
    at,
    receivedAt: Date.parse(event.receivedtime),
    threadId: threadId(tenant, channel, account, data.thread),
    family: familyOf(channel, data.kind),
    brand: facts.brandOf(channel, data.vendor, account),
    itemIds,
    identifierId: placed[0]?.id ?? null,
    identifiers: [...placed, ...claims],
    evidence: evidenceOf({
      eventId: event.id,
      itemId: itemIds[0] ?? event.id,
      kind: data.kind,
      at,
      direction: data.direction,
      authorKind: data.author.kind,
      customer: customer.identifiers.map(({ type }, index) => ({ type, id: placed[index]!.id })),
      claims,
    }),
  };
}

/** A message that nobody wrote to somebody who perhaps never did: a number that only a code was sent to is as unknown as before (rule I10). */
const isOurNotice = ({ data }: ChannelEvent): boolean =>
  data.kind === 'message' && data.direction === 'outbound' && data.author.kind === 'system';

/** Whom the event hangs on: its author if that is the customer, else the customer among those whom it names. */
function customerOf(event: ChannelEvent): { identifiers: readonly IdentifierRef[]; name: string | null } {
  const { author, participants } = event.data;
  const found = author.kind === 'customer' ? author : participants.find(({ kind }) => kind === 'customer');
  if (found && found.identifiers.length > 0) return found;
  return { identifiers: event.identifier ? [parseIdentifier(event.identifier)] : [], name: null };
}

/** Reads the envelope's `type:scope:value`; the value may hold colons. */
export function parseIdentifier(text: string): IdentifierRef {
  const match = /^([a-z_]+):([^:]*):(.+)$/s.exec(text);
  if (!match) throw new MalformedPayload(`identifier is not type:scope:value: ${text.slice(0, 40)}`);
  return { type: match[1] as IdentifierRef['type'], scope: match[2] || null, value: match[3]! };
}

function claimsOf(data: AnyChannelData): IdentifierRef[] {
  if (!('claims' in data)) return [];
  return data.claims.flatMap(({ type, value }) =>
    type in IDENTIFYING_CLAIMS ? [{ type: type as keyof typeof IDENTIFYING_CLAIMS, scope: null, value }] : [],
  );
}

/** Ids are HMACs: see `keyedId`. The person's seed names epoch 1 of the identifier (rule I13). */
export function placeIdentifier(
  facts: Pick<TenantFacts, 'secret' | 'ownNumbers'>,
  ref: IdentifierRef,
  name: string | null,
  own: boolean,
): PlacedIdentifier {
  const id = keyedId(facts.secret, ref.type, ref.scope ?? '', ref.value);
  return {
    id,
    type: ref.type,
    scope: ref.scope,
    value: ref.value,
    class: initialClass(ref, facts.ownNumbers),
    personSeed: keyedId(facts.secret, 'person', id, '1'),
    name,
    own,
  };
}
