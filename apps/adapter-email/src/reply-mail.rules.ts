import type { ChannelAccount, OutboundReply } from '@lienmach/adapter-kit';
import { addressesIn, messageIds, type MailAddress } from './mail-address.js';
import type { OutboundMailSettings } from './outbound-mail.config.js';

type Account = Pick<ChannelAccount<OutboundMailSettings>, 'id' | 'settings'>;

/** A reply as a mail. */
export interface ReplyMail {
  /** With brackets; the same whenever this reply is made into a mail. */
  readonly messageId: string;
  readonly from: MailAddress;
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly inReplyTo: string | null;
  /** Oldest first. */
  readonly references: readonly string[];
  readonly text: string;
}

/** Of a local part, RFC 5321, 4.5.3.1.1. */
const LONGEST_LOCAL_PART = 64;
/** Of a header that grows with every answer: the root and the newest. */
const MOST_REFERENCES = 20;
/** Said again by every answer, in whatever language the program speaks. */
const REPLY_PREFIX = /^\s*(?:(?:re|aw|sv|tl|trả lời)\s*(?:\[\d+\])?\s*[:：]\s*)+/iu;

/** The mail that a reply becomes, or why it cannot be one, in a sentence for who can mend it. */
export function replyMailOf(reply: OutboundReply, account: Account): ReplyMail | { readonly problem: string } {
  const from = senderOf(account);
  if (from === null) return { problem: 'sender-missing: give the account its from, the address that customers see' };
  const to = recipientOf(reply);
  if (to === null) return { problem: 'address-missing: the customer gave no address that a mail can go to' };
  // what came without an id of its own was named by its vendor, and no program would know it by that
  const answered = messageIds(reply.answers?.vendorEventId ?? null)[0] ?? null;
  return {
    messageId: messageIdOf(reply.id, from),
    from,
    to,
    replyTo: replyAddressOf(reply, account, from),
    subject: reply.subject ?? replySubject(reply.answers?.subject ?? null),
    inReplyTo: answered,
    references: answered === null ? [] : referencesOf(reply.answers?.references ?? [], answered),
    text: reply.text,
  };
}

/** The ids of a reply's mail that are ours to give. */
export function replyMailIds(reply: OutboundReply, account: Account): readonly string[] {
  const from = senderOf(account);
  return from === null ? [] : [messageIdOf(reply.id, from)];
}

/** SMTP cannot tell a mail that comes a second time from the first: whoever gets it, and whoever bounces it, can by this. */
const messageIdOf = (id: string, { address }: MailAddress): string =>
  `<${id}${address.slice(address.lastIndexOf('@'))}>`;

const senderOf = ({ id, settings }: Account): MailAddress | null => addressesIn(settings.from ?? id)[0] ?? null;

/** A proven address is answered itself. One that is not may ask for its answers elsewhere, as forms on a site do: an agent chose to answer it. */
function recipientOf({ to, answers }: OutboundReply): string | null {
  if (to.type === 'email') return to.value;
  const { replyTo, from } = answers?.vendorData ?? {};
  const wanted = [...(Array.isArray(replyTo) ? (replyTo as unknown[]) : []), from];
  return wanted.flatMap((each) => (typeof each === 'string' ? addressesIn(each) : []))[0]?.address ?? null;
}

/** Where the answer shall go: to the account's own mailbox with the token, by which it is known whatever else the customer's program leaves out. */
function replyAddressOf({ replyToken }: OutboundReply, { id, settings }: Account, from: MailAddress): string | null {
  const mailbox = addressesIn(id)[0]?.address;
  if (mailbox === undefined) return null;
  const plain = mailbox === from.address ? null : mailbox;
  if (replyToken === null || settings.plusAddresses === false || mailbox.includes('+')) return plain;
  const at = mailbox.lastIndexOf('@');
  const local = `${mailbox.slice(0, at)}+t.${replyToken}`;
  return local.length > LONGEST_LOCAL_PART ? plain : local + mailbox.slice(at);
}

function replySubject(subject: string | null): string {
  return `Re: ${(subject ?? '').replace(REPLY_PREFIX, '').trim()}`.trim();
}

/** The parent's references and the parent (RFC 5322, 3.6.4). Of many the middle is left out: the first names the thread. */
function referencesOf(parents: readonly string[], answered: string): string[] {
  const all = [...new Set([...messageIds(parents.join(' ')), answered])];
  return all.length > MOST_REFERENCES ? [all[0]!, ...all.slice(1 - MOST_REFERENCES)] : all;
}
