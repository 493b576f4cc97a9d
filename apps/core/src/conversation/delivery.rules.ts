import type { ChannelEvent, ReceiptData } from '@lienmach/contracts';
import type { Delivery, ItemState } from './item-state.js';

/** Fate of an outbound item by the receipts that name it. Once read it was read; else the later of delivered and failed holds (a bounce comes after). */
export function deliveryOf(sorted: readonly ChannelEvent<ReceiptData>[]): Delivery {
  if (sorted.some(({ type }) => type === 'message.read')) return { state: 'read', reason: null };
  const last = sorted.at(-1);
  if (last === undefined) return { state: 'sent', reason: null };
  return last.type === 'message.failed'
    ? { state: 'failed', reason: last.data.reason ?? null }
    : { state: 'delivered', reason: null };
}

/** Everything that the business sent into the thread up to `upTo` (milliseconds) was delivered or read; null when the event is no such mark. */
export function watermarkOf(event: ChannelEvent): { state: 'delivered' | 'read'; upTo: number } | null {
  if (event.data.kind !== 'receipt' || event.data.watermark == null) return null;
  if (event.type !== 'message.delivered' && event.type !== 'message.read') return null;
  return { state: event.type === 'message.read' ? 'read' : 'delivered', upTo: Date.parse(event.data.watermark) };
}

/** Lays a thread's watermarks (milliseconds) over the delivery of an outbound item; a failure stays one, and nothing is taken back. */
export function deliveryWith(
  item: Pick<ItemState, 'delivery' | 'at'>,
  marks: { readonly deliveredUpTo: number | null; readonly readUpTo: number | null },
): Delivery | null {
  const { delivery, at } = item;
  if (delivery === null || delivery.state === 'failed' || delivery.state === 'read') return delivery;
  if (marks.readUpTo !== null && at <= marks.readUpTo) return { state: 'read', reason: null };
  if (marks.deliveredUpTo !== null && at <= marks.deliveredUpTo) return { state: 'delivered', reason: null };
  return delivery;
}
