import {
  EVENT_TYPES,
  eventId,
  formatIdentifier,
  itemId,
  schemaUrn,
  type AnyChannelData,
  type ChannelEvent,
  type EventType,
  type IdentifierRef,
} from '@lienmach/contracts';

export const TENANT = 'demo';
const START = Date.parse('2026-11-02T01:00:00.000Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Time so many milliseconds into the story. */
export const at = (ms: number): string => new Date(START + ms).toISOString();

/** An item that an agent names, and whose it is. */
export interface NamedItem {
  item: string;
  customer: IdentifierRef;
}

/** An agent's act on conversations: on that of one customer, by his id on the page or his number, or on those of items. */
export type ActWord =
  | { says: 'resolve' | 'reopen'; who: [string]; ms: number }
  | { says: 'join' | 'split' | 'move'; one: NamedItem; with: NamedItem[]; apart: NamedItem[]; ms: number };

/** A record of a CRM, as an import brings it. */
export interface Imported {
  crm: string;
  phone: string;
  ms: number;
  actor: string;
  name: string | null;
  validFrom: string | null;
}

/** An agent's record: an act, or about two being one person. */
export type Word =
  | ActWord
  | { says: 'undo'; act: ActWord }
  | { says: 'new-owner'; number: string; ms: number; undone: boolean }
  | { says: 'same' | 'different' | 'retract'; who: [string, string]; ms: number };

interface Told {
  type: EventType;
  channel: 'facebook' | 'call' | 'email' | 'sms';
  account: string;
  thread: string;
  vendorEventId: string;
  ms: number;
  customer: IdentifierRef | null;
  name?: string | null;
  author: 'customer' | 'agent';
  direction?: 'inbound' | 'outbound';
  /** How much later it was received. */
  delayMs?: number;
  data?: Partial<Record<string, unknown>>;
}

export function told({
  type,
  channel,
  account,
  thread,
  vendorEventId,
  ms,
  customer,
  author,
  ...rest
}: Told): ChannelEvent {
  const kind = EVENT_TYPES[type];
  const vendor = channel === 'call' ? 'generic' : channel;
  const who = { kind: 'customer' as const, identifiers: customer ? [customer] : [], name: rest.name ?? null };
  const data = {
    kind,
    vendor,
    vendorEventId,
    thread,
    direction: rest.direction ?? (author === 'customer' ? 'inbound' : 'outbound'),
    author: author === 'customer' ? who : { kind: 'agent', identifiers: [], name: null, id: 'ext-1' },
    participants: author === 'customer' || !customer ? [] : [who],
    vendorData: {},
    ...rest.data,
  };
  return {
    specversion: '1.0',
    id: eventId({ tenant: TENANT, channel, vendor, account }, vendorEventId),
    source: `/${channel}/${account}`,
    type,
    time: at(ms),
    datacontenttype: 'application/json',
    dataschema: schemaUrn(kind),
    subject: thread,
    tenant: TENANT,
    channel,
    account,
    ...(customer && { identifier: formatIdentifier(customer) }),
    receivedtime: at(ms + (rest.delayMs ?? 400)),
    data: data as unknown as AnyChannelData,
  };
}

/** The item of an event that makes one and names its customer; null of any other. */
export function namedItem(event: ChannelEvent): NamedItem | null {
  const { tenant, channel, account, data } = event;
  const [customer] = [data.author, ...data.participants].flatMap(({ identifiers }) => identifiers);
  const key = data.kind === 'call' ? data.callId : ITEM_KINDS.has(data.kind) ? data.vendorEventId : null;
  if (key === null || customer === undefined) return null;
  return { item: itemId({ tenant, channel, vendor: data.vendor, account }, key), customer };
}
const ITEM_KINDS: ReadonlySet<string> = new Set(['message', 'comment']);

const content = (text: string) => ({ text, attachments: [], replyTo: null });
const psid = (value: string): IdentifierRef => ({ type: 'fb_psid', scope: 'page-1', value });
const commenter = (value: string): IdentifierRef => ({ type: 'fb_commenter', scope: 'page-1', value });
export const phone = (value: string): IdentifierRef => ({ type: 'phone', scope: null, value });

/** A number in its one form, else an order code. */
const claim = (value: string) => ({ type: value.startsWith('+') ? 'phone' : 'order_code', value, where: 'text' });

export function message(
  customer: string,
  mid: string,
  ms: number,
  text: string,
  claims: string[] = [],
  name: string | null = null,
): ChannelEvent {
  return told({
    type: 'message.received',
    channel: 'facebook',
    account: 'page-1',
    thread: customer,
    vendorEventId: mid,
    ms,
    customer: psid(customer),
    name,
    author: 'customer',
    data: { content: content(text), claims: claims.map(claim) },
  });
}

export function reply(customer: string, mid: string, ms: number): ChannelEvent {
  return told({
    type: 'message.sent',
    channel: 'facebook',
    account: 'page-1',
    thread: customer,
    vendorEventId: mid,
    ms,
    customer: psid(customer),
    author: 'agent',
    data: { content: content('Dạ shop kiểm tra ngay ạ'), claims: [] },
  });
}

const about =
  (type: EventType, suffix: string, data: (target: string) => Record<string, unknown>) =>
  (customer: string, mid: string, ms: number): ChannelEvent =>
    told({
      type,
      channel: 'facebook',
      account: 'page-1',
      thread: customer,
      vendorEventId: `${mid}|${suffix}`,
      ms,
      customer: psid(customer),
      author: 'customer',
      data: data(mid),
    });

export const edit = about('message.edited', 'edit', (target) => ({
  target,
  content: content('đã sửa'),
  editNumber: 1,
}));
export const removal = about('message.removed', 'removed', (target) => ({ target }));
export const reaction = about('reaction.added', 'love', (target) => ({ target, reaction: 'love', emoji: '❤' }));
export const read = about('message.read', 'read', () => ({ targets: [], watermark: at(2 * HOUR) }));

export function call(id: string, number: string, ms: number, fate: 'answered' | 'missed'): ChannelEvent[] {
  const say = (type: EventType, after: number, data: Record<string, unknown> = {}) =>
    told({
      type,
      channel: 'call',
      account: 'pbx-1',
      thread: id,
      vendorEventId: `${id}|${type}`,
      ms: ms + after,
      customer: phone(number),
      author: type === 'call.ringing' ? 'customer' : 'agent',
      direction: 'inbound',
      data: {
        callId: id,
        legId: null,
        hotline: '+841900000001',
        agent: null,
        queue: null,
        durationSeconds: null,
        talkSeconds: null,
        cause: null,
        endedBy: null,
        ...data,
      },
    });
  return fate === 'missed'
    ? [say('call.ringing', 0), say('call.ended', 30_000, { talkSeconds: 0 })]
    : [
        say('call.ringing', 0),
        say('call.answered', 10_000, { agent: { id: 'ext-1', name: null } }),
        say('call.ended', 100_000, { talkSeconds: 90 }),
      ];
}

export function text(number: string, id: string, ms: number, author: 'customer' | 'agent' = 'customer'): ChannelEvent {
  return told({
    type: author === 'customer' ? 'message.received' : 'message.sent',
    channel: 'sms',
    account: 'brand-1',
    thread: number,
    vendorEventId: id,
    ms,
    customer: phone(number),
    author,
    data: { content: content('Shop con hang khong'), claims: [] },
  });
}

export function comment(author: string, id: string, ms: number, post = 'post-1'): ChannelEvent {
  return told({
    type: 'comment.received',
    channel: 'facebook',
    account: 'page-1',
    thread: post,
    vendorEventId: id,
    ms,
    customer: commenter(author),
    author: 'customer',
    data: { content: content('giá bao nhiêu shop'), claims: [], parent: null },
  });
}

/** The page's own answer under a comment: the event names no customer. */
export function commentReply(id: string, parent: string | null, ms: number, post = 'post-1'): ChannelEvent {
  return told({
    type: 'comment.sent',
    channel: 'facebook',
    account: 'page-1',
    thread: post,
    vendorEventId: id,
    ms,
    customer: null,
    author: 'agent',
    data: { content: content('Shop inbox ạ'), claims: [], parent },
  });
}
