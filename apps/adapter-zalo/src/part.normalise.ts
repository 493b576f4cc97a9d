import {
  formatIdentifier,
  type AnyChannelData,
  type Author,
  type ChannelData,
  type Claim,
  type EventType,
  type IdentifierRef,
} from '@lienmach/contracts';
import {
  asId,
  asObject,
  type ChannelAccount,
  composedKey,
  type DraftEvent,
  type Json,
  required,
} from '@lienmach/adapter-kit';
import type { ZaloSettings } from './zalo.config.js';

export type OfficialAccount = ChannelAccount<ZaloSettings>;

/** What a reader works on, and where it leaves what it finds. */
export interface Part {
  readonly event: string;
  readonly body: Json;
  readonly oa: OfficialAccount;
  readonly time: number | null;
  readonly events: DraftEvent[];
  readonly unknown: string[];
}

/** Whose event it is, and in which thread. */
export interface Where {
  readonly thread: string;
  /** Null where the vendor names nobody whom it would know again. */
  readonly customer: IdentifierRef | null;
  /** Further ids of the same person, by the vendor's own mapping. */
  readonly also?: readonly IdentifierRef[];
  readonly time?: number | null;
}

export type Reader = (part: Part) => void;

export const partyId = (body: Json, name: string): string | null => asId(asObject(body[name])?.['id']);
export const userOf = (oa: OfficialAccount, id: string): IdentifierRef => ({
  type: 'zalo_oa_uid',
  scope: oa.id,
  value: id,
});

/** The app's own id of the same user joins the accounts of one app. */
function appUser({ body, oa }: Part): IdentifierRef[] {
  const id = asId(body['user_id_by_app']);
  return id ? [{ type: 'zalo_app_uid', scope: oa.settings.appId, value: id }] : [];
}

export const customerAuthor = ({ customer, also = [] }: Where, name: string | null = null): Author => ({
  kind: 'customer',
  identifiers: customer ? [customer, ...also] : [],
  name,
});

/** A person typed in the vendor's chat tool; without that the message came by the API. */
export function senderAuthor({ body }: Part): Author {
  const admin = asId(asObject(body['sender'])?.['admin_id']);
  const id = admin ?? asId(body['app_id']);
  return { kind: admin === null ? 'bot' : 'agent', identifiers: [], name: null, id };
}

export function add<D extends AnyChannelData>(
  { oa, time, events }: Part,
  where: Where,
  type: EventType,
  author: Author,
  data: Omit<D, keyof ChannelData | 'claims'> & { readonly kind: D['kind']; readonly vendorEventId: string },
  claims: readonly Claim[] = [],
  vendorData: Record<string, unknown> = {},
): void {
  const direction = author.kind === 'customer' ? 'inbound' : author.kind === 'system' ? 'internal' : 'outbound';
  const { thread, customer } = where;
  const common = { vendor: 'zalo', thread, direction, author, participants: [], vendorData } as const;
  events.push({
    account: oa.id,
    type,
    time: where.time === undefined ? time : where.time,
    subject: customer?.value ?? thread,
    ...(customer ? { identifier: formatIdentifier(customer) } : {}),
    data: { ...common, ...data } as unknown as DraftEvent<D>['data'],
    ...(claims.length > 0 ? { claims } : {}),
  });
}

/** The customer of an event between two parties: whoever is not the OA. */
export function customerOf(part: Part): Where {
  const { body, oa } = part;
  const found = [partyId(body, 'sender'), partyId(body, 'recipient'), partyId(body, 'follower'), asId(body['user_id'])];
  const id = required(
    found.find((each) => each !== null && each !== oa.id),
    `${part.event} without its user`,
  );
  return { thread: id, customer: userOf(oa, id), also: appUser(part) };
}

/** A group is a thread of its own; only who wrote is named. */
export function groupOf(part: Part): Where {
  const { body, oa, event } = part;
  const group = required(asId(body['group_id']) ?? partyId(body, 'recipient'), `${event} without its group`);
  const sender = partyId(body, 'sender');
  return { thread: group, customer: sender === null || sender === oa.id ? null : userOf(oa, sender) };
}

/** The id of somebody anonymous lives as long as the conversation and is no identifier. */
export function anonymousOf({ body, event, oa }: Part): Where {
  const named = asId(asObject(body['message'])?.['conversation_id']) ?? asId(body['conversation_id']);
  const other = [partyId(body, 'sender'), partyId(body, 'recipient')].find((id) => id !== null && id !== oa.id);
  return { thread: required(named ?? other, `${event} without its conversation`), customer: null };
}

/** Of an event without an id of its own: who, what and when. */
export const occasion = ({ event, body }: Part, { thread }: Where): string =>
  composedKey(event, thread, asId(body['timestamp']));
