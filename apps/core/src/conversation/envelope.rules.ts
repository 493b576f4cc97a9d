import { formatIdentifier, type ChannelEvent } from '@lienmach/contracts';
import type { ItemAuthor, ItemState } from './item-state.js';

type EnvelopeFields = Pick<
  ItemState,
  | 'hash'
  | 'at'
  | 'receivedAt'
  | 'late'
  | 'clock'
  | 'kind'
  | 'type'
  | 'channel'
  | 'vendor'
  | 'account'
  | 'thread'
  | 'direction'
  | 'author'
  | 'identifier'
  | 'customerAuthor'
>;

/** What an item has from the event that it begins with. */
export function envelopeOf(event: ChannelEvent): EnvelopeFields {
  const { data } = event;
  return {
    hash: event.id,
    at: Date.parse(event.time),
    receivedAt: Date.parse(event.receivedtime),
    late: event.late === true,
    clock: event.clock === true,
    kind: data.kind,
    type: event.type,
    channel: event.channel,
    vendor: data.vendor,
    account: event.account,
    thread: data.thread,
    direction: data.direction,
    author: authorOf(event),
    identifier: identifierOf(event),
    customerAuthor: data.author.kind === 'customer',
  };
}

export function authorOf(event: ChannelEvent): ItemAuthor {
  const { kind, name, id } = event.data.author;
  return { kind, name: name ?? null, id: id ?? null };
}

/** The customer that the event names: its author, else a customer among the participants, else the thread's. */
export function identifierOf(event: ChannelEvent): string | null {
  const { author, participants } = event.data;
  const customer = author.kind === 'customer' ? author : participants.find(({ kind }) => kind === 'customer');
  const named = customer?.identifiers[0];
  return named !== undefined ? formatIdentifier(named) : (event.identifier ?? null);
}

/** Order of events: time, then id. */
export function byTime(a: ChannelEvent, b: ChannelEvent): number {
  return Date.parse(a.time) - Date.parse(b.time) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
