import { createHash } from 'node:crypto';
import type { ChannelEvent } from '@lienmach/contracts';
import { foldCall, isCallEvent } from './call.rules.js';
import { byTime } from './envelope.rules.js';
import type { ItemState } from './item-state.js';
import { foldMessage } from './message.rules.js';

/** Vendor's ids of the items that an event is about: its own, its target, its targets, or its call. None for a receipt that is only a watermark. */
export function itemKeysOf(event: ChannelEvent): string[] {
  const { data } = event;
  switch (data.kind) {
    case 'edit':
    case 'removal':
    case 'visibility':
    case 'reaction':
      return [data.target];
    case 'receipt':
      return [...new Set(data.targets)];
    case 'call':
    case 'recording':
    case 'keypress':
    case 'voicemail':
      return [data.callId];
    default:
      return [data.vendorEventId];
  }
}

/**
 * One item out of all events that name its key: the same in any order and however often each came.
 * @param events at least one
 */
export function foldItem(events: readonly ChannelEvent[]): ItemState {
  const sorted = withoutRepeats(events).sort(byTime);
  const calls = sorted.filter(isCallEvent);
  return calls.length > 0 ? foldCall(calls) : foldMessage(sorted);
}

/** Of repeats of one event the one with the least (received time, hash of content) counts. */
function withoutRepeats(events: readonly ChannelEvent[]): ChannelEvent[] {
  const kept = new Map<string, ChannelEvent>();
  for (const event of events) {
    const other = kept.get(event.id);
    if (other === undefined || countsBefore(event, other)) kept.set(event.id, event);
  }
  return [...kept.values()];
}

function countsBefore(a: ChannelEvent, b: ChannelEvent): boolean {
  const difference = Date.parse(a.receivedtime) - Date.parse(b.receivedtime);
  return difference !== 0 ? difference < 0 : contentHash(a) < contentHash(b);
}

/** Keys are sorted first: a database may give them back in another order. */
function contentHash(event: ChannelEvent): string {
  const text = JSON.stringify(event, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
