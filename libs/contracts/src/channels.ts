import type { ReplyAttachmentKind, ReplyForm } from './events/reply.event.js';
import type { IdentifierType } from './identifiers.js';

/** How threads of a kind of channel behave in time. Core reads a channel's family and never its name. */
export interface FamilyRules {
  /** Silence between two counted items of one segment, in hours, after which a new segment begins (null: never by silence). */
  readonly silenceHours: number | null;
  /** The same while the segment's last customer item is still unanswered, in hours. */
  readonly unansweredSilenceHours: number | null;
  /** After a resolve, for how many hours a customer's next item reopens instead of beginning anew. */
  readonly reopenHours: number;
  /** A new item of the same (account, customer) in another thread reopens within the window too (calls: every call is a thread of its own). */
  readonly reopensAcrossThreads: boolean;
  /** Missed contact and its call-back join within so many hours (null: the family has no call-backs). */
  readonly callBackHours: number | null;
  /** Several customers may write into one thread (the comments of a post, a mail to many). */
  readonly manyCustomers: boolean;
}

/** The families of channels and their windows (rules T2-T5). */
export const FAMILIES = {
  chat: {
    silenceHours: 7 * 24,
    unansweredSilenceHours: 30 * 24,
    reopenHours: 24,
    reopensAcrossThreads: false,
    callBackHours: null,
    manyCustomers: false,
  },
  comment: {
    silenceHours: 7 * 24,
    unansweredSilenceHours: 30 * 24,
    reopenHours: 24,
    reopensAcrossThreads: false,
    callBackHours: null,
    manyCustomers: true,
  },
  mail: {
    silenceHours: 30 * 24,
    unansweredSilenceHours: 30 * 24,
    reopenHours: 7 * 24,
    reopensAcrossThreads: false,
    callBackHours: null,
    manyCustomers: true,
  },
  call: {
    silenceHours: 7 * 24,
    unansweredSilenceHours: 30 * 24,
    reopenHours: 72,
    reopensAcrossThreads: true,
    callBackHours: 24,
    manyCustomers: false,
  },
} as const satisfies Record<string, FamilyRules>;

export type Family = keyof typeof FAMILIES;

/** What a reply may carry along with a text, or instead of one. */
export interface ReplyAttachmentRules {
  readonly kinds: readonly ReplyAttachmentKind[];
  /** In one reply, however many messages the vendor makes of it. */
  readonly most: number;
}

/** How a person of the business may write back on a channel (rule T12). Core refuses what is outside, before anything is sent. */
export interface ReplyRules {
  /** Hours after the customer's last word in the thread for which the vendor takes a person's answer; null: for ever. */
  readonly windowHours: number | null;
  /** Longest text in UTF-16 units. */
  readonly longestText: number;
  /** Absent: texts alone. */
  readonly attachments?: ReplyAttachmentRules;
  /** Vendors of the channel by which can be sent; absent: by all. */
  readonly vendors?: readonly string[];
  /** What an answer becomes that is no message of the same thread. */
  readonly as?: ReplyForm;
  /** How what everybody can read is answered privately, once; its window counts from the very item that is answered. Absent: not at all. */
  readonly private?: Omit<ReplyRules, 'private'>;
}

/** How the business writes to somebody who wrote nothing there before. */
export interface FirstMessageRules {
  /** Type of identifiers that are an address there. */
  readonly to: IdentifierType;
  /** What the thread is called: by the address, or each first message begins one of its own. */
  readonly thread: 'address' | 'own';
  /** Vendors that take only answers. */
  readonly notBy?: readonly string[];
}

export interface Channel {
  /** Name in topics, settings and events. */
  readonly name: string;
  readonly family: Family;
  /** Family of a kind of event of this channel that differs from the channel's own. */
  readonly kinds?: Readonly<Record<string, Family>>;
  /** Absent: nothing is sent on this channel yet. Holds for the channel's own family, not for `kinds`. */
  readonly reply?: ReplyRules;
  /** The same of those `kinds` that can be answered. */
  readonly kindReplies?: Readonly<Record<string, ReplyRules>>;
  /** Absent: only who wrote first is written to. Holds for the vendors of `reply`. */
  readonly firstMessage?: FirstMessageRules;
}

/** Every channel, one line each. Adding a channel is adding its line here. */
export const CHANNELS = [
  {
    name: 'facebook',
    family: 'chat',
    kinds: { comment: 'comment', mention: 'comment' },
    // 24 hours, and up to seven days for what a person writes
    reply: {
      windowHours: 7 * 24,
      longestText: 2_000,
      // each a message of its own, 25 MB at most: https://developers.facebook.com/docs/messenger-platform/send-messages#sending_attachments
      attachments: { kinds: ['image', 'video', 'audio', 'file'], most: 10 },
    },
    // in public, as the page: https://developers.facebook.com/docs/graph-api/reference/object/comments; the length is that of Facebook's own form
    kindReplies: {
      comment: {
        windowHours: null,
        longestText: 8_000,
        attachments: { kinds: ['image'], most: 1 },
        as: 'comment',
        // https://developers.facebook.com/docs/messenger-platform/discovery/private-replies
        private: { windowHours: 7 * 24, longestText: 2_000, as: 'private-message' },
      },
    },
  },
  {
    name: 'zalo',
    family: 'chat',
    kinds: { call: 'call' },
    // two days for nothing, then for money: https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van
    reply: {
      windowHours: 7 * 24,
      longestText: 2_000,
      // by address only images: https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van/gui-tin-tu-van-dinh-kem-hinh-anh
      attachments: { kinds: ['image'], most: 1 },
    },
  },
  {
    name: 'email',
    family: 'mail',
    reply: {
      windowHours: null,
      longestText: 20_000,
      // together as large as a mail may be, see the adapter
      attachments: { kinds: ['image', 'video', 'audio', 'file'], most: 10 },
    },
    firstMessage: { to: 'email', thread: 'own' },
  },
  {
    name: 'sms',
    family: 'chat',
    reply: {
      windowHours: null,
      longestText: 1_600,
      vendors: ['twilio', 'vonage', 'infobip', 'esms', 'speedsms', 'smpp', 'vcom'],
    },
    // V-COM sends only answers: https://support.v-com.vn/support/solutions/articles/24000046091
    firstMessage: { to: 'phone', thread: 'address', notBy: ['vcom'] },
  },
  { name: 'call', family: 'call' },
] as const satisfies readonly Channel[];

export type ChannelName = (typeof CHANNELS)[number]['name'];

/**
 * The family whose windows hold for an event.
 * @param channel name of the channel; an unknown one counts as chat, so that an older core still threads a newer channel
 * @param kind `data.kind` of the event
 */
export function familyOf(channel: string, kind: string): Family {
  const found: Channel | undefined = CHANNELS.find(({ name }) => name === channel);
  return found?.kinds?.[kind] ?? found?.family ?? 'chat';
}

/**
 * How to answer an item of a channel; undefined: no answer can be sent there.
 * @param kind `data.kind` of the item that is answered
 * @param vendor of the account
 */
export function replyRulesOf(channel: string, kind: string, vendor: string): ReplyRules | undefined {
  const found: Channel | undefined = CHANNELS.find(({ name }) => name === channel);
  const rules = found?.kinds?.[kind] === undefined ? found?.reply : found.kindReplies?.[kind];
  return rules?.vendors?.includes(vendor) === false ? undefined : rules;
}

/** Channels on which an address can be written to first. */
export function channelsReaching(type: IdentifierType): (FirstMessageRules & { readonly channel: string })[] {
  const channels: readonly Channel[] = CHANNELS;
  return channels.flatMap(({ name, firstMessage }) =>
    firstMessage?.to === type ? [{ ...firstMessage, channel: name }] : [],
  );
}
