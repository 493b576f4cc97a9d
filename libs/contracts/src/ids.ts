import { createHmac, hash } from 'node:crypto';

/** Namespaces of our uuid5 ids; fixed for ever, because every id depends on them. */
const NAMESPACES = {
  event: '0f6d2c1e-6c2f-5b0a-9d38-0a6f1f5f7a01',
  item: '0f6d2c1e-6c2f-5b0a-9d38-0a6f1f5f7a02',
  thread: '0f6d2c1e-6c2f-5b0a-9d38-0a6f1f5f7a03',
  segment: '0f6d2c1e-6c2f-5b0a-9d38-0a6f1f5f7a04',
  conversation: '0f6d2c1e-6c2f-5b0a-9d38-0a6f1f5f7a05',
  evidence: '0f6d2c1e-6c2f-5b0a-9d38-0a6f1f5f7a06',
  derived: '0f6d2c1e-6c2f-5b0a-9d38-0a6f1f5f7a07',
} as const;

export type IdNamespace = keyof typeof NAMESPACES;

const NAMESPACE_BYTES = Object.fromEntries(
  Object.entries(NAMESPACES).map(([name, uuid]) => [name, Buffer.from(uuid.replaceAll('-', ''), 'hex')]),
) as Record<IdNamespace, Buffer>;

/** What percent-encoding leaves as it is; most ids are made of nothing else, and seeing that is many times as fast as encoding. */
const PLAIN = /^[\w.!~*'()-]*$/;

/** Percent-encodes one part of a key, so that `|` in a vendor's id cannot forge another key. Half of a surrogate pair, which no bytes can carry, is U+FFFD. */
export function keyPart(part: string): string {
  return PLAIN.test(part) ? part : encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** Joins the parts of a key: each percent-encoded, separated by `|`. */
export function joinKey(...parts: readonly string[]): string {
  return parts.map(keyPart).join('|');
}

/** uuid v5 (RFC 9562) of the parts in one of our namespaces: the same parts give the same id everywhere and for ever. */
export function deterministicId(namespace: IdNamespace, ...parts: readonly string[]): string {
  return nameId(NAMESPACE_BYTES[namespace], joinKey(...parts));
}

const NAMESPACE_LENGTH = 16;
/** Longest name that is hashed without a buffer of its own; one for all, because nothing here waits. */
const SCRATCH = Buffer.allocUnsafeSlow(NAMESPACE_LENGTH + 2_048);

/** @param name percent-encoded, so that each character is a byte */
function nameId(namespace: Buffer, name: string): string {
  const length = NAMESPACE_LENGTH + name.length;
  const bytes = length <= SCRATCH.length ? SCRATCH.subarray(0, length) : Buffer.allocUnsafe(length);
  namespace.copy(bytes);
  bytes.write(name, NAMESPACE_LENGTH, 'latin1');
  // in one call and without a buffer for its answer: every event of every door comes by here
  return formatUuid(hash('sha1', bytes, 'hex'), 5);
}

/**
 * uuid v8 from HMAC-SHA256 over the parts: for ids of people and identifiers. A plain hash of a phone number is undone by trying all numbers; this is not
 * without the tenant's secret.
 */
export function keyedId(secret: Buffer, ...parts: readonly string[]): string {
  return formatUuid(
    createHmac('sha256', secret)
      .update(joinKey(...parts))
      .digest('hex'),
    8,
  );
}

/** The digit that carries the variant, by the digit that stood there: its two upper bits are 10. */
const VARIANT: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('0123456789abcdef', (digit, value) => [digit, '89ab'[value % 4]!]),
);

function formatUuid(hex: string, version: number): string {
  const upper = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}`;
  return `${upper}-${VARIANT[hex[16]!]!}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Where an event comes from; the parts that make its id. */
export interface EventOrigin {
  tenant: string;
  channel: string;
  vendor: string;
  account: string;
}

/** Id of a channel event: of its origin and the vendor's event id (or the composed key that stands in for one). */
export function eventId(origin: EventOrigin, vendorEventId: string): string {
  return eventIdsOf(origin)(vendorEventId);
}

/** The same for many events of one origin, whose parts are joined once. */
export function eventIdsOf({ tenant, channel, vendor, account }: EventOrigin): (vendorEventId: string) => string {
  const prefix = `${joinKey(tenant, channel, vendor, account)}|`;
  return (vendorEventId) => nameId(NAMESPACE_BYTES.event, prefix + keyPart(vendorEventId));
}

/** Id of a timeline item: of its origin and the vendor's id of the message, comment or call. */
export function itemId(origin: EventOrigin, vendorItemId: string): string {
  return deterministicId('item', origin.tenant, origin.channel, origin.vendor, origin.account, vendorItemId);
}

/** Id of a thread. */
export function threadId(tenant: string, channel: string, account: string, thread: string): string {
  return deterministicId('thread', tenant, channel, account, thread);
}

/** Kafka key of channel and interaction history: `tenant|channel|account|thread`, each part percent-encoded. */
export function threadKey(tenant: string, channel: string, account: string, thread: string): string {
  return joinKey(tenant, channel, account, thread);
}
