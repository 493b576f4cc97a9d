import type { AnsweredMessage, IdentifierRef, ReplyAttachment, ReplyForm } from '@lienmach/contracts';

/** A person's answer to a customer, to be sent once. */
export interface OutboundReply {
  /** Our command's id; where the vendor gives something of ours back with his echo, give him this. */
  readonly id: string;
  /** The vendor's id of the thread. */
  readonly thread: string;
  /** The customer. */
  readonly to: IdentifierRef;
  /** Empty: attachments alone. */
  readonly text: string;
  /** Of a first message of a channel that has subjects; null: that of what it answers. */
  readonly subject: string | null;
  /** No more and no other than the channel's reply rules in the contract allow. */
  readonly attachments: readonly ReplyAttachment[];
  /** The customer's last word in the thread, milliseconds since 1970: the vendor's windows count from there. */
  readonly lastCustomerAt: number;
  /** Absent: a message. No other than the channel's reply rules name. */
  readonly as?: ReplyForm;
  /** The vendor's id of the message that it quotes, or of the comment that it answers. */
  readonly replyTo: string | null;
  /** The customer's last word in the thread; null where it is not known. */
  readonly answers: AnsweredMessage | null;
  /** Nobody can guess it: where the channel has a place for it, the customer's answer brings it back. */
  readonly replyToken: string | null;
}

/** Whom the vendor says that a message reached, where he was asked for by another identifier: both are one person. */
export interface Reached {
  /** The vendor's id of the thread in which it stands. */
  readonly thread: string;
  readonly identifier: IdentifierRef;
}

/**
 * What became of an attempt. `failed`: it never will, with a reason that an agent can act on. `not-taken`: the vendor surely does not have it, and it is tried
 * again, after `retryAfterMs` or a pause that grows; `holds: 'account'` lets everything of the account wait meanwhile, or until its settings change. `unknown`:
 * he may have it, so it is never sent again.
 */
export type SendOutcome =
  | { readonly kind: 'sent'; readonly ids: readonly string[]; readonly reached?: Reached }
  | { readonly kind: 'failed' | 'unknown'; readonly reason: string }
  | {
      readonly kind: 'not-taken';
      readonly reason: string;
      readonly retryAfterMs?: number;
      readonly holds?: 'account';
    };
