import type { GivenName, GivenValue } from '../../identity/name.rules.js';
import { saidOf, wrongWith } from '../../identity/profile.rules.js';
import type { PlacedEvent } from '../placed-event.js';
import type { EventRow, EventTargetRow, ThreadRow } from '../ingest.repository.js';
import type { IdentifierRow } from '../learning.repository.js';

/** Keeps of repeats within a batch the one that the database would keep: the one received first. In the order of the log. */
export function distinctEvents(placed: readonly PlacedEvent[]): PlacedEvent[] {
  const kept = new Map<string, PlacedEvent>();
  for (const candidate of placed) {
    const key = `${candidate.event.tenant} ${candidate.event.id}`;
    const known = kept.get(key);
    if (!known || candidate.receivedAt < known.receivedAt) kept.set(key, candidate);
  }
  return [...kept.values()];
}

/** Sorted by key, so that two batches lock in one order. */
export function eventRows(events: readonly PlacedEvent[]): EventRow[] {
  const rows = new Map<string, EventRow>();
  for (const { event, text, at, receivedAt, itemIds } of events) {
    rows.set(`${event.tenant} ${event.id}`, {
      tenant: event.tenant,
      id: event.id,
      itemId: itemIds.length === 1 ? itemIds[0]! : null,
      type: event.type,
      at,
      receivedAt,
      value: text,
    });
  }
  return sorted(rows);
}

/** Events that name several items. */
export function targetRows(events: readonly PlacedEvent[]): EventTargetRow[] {
  return events
    .filter(({ itemIds }) => itemIds.length > 1)
    .flatMap(({ event, itemIds }) => itemIds.map((itemId) => ({ tenant: event.tenant, itemId, eventId: event.id })));
}

/** Identifiers of the batch, each once, with its earliest own interaction; sorted by key. */
export function identifierRows(events: readonly PlacedEvent[]): IdentifierRow[] {
  const rows = new Map<string, IdentifierRow>();
  for (const { event, at, identifiers } of events) {
    for (const { own, name: _, ...identifier } of identifiers) {
      const key = `${event.tenant} ${identifier.id}`;
      const row = rows.get(key) ?? {
        tenant: event.tenant,
        ...identifier,
        firstOwnAt: null,
        firstOwnHash: null,
      };
      if (own && isEarlier(at, event.id, row.firstOwnAt, row.firstOwnHash)) {
        row.firstOwnAt = at;
        row.firstOwnHash = event.id;
      }
      rows.set(key, row);
    }
  }
  return sorted(rows);
}

/** Names by which the channels call the customers of the batch. */
export function givenNames(events: readonly PlacedEvent[]): GivenName[] {
  return events.flatMap(({ event: { tenant }, at, identifiers }) =>
    identifiers.flatMap(({ id, name }): GivenName[] =>
      name ? [{ tenant, identifierId: id, source: 'claim', value: name, at }] : [],
    ),
  );
}

/** What forms of the batch say of the customers beside. A value that is none stays in the form. */
export function givenValues(events: readonly PlacedEvent[]): GivenValue[] {
  return events.flatMap(({ event: { tenant, data }, at, identifierId }): GivenValue[] => {
    if (data.kind !== 'form' || !data.profile || identifierId === null || data.author.kind !== 'customer') return [];
    const good = saidOf(data.profile).filter(({ field, value }) => wrongWith(field, value) === null);
    return good.map((one) => ({ tenant, identifierId, source: 'claim', ...one, at }));
  });
}

/** What has to be written: identifiers that are new, or of which an earlier interaction came to light (rule I10). */
export function learnt(rows: readonly IdentifierRow[], known: readonly IdentifierRow[]): IdentifierRow[] {
  const before = new Map(known.map((row) => [`${row.tenant} ${row.id}`, row]));
  return rows.filter((row) => {
    const old = before.get(`${row.tenant} ${row.id}`);
    if (!old) return true;
    return row.firstOwnAt !== null && isEarlier(row.firstOwnAt, row.firstOwnHash!, old.firstOwnAt, old.firstOwnHash);
  });
}

/** Threads of the batch with their watermarks; sorted by key. */
export function threadRows(events: readonly PlacedEvent[]): ThreadRow[] {
  const rows = new Map<string, ThreadRow>();
  for (const { event, threadId } of events) {
    const key = `${event.tenant} ${threadId}`;
    const row = rows.get(key) ?? {
      tenant: event.tenant,
      id: threadId,
      channel: event.channel,
      account: event.account,
      thread: event.data.thread,
      readAt: null,
      deliveredAt: null,
    };
    if (event.data.kind === 'receipt' && event.data.watermark) {
      const watermark = Date.parse(event.data.watermark);
      if (event.type === 'message.read') row.readAt = Math.max(row.readAt ?? 0, watermark);
      if (event.type === 'message.delivered') row.deliveredAt = Math.max(row.deliveredAt ?? 0, watermark);
    }
    rows.set(key, row);
  }
  return sorted(rows);
}

function sorted<T>(rows: ReadonlyMap<string, T>): T[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function isEarlier(at: number, hash: string, otherAt: number | null, otherHash: string | null): boolean {
  return otherAt === null || at < otherAt || (at === otherAt && hash < otherHash!);
}
