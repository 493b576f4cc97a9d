import type { ChannelEvent, EventType, ReceiptData } from '@lienmach/contracts';
import type { Delivery, ItemState } from './item-state.js';

const UNCONFIRMED: ReadonlySet<string> = new Set<EventType>(['message.unconfirmed', 'comment.unconfirmed']);
const FAILED: ReadonlySet<string> = new Set<EventType>(['message.failed', 'comment.failed']);
/** States that a watermark can carry further. */
const REACHING: ReadonlySet<Delivery['state']> = new Set<Delivery['state']>(['sent', 'delivered']);

/** What is known of an outbound item beside its receipts. */
export interface Sending {
  /** Its send or its echo is there. */
  readonly sent: boolean;
  /** The vendor's ids of the messages that it became, each with receipts of its own; none where it is one. */
  readonly parts: readonly string[];
}

/**
 * Fate of an outbound item by the receipts that name it. One that went out in part alone stays so, whatever is heard of the part. Once read it was read; else the
 * later of delivered and failed holds (a bounce comes after), and of a long message in several parts the worst of them: the customer sees it when all are there.
 * Without either it was sent if a send or its echo is there; a reply that is only asked for is queued, or unknown once nobody can tell what became of it.
 */
export function deliveryOf(sorted: readonly ChannelEvent<ReceiptData>[], { sent, parts }: Sending): Delivery {
  const partly = sorted.find(({ data }) => data.partly);
  if (partly) return { state: UNCONFIRMED.has(partly.type) ? 'unknown' : 'failed', reason: partly.data.reason ?? null };
  if (sorted.some(({ type }) => type === 'message.read')) return { state: 'read', reason: null };
  const unconfirmed = sorted.find(({ type }) => UNCONFIRMED.has(type));
  const verdicts = sorted.filter(({ type }) => !UNCONFIRMED.has(type));
  const lasts = parts.length > 1 ? parts.map((part) => lastOf(part, parts, verdicts)) : [verdicts.at(-1)];
  const failure = lasts.find((last) => last !== undefined && FAILED.has(last.type));
  if (failure) return { state: 'failed', reason: failure.data.reason ?? null };
  if (lasts.every((last) => last !== undefined)) return { state: 'delivered', reason: null };
  if (sent) return { state: 'sent', reason: null };
  return unconfirmed
    ? { state: 'unknown', reason: unconfirmed.data.reason ?? null }
    : { state: 'queued', reason: null };
}

/** A receipt that names no part is one of the whole. */
function lastOf(part: string, parts: readonly string[], sorted: readonly ChannelEvent<ReceiptData>[]) {
  return sorted.findLast(
    ({ data: { targets } }) => targets.includes(part) || !targets.some((target) => parts.includes(target)),
  );
}

/** Everything that the business sent into the thread up to `upTo` (milliseconds) was delivered or read; null when the event is no such mark. */
export function watermarkOf(event: ChannelEvent): { state: 'delivered' | 'read'; upTo: number } | null {
  if (event.data.kind !== 'receipt' || event.data.watermark == null) return null;
  if (event.type !== 'message.delivered' && event.type !== 'message.read') return null;
  return { state: event.type === 'message.read' ? 'read' : 'delivered', upTo: Date.parse(event.data.watermark) };
}

/** Lays a thread's watermarks (milliseconds) over the delivery of an item that was sent; what was not is covered by none, and nothing is taken back. */
export function deliveryWith(
  item: Pick<ItemState, 'delivery' | 'at'>,
  marks: { readonly deliveredUpTo: number | null; readonly readUpTo: number | null },
): Delivery | null {
  const { delivery, at } = item;
  if (delivery === null || !REACHING.has(delivery.state)) return delivery;
  if (marks.readUpTo !== null && at <= marks.readUpTo) return { state: 'read', reason: null };
  if (marks.deliveredUpTo !== null && at <= marks.deliveredUpTo) return { state: 'delivered', reason: null };
  return delivery;
}
