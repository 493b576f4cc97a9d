import {
  ASKED_TYPES,
  type AnyChannelData,
  type ChannelEvent,
  type CommentData,
  type Content,
  type EditData,
  type MessageData,
} from '@lienmach/contracts';
import { deliveryOf } from './delivery.rules.js';
import { authorOf, byTime, envelopeOf } from './envelope.rules.js';
import type { ItemState, ItemTiming } from './item-state.js';
import { orderCodesOf } from './order-code.rules.js';
import { standingReactions } from './reaction.rules.js';
import { isThanks } from './thanks.rules.js';

type Kind = AnyChannelData['kind'];
type EventOf<K extends Kind> = ChannelEvent<Extract<AnyChannelData, { kind: K }>>;

const OF_ANOTHER: ReadonlySet<Kind> = new Set<Kind>(['edit', 'removal', 'visibility', 'receipt', 'reaction']);
/** Kinds that a customer waits for an answer to (rule T8). */
const WAITING: ReadonlySet<Kind> = new Set<Kind>(['message', 'comment', 'form']);
/** Kinds that count for silence, written by whomever; hand-overs, referrals and follows are notices. */
const COUNTING: ReadonlySet<Kind> = new Set<Kind>(['message', 'comment', 'mention', 'postback', 'form']);
/** Kinds that are words of the business to the customer. */
const SPOKEN: ReadonlySet<Kind> = new Set<Kind>(['message', 'comment']);

/**
 * Everything but a call: the message, comment or notice itself with what was done to it.
 * @param sorted by (time, id), each event once, at least one
 */
export function foldMessage(sorted: readonly ChannelEvent[]): ItemState {
  const base = baseOf(sorted);
  const event = base ?? sorted[0];
  if (event === undefined) throw new RangeError('an item needs at least one event');
  const { data } = event;
  // what was asked for names the item, its author and its words for good, however many messages the vendor makes of it
  const asked = sorted.find(({ type }) => ASKED_TYPES.has(type));
  const written = contentOf(asked ?? event);
  const edit = lastEdit(of(sorted, 'edit'));
  const removed = of(sorted, 'removal').length > 0;
  const text = (edit !== null ? edit.content.text : written?.text) ?? null;
  const attachments = edit?.content.attachments.length ? edit.content.attachments : (written?.attachments ?? []);
  const replyTo = written?.replyTo ?? null;
  const message = data.kind === 'message' ? data : null;
  const spoken = isSpoken(event) ? event.data : null;
  const outbound = spoken?.direction === 'outbound';
  const sending = { sent: !ASKED_TYPES.has(event.type), parts: spoken?.sentAs ?? [] };
  const delivery = outbound ? deliveryOf(of(sorted, 'receipt'), sending) : null;

  const envelope = envelopeOf(event);
  const timing = timingOf(event, { removed, failed: delivery?.state === 'failed' });
  const notice = noticeOf(data);

  // every field by its name: three objects spread into one of this size take a hundred times as long
  return {
    hash: asked?.id ?? envelope.hash,
    at: envelope.at,
    receivedAt: envelope.receivedAt,
    late: envelope.late,
    clock: envelope.clock,
    kind: envelope.kind,
    type: envelope.type,
    channel: envelope.channel,
    vendor: envelope.vendor,
    account: envelope.account,
    thread: envelope.thread,
    direction: envelope.direction,
    author: asked ? authorOf(asked) : envelope.author,
    identifier: envelope.identifier,
    customerAuthor: envelope.customerAuthor,
    customer: timing.customer,
    counts: timing.counts,
    waits: timing.waits,
    stopsAt: timing.stopsAt,
    botAt: timing.botAt,
    call: timing.call,
    thanks: spoken !== null && !removed && !message?.quickReply && isThanks({ text, attachments }),
    hasBase: base !== null,
    answers: replyTo ?? (data.kind === 'comment' ? (data.parent ?? null) : null),
    text: removed ? null : text,
    subject: removed ? null : (message?.subject ?? null),
    // an edit speaks of the text alone: what stood around the former one is no longer the whole
    fullText: removed || edit !== null ? null : (message?.fullText ?? null),
    attachments: removed ? [] : attachments,
    replyTo,
    references: message?.references ?? [],
    orderCodes: removed ? [] : orderCodesOf(data),
    replyToken: message?.direction === 'inbound' ? (message.replyToken ?? null) : null,
    edited: edit !== null,
    removed,
    hidden: of(sorted, 'visibility').at(-1)?.data.hidden ?? false,
    reactions: standingReactions(of(sorted, 'reaction')),
    delivery,
    callState: null,
    standby: message?.standby === true,
    automatic: message?.automatic ?? null,
    quickReply: message?.quickReply ?? null,
    commandId: spoken?.commandId ?? null,
    postback: notice.postback,
    referral: notice.referral,
    purpose: notice.purpose,
    fields: notice.fields,
    handover: notice.handover,
  };
}

function contentOf({ data }: ChannelEvent): Content | null {
  return 'content' in data && !OF_ANOTHER.has(data.kind) ? data.content : null;
}

/** Our own send, which knows the command's id, beats its echo; what was only asked for stands while neither is there. */
function baseOf(sorted: readonly ChannelEvent[]): ChannelEvent | null {
  const bases = sorted.filter(({ data }) => !OF_ANOTHER.has(data.kind));
  const sent = bases.filter(({ type }) => !ASKED_TYPES.has(type));
  const spoken = sent.filter(isSpoken);
  return (
    spoken.find(({ data }) => data.sentAs) ?? spoken.find(({ data }) => data.commandId) ?? sent[0] ?? bases[0] ?? null
  );
}

const isSpoken = (event: ChannelEvent): event is ChannelEvent<MessageData | CommentData> => SPOKEN.has(event.data.kind);

export function of<K extends Kind>(sorted: readonly ChannelEvent[], kind: K): EventOf<K>[] {
  return sorted.filter((event): event is EventOf<K> => event.data.kind === kind);
}

/** By the vendor's edit number where it has one, else by (time, id). */
function lastEdit(sorted: readonly ChannelEvent<EditData>[]): EditData | null {
  const number = ({ data }: ChannelEvent<EditData>): number => data.editNumber ?? -1;
  return [...sorted].sort((a, b) => number(a) - number(b) || byTime(a, b)).at(-1)?.data ?? null;
}

function timingOf(event: ChannelEvent, fate: { removed: boolean; failed: boolean }): Omit<ItemTiming, 'thanks'> {
  const { data } = event;
  const automatic = data.kind === 'message' && data.automatic != null;
  const customer = data.author.kind === 'customer';
  const at = Date.parse(event.time);
  const sent = data.direction === 'outbound' && !ASKED_TYPES.has(event.type);
  const spoke = SPOKEN.has(data.kind) && sent && !fate.failed && !automatic;
  return {
    customer,
    counts: COUNTING.has(data.kind) && !automatic && data.author.kind !== 'system',
    // what was taken back leaves nothing to answer
    waits: customer && WAITING.has(data.kind) && !automatic && !fate.removed,
    stopsAt: spoke && data.author.kind === 'agent' ? at : null,
    botAt: spoke && data.author.kind === 'bot' ? at : null,
    call: null,
  };
}

function noticeOf(data: AnyChannelData): Pick<ItemState, 'postback' | 'referral' | 'purpose' | 'fields' | 'handover'> {
  const none = { postback: null, referral: null, purpose: null, fields: null, handover: null };
  switch (data.kind) {
    case 'postback':
      return { ...none, postback: { title: data.title ?? null, payload: data.payload ?? null } };
    case 'referral':
      return { ...none, referral: { ref: data.ref ?? null, source: data.source ?? null, adId: data.adId ?? null } };
    case 'contact':
      return { ...none, purpose: data.purpose ?? null };
    case 'form':
      return { ...none, fields: data.fields };
    case 'handover':
      return { ...none, handover: { action: data.action, from: data.from ?? null, to: data.to ?? null } };
    default:
      return none;
  }
}
