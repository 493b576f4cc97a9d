import type { Attachment, AuthorKind, Direction, FormField } from '@lienmach/contracts';

export interface ItemAuthor {
  readonly kind: AuthorKind;
  readonly name: string | null;
  /** An agent's extension or a sending application's id; null for customers. */
  readonly id: string | null;
}

export interface ItemReaction {
  readonly reaction: string | null;
  readonly emoji: string | null;
  readonly author: ItemAuthor;
  readonly at: number;
}

export interface Delivery {
  readonly state: 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';
  readonly reason: string | null;
}

/** `missed` in either direction: the whole call ended and no leg was answered. */
export type CallPhase = 'queued' | 'ringing' | 'answered' | 'ended' | 'missed';

export interface CallState {
  /** The vendor's id of the call (the group of legs). */
  readonly id: string;
  readonly state: CallPhase;
  readonly direction: Direction;
  readonly answered: boolean;
  /** Event times, milliseconds. */
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly ringSeconds: number | null;
  readonly talkSeconds: number | null;
  /** Who answered last, or who called out. */
  readonly agent: string | null;
  readonly hotline: string | null;
  readonly queue: string | null;
  readonly recordingUrl: string | null;
  readonly voicemailUrl: string | null;
  readonly voicemail: boolean;
  readonly transcript: string | null;
  readonly endedBy: 'customer' | 'agent' | 'system' | null;
  readonly cause: string | null;
  readonly digits: readonly { readonly digits: string; readonly purpose: 'ivr' | 'survey'; readonly at: number }[];
  readonly transfers: readonly { readonly to: string | null; readonly at: number }[];
}

/** What threads and clocks take from an item; a TimedItem is made of it. */
export interface ItemTiming {
  readonly customer: boolean;
  readonly counts: boolean;
  readonly waits: boolean;
  readonly stopsAt: number | null;
  readonly botAt: number | null;
  readonly thanks: boolean;
  readonly call: { readonly missed: boolean; readonly answered: boolean; readonly inbound: boolean } | null;
}

/** One item of the timeline, folded from all events that name it. Times in milliseconds, event time. */
export interface ItemState extends ItemTiming {
  /** False while only edits, receipts and the like came: not shown, not threaded yet. */
  readonly hasBase: boolean;
  /** Event id of its first event; of a call the earliest of all, else that of the message itself. */
  readonly hash: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly late: boolean;
  readonly clock: boolean;
  /** Family of `data`: message, comment, mention, postback, referral, contact, form, handover or call (everything of a call). */
  readonly kind: string;
  readonly type: string;
  readonly channel: string;
  readonly vendor: string;
  readonly account: string;
  readonly thread: string;
  readonly direction: Direction;
  readonly author: ItemAuthor;
  /** Owner as the envelope writes it (`type:scope:value`); null when the event does not say: see owner.rules.ts. */
  readonly identifier: string | null;
  /** Written or called by a customer, perhaps an anonymous one. */
  readonly customerAuthor: boolean;
  /** The vendor's id of the item that this one answers: a quoted message or the parent comment. */
  readonly answers: string | null;
  readonly text: string | null;
  /** Of a mail; null otherwise. */
  readonly subject: string | null;
  /** Of a mail: the text with its quotes and signature; null otherwise. */
  readonly fullText: string | null;
  readonly attachments: readonly Attachment[];
  readonly replyTo: string | null;
  /** Of a mail: the vendor's ids of earlier mails that it names, oldest first. */
  readonly references: readonly string[];
  /** Of what a customer wrote: the token by which it names a reply of ours. */
  readonly replyToken: string | null;
  /** Order codes that the customer names, see `orderCodeKey`. An edit claims nothing: those of the first words stand. */
  readonly orderCodes: readonly string[];
  readonly edited: boolean;
  readonly removed: boolean;
  readonly hidden: boolean;
  readonly reactions: readonly ItemReaction[];
  /** Of outbound messages and comments; null otherwise. Read and delivered watermarks of the thread are laid over it by `deliveryWith`. */
  readonly delivery: Delivery | null;
  readonly callState: CallState | null;
  readonly standby: boolean;
  readonly automatic: 'auto-reply' | 'list' | 'calendar' | null;
  readonly quickReply: string | null;
  readonly commandId: string | null;
  readonly postback: { readonly title: string | null; readonly payload: string | null } | null;
  readonly referral: {
    readonly ref: string | null;
    readonly source: string | null;
    readonly adId: string | null;
  } | null;
  readonly purpose: string | null;
  readonly fields: readonly FormField[] | null;
  readonly handover: {
    readonly action: 'passed' | 'taken' | 'requested';
    readonly from: string | null;
    readonly to: string | null;
  } | null;
}
