import type { ChannelEvent, ReceiptData } from '@lienmach/contracts';
import type { Delivery, ItemState } from './item-state.js';

const UNCONFIRMED = 'message.unconfirmed';
/** States that a watermark can carry further. */
const REACHING: ReadonlySet<Delivery['state']> = new Set<Delivery['state']>(['sent', 'delivered']);

/**
 * Fate of an outbound item by the receipts that name it. Once read it was read; else the later of delivered and failed holds (a bounce comes after). Without
 * either it was sent if a send or its echo is there; a reply that is only asked for is queued, or unknown once nobody can tell what became of it.
 */
export function deliveryOf(
  sorted: readonly ChannelEvent<ReceiptData>[],
  { sent }: { readonly sent: boolean },
): Delivery {
  if (sorted.some(({ type }) => type === 'message.read')) return { state: 'read', reason: null };
  const unconfirmed = sorted.find(({ type }) => type === UNCONFIRMED);
  const last = sorted.filter(({ type }) => type !== UNCONFIRMED).at(-1);
  if (last?.type === 'message.failed') return { state: 'failed', reason: last.data.reason ?? null };
  if (last !== undefined) return { state: 'delivered', reason: null };
  if (sent) return { state: 'sent', reason: null };
  return unconfirmed
    ? { state: 'unknown', reason: unconfirmed.data.reason ?? null }
    : { state: 'queued', reason: null };
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
