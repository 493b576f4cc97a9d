import { ASKED_TYPES, deterministicId, itemId, type ChannelEvent, type EventOrigin } from '@lienmach/contracts';
import type { AliasRow } from '../alias.repository.js';
import type { PlacedEvent } from '../placed-event.js';

/** Kinds that may name an item by another id than its own; what a customer writes never has two. */
const ABOUT_OTHERS: ReadonlySet<string> = new Set(['edit', 'removal', 'visibility', 'receipt', 'reaction']);
/** Kinds of which we send some ourselves. */
const SENT: ReadonlySet<string> = new Set(['message', 'comment']);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Items by their other ids, as `tenant id`. */
export type Aliases = ReadonlyMap<string, string>;

export const aliasKey = ({ tenant, id }: { readonly tenant: string; readonly id: string }): string => `${tenant} ${id}`;

/** Ids of which it must be known whether they are another item's. */
export function namesIn(placed: readonly PlacedEvent[]): { tenant: string; id: string }[] {
  const names = new Map<string, { tenant: string; id: string }>();
  for (const { event, itemIds } of placed) {
    const command = commandOf(event);
    if (!ABOUT_OTHERS.has(event.data.kind) && (!SENT.has(event.data.kind) || event.data.direction === 'inbound'))
      continue;
    const ids = command ? [command.name, ...command.names, ...command.token] : itemIds;
    for (const id of ids) names.set(aliasKey({ tenant: event.tenant, id }), { tenant: event.tenant, id });
  }
  return [...names.values()];
}

/** Other ids that the events tell of. */
export interface Taught {
  /** Of replies that are asked for: nothing can stand under these yet. */
  readonly asked: readonly AliasRow[];
  /** The vendor's, by our send or by its echo: an item may stand under them already. */
  readonly given: readonly AliasRow[];
}

/** A command that nobody asked for here, such as another installation's behind the same application, teaches nothing. */
export function aliasesTaught(placed: readonly PlacedEvent[], known: Aliases): Taught {
  const isNew = (row: AliasRow): boolean => !known.has(aliasKey(row));
  const commands = placed.flatMap(({ event }) => {
    const command = commandOf(event);
    return command ? [{ ...command, tenant: event.tenant, isAsked: ASKED_TYPES.has(event.type) }] : [];
  });
  const asked = commands
    .filter(({ isAsked, id }) => isAsked && UUID.test(id))
    .flatMap(({ tenant, id, name, token }) =>
      [name, ...token].map((each): AliasRow => ({ tenant, id: each, itemId: id })),
    );
  const itemOf = new Map([...known, ...asked.map((row) => [aliasKey(row), row.itemId] as const)]);
  const given = commands.flatMap(({ tenant, name, names, isAsked }) => {
    const target = isAsked ? undefined : itemOf.get(aliasKey({ tenant, id: name }));
    return target === undefined ? [] : names.map((id): AliasRow => ({ tenant, id, itemId: target }));
  });
  return { asked: distinct(asked.filter(isNew)), given: distinct(given.filter((row) => !itemOf.has(aliasKey(row)))) };
}

/** Sorted by key, so that two batches lock in one order. */
function distinct(rows: readonly AliasRow[]): AliasRow[] {
  const byKey = new Map(rows.map((row) => [aliasKey(row), row]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The events with their items by the ids that count. */
export function withAliases(placed: readonly PlacedEvent[], known: Aliases): PlacedEvent[] {
  if (known.size === 0) return [...placed];
  return placed.map((one) => {
    const { tenant } = one.event;
    const command = commandOf(one.event);
    const named = command && known.get(aliasKey({ tenant, id: command.name }));
    const itemIds = named ? [named] : [...new Set(one.itemIds.map((id) => known.get(aliasKey({ tenant, id })) ?? id))];
    return { ...one, itemIds };
  });
}

/** By what a reply is found that carried a token: no vendor's id of an item has so many parts. Mail programs may write the token in capitals. */
export const tokenItemId = ({ tenant, channel, vendor, account }: EventOrigin, token: string): string =>
  deterministicId('item', tenant, channel, vendor, account, 'reply-token', token.toLowerCase());

interface NamedCommand {
  readonly id: string;
  /** Of an item that is named by the command. */
  readonly name: string;
  /** Of items that are named by the vendor's ids. */
  readonly names: readonly string[];
  /** Of the item that is named by the token. */
  readonly token: readonly string[];
}

/** The command that a message, or what became of one, says it is of. */
function commandOf({ tenant, channel, account, data }: ChannelEvent): NamedCommand | null {
  if (data.kind !== 'message' && data.kind !== 'comment' && data.kind !== 'receipt') return null;
  if (data.direction === 'inbound' || !data.commandId) return null;
  const origin = { tenant, channel, vendor: data.vendor, account };
  const own = data.kind === 'receipt' ? [] : [data.vendorEventId];
  return {
    id: data.commandId,
    name: itemId(origin, data.commandId),
    names: [...own, ...(data.sentAs ?? [])].map((id) => itemId(origin, id)),
    token: data.kind === 'message' && data.replyToken ? [tokenItemId(origin, data.replyToken)] : [],
  };
}
