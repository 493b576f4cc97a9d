import { CallData, KeypressData, RecordingData, VoicemailData } from './call.event.js';
import { EditData, ReactionData, ReceiptData, RemovalData, VisibilityData } from './change.event.js';
import {
  CommentData,
  ContactData,
  FormData,
  HandoverData,
  MentionData,
  MessageData,
  PostbackData,
  ReferralData,
} from './message.event.js';

/** The class of `data` of every family; `dataschema` names the family. */
export const CHANNEL_DATA = {
  message: MessageData,
  comment: CommentData,
  mention: MentionData,
  edit: EditData,
  removal: RemovalData,
  visibility: VisibilityData,
  receipt: ReceiptData,
  reaction: ReactionData,
  postback: PostbackData,
  referral: ReferralData,
  contact: ContactData,
  form: FormData,
  handover: HandoverData,
  call: CallData,
  recording: RecordingData,
  keypress: KeypressData,
  voicemail: VoicemailData,
} as const;

export type ChannelFamily = keyof typeof CHANNEL_DATA;

/** The family of every type of channel event. */
export const EVENT_TYPES = {
  'message.received': 'message',
  'message.queued': 'message',
  'message.sent': 'message',
  'message.edited': 'edit',
  'message.removed': 'removal',
  'message.delivered': 'receipt',
  'message.read': 'receipt',
  'message.failed': 'receipt',
  'message.unconfirmed': 'receipt',
  'comment.received': 'comment',
  'comment.queued': 'comment',
  'comment.sent': 'comment',
  'comment.edited': 'edit',
  'comment.removed': 'removal',
  'comment.failed': 'receipt',
  'comment.unconfirmed': 'receipt',
  'comment.hidden': 'visibility',
  'comment.shown': 'visibility',
  'mention.received': 'mention',
  'reaction.added': 'reaction',
  'reaction.removed': 'reaction',
  'postback.received': 'postback',
  'referral.received': 'referral',
  'contact.followed': 'contact',
  'contact.unfollowed': 'contact',
  'contact.opted-in': 'contact',
  'contact.opted-out': 'contact',
  'form.submitted': 'form',
  'thread.handed-over': 'handover',
  'call.ringing': 'call',
  'call.queued': 'call',
  'call.answered': 'call',
  'call.held': 'call',
  'call.unheld': 'call',
  'call.transferred': 'call',
  'call.ended': 'call',
  'call.missed': 'call',
  'call.transcribed': 'call',
  'call.recorded': 'recording',
  'call.keyed': 'keypress',
  'voicemail.left': 'voicemail',
} as const satisfies Record<string, ChannelFamily>;

export type EventType = keyof typeof EVENT_TYPES;

/** A reply was asked for: nothing was sent yet. */
export const ASKED_TYPES: ReadonlySet<string> = new Set<EventType>(['message.queued', 'comment.queued']);

type DataOf<F extends ChannelFamily> = InstanceType<(typeof CHANNEL_DATA)[F]>;

/** `data` of any channel event; `kind` tells which. */
export type AnyChannelData = { [F in ChannelFamily]: DataOf<F> }[ChannelFamily];

/** CloudEvents 1.0 with our extensions; absent extensions are left out, never null. */
export interface Envelope<T> {
  specversion: '1.0';
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: string;
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: 'application/json';
  dataschema: string;
  subject: string;
  tenant: string;
  data: T;
}

/** What an adapter publishes on `channel.<channel>.v1`. */
export interface ChannelEvent<T extends AnyChannelData = AnyChannelData> extends Envelope<T> {
  type: EventType;
  channel: string;
  /** Page, OA, number or mailbox of the business. */
  account: string;
  /** `type:scope:value` of the thread's customer, where the vendor's event names one; scope is empty where there is none. */
  identifier?: string;
  /** When our door took it in. */
  receivedtime: string;
  /** `true` when received more than ten minutes after it happened. */
  late?: boolean;
  /** `true` when the vendor's time was impossible and receipt stands in for it. */
  clock?: boolean;
}

/** `dataschema` of a family. */
export function schemaUrn(family: string, major = 1): string {
  return `urn:lienmach:schema:${family}:${major}`;
}

/** Writes an identifier as the `identifier` extension has it. */
export function formatIdentifier(identifier: { type: string; scope: string | null; value: string }): string {
  return `${identifier.type}:${identifier.scope ?? ''}:${identifier.value}`;
}
