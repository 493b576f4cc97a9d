import {
  formatIdentifier,
  type AnyChannelData,
  type Author,
  type ChannelData,
  type EventType,
  type IdentifierRef,
} from '@lienmach/contracts';
import type { ChannelAccount, DraftEvent } from '@lienmach/adapter-kit';
import type { FacebookSettings } from './facebook.config.js';

/** Where a part of the body stands. */
export interface Part {
  readonly page: ChannelAccount<FacebookSettings>;
  /** The entry's own time, milliseconds: of the delivery, so it changes when the vendor sends an event again. */
  readonly entryTime: number | null;
  /** Another app owns the thread. */
  readonly standby: boolean;
}

/** What the parts have come to so far. */
export class Findings {
  readonly events: DraftEvent[] = [];
  readonly unknown: string[] = [];
  readonly malformed: { account: string | null; reason: string }[] = [];
}

/** What all events of one thread and customer have in common. */
export interface Where {
  readonly account: string;
  readonly thread: string;
  readonly time: number | null;
  /** Null for an anonymous customer. */
  readonly customer: IdentifierRef | null;
}

export const customerAuthor = ({ customer }: Where, name: string | null = null): Author => ({
  kind: 'customer',
  identifiers: customer ? [customer] : [],
  name,
});
export const agentAuthor = (name: string | null = null): Author => ({ kind: 'agent', identifiers: [], name, id: null });
export const systemAuthor = (): Author => ({ kind: 'system', identifiers: [], name: null });

/** The fields of `data` that every event has. */
export function common({ thread }: Where, vendorEventId: string, author: Author): Omit<ChannelData, 'kind'> {
  const direction = author.kind === 'customer' ? 'inbound' : author.kind === 'system' ? 'internal' : 'outbound';
  return { vendor: 'facebook', vendorEventId, thread, direction, author, participants: [], vendorData: {} };
}

export function draft<D extends AnyChannelData>(
  where: Where,
  type: EventType,
  data: DraftEvent<D>['data'],
): DraftEvent<D> {
  const { account, time, customer, thread } = where;
  const identifier = customer ? { identifier: formatIdentifier(customer) } : {};
  return { account, type, time, subject: customer?.value ?? thread, ...identifier, data };
}
