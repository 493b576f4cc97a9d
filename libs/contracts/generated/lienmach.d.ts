// Made by `npm run gen` from libs/contracts: do not edit.

/** The customer's message that a reply answers, as its channel told of it. */
export interface AnsweredMessage {
  vendorEventId: string;
  /** Of a mail. */
  subject?: string | null;
  /** Of a mail: what its References name, oldest first. */
  references?: Array<string> | null;
  /** Given back to the adapter that wrote it. */
  vendorData: Record<string, unknown>;
}

export interface Attachment {
  kind: "image" | "video" | "audio" | "file" | "sticker" | "location" | "link" | "contact" | "template";
  /** May expire, and may be absent (stickers, locations). */
  url?: string | null;
  name?: string | null;
  /** The vendor's id of a sticker or a stored file. */
  vendorId?: string | null;
  contentType?: string | null;
  /** Bytes. */
  size?: number | null;
  /** Degrees, of a location. */
  latitude?: number | null;
  longitude?: number | null;
}

/** Who wrote, called or acted. */
export interface Author {
  kind: "customer" | "agent" | "bot" | "system";
  /** A customer's identifiers, the first being the one the item hangs on; empty for agents, bots and anonymous customers. */
  identifiers: Array<IdentifierRef>;
  name?: string | null;
  /** An agent's extension or a sending app's id, as the vendor names it. */
  id?: string | null;
}

export interface CallAgent {
  /** Extension or user id. */
  id: string;
  name?: string | null;
}

/** `call.ringing`, `.queued`, `.answered`, `.held`, `.unheld`, `.transferred`, `.ended`, `.missed`, `.transcribed`. */
export interface CallData {
  kind: "call";
  agent?: CallAgent | null;
  queue?: string | null;
  /** Whole call, seconds. */
  durationSeconds?: number | null;
  /** Time talked, seconds. */
  talkSeconds?: number | null;
  /** Hang-up cause as the vendor words it. */
  cause?: string | null;
  endedBy?: "customer" | "agent" | "system" | null;
  transcript?: string | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
  /** The vendor's id of the call (the group of legs). */
  callId: string;
  /** The leg this event is about; null where the vendor knows only one. */
  legId?: string | null;
  /** Our number: the hotline that was called or shown. */
  hotline?: string | null;
}

/** A number, address or order code that a customer's text names. It proves nothing (rule I3: claimed). */
export interface Claim {
  type: "phone" | "email" | "order_code";
  /** Normalised: E.164, e-mail with folded domain, the order code as written. */
  value: string;
  where: "text" | "quick-reply" | "form" | "card" | "header";
}

/** `comment.received`, `comment.queued`, `comment.sent`: one comment under a post; `thread` is the post. */
export interface CommentData {
  kind: "comment";
  content: Content;
  claims: Array<Claim>;
  /** `vendorEventId` of the comment that this one answers; null at the top level. */
  parent?: string | null;
  /** Our own command's id, when this is a reply that we were asked to send or that we sent. */
  commandId?: string | null;
  /** Of a reply that we sent: the vendor's id of it, by which others name it. */
  sentAs?: Array<string> | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

/** `contact.followed`, `.unfollowed`, `.opted-in`, `.opted-out`. */
export interface ContactData {
  kind: "contact";
  /** What was opted into or out of, in the vendor's word. */
  purpose?: string | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

export interface Content {
  text?: string | null;
  attachments: Array<Attachment>;
  /** `vendorEventId` of the message that this one quotes or answers. */
  replyTo?: string | null;
}

/** The waiting clock of a conversation (rule T8). */
export interface ConversationClock {
  waitingSince?: string | null;
  stage: "stopped" | "running" | "warned" | "breached" | "danger";
  /** What stopped it last: the id of the answer, of the call or of the agent's act. */
  stoppedBy?: string | null;
}

/** `conversation.opened`, `.linked`, `.unlinked`, `.channel-switched`, `.waiting`, `.replied`, `.resolved`, `.reopened`. */
export interface ConversationEventData {
  conversationId: string;
  personId?: string | null;
  /** Segments that came, went or are meant. */
  segmentIds: Array<string>;
  /** Of `conversation.linked`: conversations that the segment may belong to as well (rule T6); absent where that is clear. */
  candidates?: Array<string> | null;
  /** Item that caused it; null when an agent or a change of people did. */
  itemId?: string | null;
  /** Channel left, of a switch. */
  from?: string | null;
  /** Channel entered, of a switch; channel of the item otherwise. */
  to?: string | null;
  /** `item`, `reference`, `call-back`, `silence`, `agent`, `people-changed` … */
  cause: string;
  /** Rule that decided, as numbered in the documentation (`T5`). */
  rule: string;
  /** Who acted; null for a rule. */
  actor?: string | null;
  rulesVersion: number;
}

/** One customer's stretch of a thread. */
export interface ConversationSegment {
  id: string;
  channel: string;
  account: string;
  thread: string;
  startedAt: string;
  resolvedAt?: string | null;
  linkedBy?: "same-person" | "reference" | "call-back" | "agent" | null;
  /** Conversations that it may belong to as well (rule T6), the latest active first; absent where that is clear. */
  candidates?: Array<string> | null;
}

/** State: a conversation as known now. */
export interface ConversationStateData {
  conversationId: string;
  formerIds: Array<string>;
  state: "open" | "resolved";
  /** Null when the customer is anonymous. */
  personId?: string | null;
  channels: Array<string>;
  /** It might belong to another conversation as well (rule T6). */
  ambiguous: boolean;
  segments: Array<ConversationSegment>;
  clock: ConversationClock;
  rulesVersion: number;
}

/** `customer.recorded`: a customer as a CRM or a till knows it. Its numbers and addresses are verified as this customer's (rule I3). A line of `POST /v1/identities/import` has the same fields. One of `crmId` and `loyaltyId` must be there, and something that is tied to it. */
export interface CustomerRecordData {
  /** Customer number of the CRM. */
  crmId?: string | null;
  /** Number of the customer's card. */
  loyaltyId?: string | null;
  /** In any notation that is used in Vietnam, or with the country's code. */
  phones?: Array<string> | null;
  emails?: Array<string> | null;
  name?: string | null;
  /** Since when all this is so: a day or a time, in Vietnam's zone where it names none. Without it: since the record was made. */
  validFrom?: string | null;
  /** Until when. */
  validTo?: string | null;
  gender?: "female" | "male" | "other" | null;
  /** A day, as `1999-10-30`. */
  birthday?: string | null;
  /** In one line, from the house to the province. */
  address?: string | null;
  /** That the customer speaks, as `vi` or `en-US`. */
  language?: string | null;
}

/** `message.edited`, `comment.edited`. */
export interface EditData {
  kind: "edit";
  content: Content;
  /** The vendor's counter of edits, which orders them better than time does; null where there is none. */
  editNumber?: number | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
  /** `vendorEventId` of the message or comment that is changed. */
  target: string;
}

/** `evidence.asserted`, `evidence.retracted`: what speaks for or against two identifiers being one person (rule I2). Identifiers are keyed hashes, because this topic is kept for ever. */
export interface EvidenceData {
  evidenceId: string;
  /** What was seen: `claim`, `contact`, `platform`, `record`, `one-time-code`, `same`, `different`, `new-owner` …; a retraction has the kind of what it takes back. */
  kind: string;
  strength: "suggestion" | "claimed" | "transport" | "verified";
  /** Ids of the two identifiers; of a `contact` the one that wrote or called, of a `new-owner` the number. */
  pair: Array<string>;
  /** When it happened, not when we learnt of it. */
  at: string;
  /** Event that showed it; null when an agent or an import did. */
  sourceEventId?: string | null;
  /** Who said so; null for a rule. */
  actor?: string | null;
  /** Rule that made it, as numbered in the documentation (`I5`). */
  rule: string;
  reason?: string | null;
  /** Evidence that this record takes back; null when it asserts. */
  retracts?: string | null;
  /** Since when the two belong together, where a CRM's record says so. */
  validFrom?: string | null;
  /** Until when. */
  validTo?: string | null;
  rulesVersion: number;
}

/** `form.submitted`: the customer filled in fields. */
export interface FormData {
  kind: "form";
  fields: Array<FormField>;
  /** What the fields say of the customer, where the adapter knows what they mean; the name is the author's. */
  profile?: ProfileData | null;
  claims: Array<Claim>;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

export interface FormField {
  name: string;
  value: string;
}

/** `thread.handed-over`: another application took, gave or asked for the thread. */
export interface HandoverData {
  kind: "handover";
  action: "passed" | "taken" | "requested";
  /** Applications' ids; null when nobody owned or owns the thread. */
  from?: string | null;
  to?: string | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

/** An identifier as the vendor gave it: type, scope (page, OA, app; null where the value is the same everywhere) and normalised value. */
export interface IdentifierRef {
  type: "crm_id" | "loyalty_id" | "phone" | "email" | "fb_psid" | "fb_asid" | "fb_commenter" | "zalo_oa_uid" | "zalo_app_uid" | "web_visitor" | "mail_thread";
  scope?: string | null;
  value: string;
}

/** State: whom an identifier belongs to now. */
export interface IdentityMapData {
  identifierId: string;
  type: "crm_id" | "loyalty_id" | "phone" | "email" | "fb_psid" | "fb_asid" | "fb_commenter" | "zalo_oa_uid" | "zalo_app_uid" | "web_visitor" | "mail_thread";
  /** Grows when a number is given to somebody else (rule I13). */
  epoch: number;
  /** Null for an identifier that is known from claims alone: that is no person yet (rule I10). */
  personId?: string | null;
  /** Strongest tie to the person's id-giving member; null without a person. */
  level?: "claimed" | "corroborated" | "verified" | null;
  class: "personal" | "shared" | "company" | "blocked";
  /** Since when the number is this person's: what happened before is another epoch's. Absent of the first epoch. */
  since?: string | null;
  /** Since when it is the next one's. Absent of the present epoch. */
  until?: string | null;
  rulesVersion: number;
}

/** `call.keyed`: digits pressed, in a menu or as the answer to a survey. */
export interface KeypressData {
  kind: "keypress";
  digits: string;
  purpose: "ivr" | "survey";
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
  /** The vendor's id of the call (the group of legs). */
  callId: string;
  /** The leg this event is about; null where the vendor knows only one. */
  legId?: string | null;
  /** Our number: the hotline that was called or shown. */
  hotline?: string | null;
}

/** `mention.received`: the business was named in somebody's post or comment. */
export interface MentionData {
  kind: "mention";
  content: Content;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

/** `message.received`, `message.queued`, `message.sent`: one message of a chat, an SMS or a mail. */
export interface MessageData {
  kind: "message";
  content: Content;
  claims: Array<Claim>;
  /** Our own command's id, when this is a reply that we were asked to send, that we sent, or the vendor's echo of it. */
  commandId?: string | null;
  /** Of a reply that we sent: the vendor's ids of the messages that it became, by which echoes and receipts name it. */
  sentAs?: Array<string> | null;
  /** Seen while another application owned the thread. */
  standby?: boolean | null;
  /** The payload of a tapped quick reply. */
  quickReply?: string | null;
  /** A machine wrote it: an out-of-office note, a mailing list, a calendar. */
  automatic?: "auto-reply" | "list" | "calendar" | null;
  /** Of a mail, prefixes such as `Re:` included. */
  subject?: string | null;
  /** Of a mail: the whole text with its quotes and signature; `content.text` is what the sender wrote this time. */
  fullText?: string | null;
  /** Of a mail: ids of earlier mails that its References name, oldest first. */
  references?: Array<string> | null;
  /** The token of the plus address that a mail was sent to: it names the reply of ours that is answered. Proves nothing until it is checked. Of a reply that we were asked to send: the token that it carries. */
  replyToken?: string | null;
  /** Whether a mail's From is proven by DKIM or SPF in line with it; only then the address is the author's identifier. */
  authentication?: "pass" | "fail" | "none" | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

/** `person.linked`, `.split`, `.renamed`, `.class-changed`, `.edited`, with everything needed to see why (rule I12). */
export interface PersonChangeData {
  before: Array<PersonSet>;
  after: Array<PersonSet>;
  /** `evidence`, `retraction`, `rules`, `class`; of an edit `agent`, or `undo` … */
  cause: string;
  /** Of an edit: fields of the profile that an agent changed. What they are now stands in the state. */
  fields?: Array<"name" | "gender" | "birthday" | "address" | "language"> | null;
  /** Of an edit. */
  reason?: string | null;
  /** Rule that decided, as numbered in the documentation (`I5`). */
  rule: string;
  evidenceIds: Array<string>;
  /** Who acted; null for a rule. */
  actor?: string | null;
  rulesVersion: number;
}

/** One identifier of a person. */
export interface PersonIdentifier {
  id: string;
  type: "crm_id" | "loyalty_id" | "phone" | "email" | "fb_psid" | "fb_asid" | "fb_commenter" | "zalo_oa_uid" | "zalo_app_uid" | "web_visitor" | "mail_thread";
  scope?: string | null;
  value: string;
  epoch: number;
  class: "personal" | "shared" | "company" | "blocked";
  level: "claimed" | "corroborated" | "verified";
  /** Since when a number is this person's; absent: since ever. */
  since?: string | null;
  /** Since when it is somebody else's; absent: it is not. */
  until?: string | null;
}

/** A person as the set of identifiers that make it. */
export interface PersonSet {
  personId: string;
  /** Ids of identifiers. */
  identifiers: Array<string>;
  name?: string | null;
}

/** State: a person as known now. */
export interface PersonStateData {
  personId: string;
  /** Ids under which this person may have been published before. */
  formerIds: Array<string>;
  name?: string | null;
  /** Of every field that is known, the name included (rule I15). */
  profile?: Array<ProfileValue> | null;
  identifiers: Array<PersonIdentifier>;
  rulesVersion: number;
}

/** `postback.received`: a button was tapped. */
export interface PostbackData {
  kind: "postback";
  title?: string | null;
  /** Absent while another application owns the thread. */
  payload?: string | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

/** What is said of a customer beside the name, each in one form whoever says it. What is not known is absent or null. */
export interface ProfileData {
  gender?: "female" | "male" | "other" | null;
  /** A day, as `1999-10-30`. */
  birthday?: string | null;
  /** In one line, from the house to the province. */
  address?: string | null;
  /** That the customer speaks, as `vi` or `en-US`. */
  language?: string | null;
}

/** What is shown of a person: the value of the strongest source, of that the newest. */
export interface ProfileValue {
  field: "name" | "gender" | "birthday" | "address" | "language";
  value: string;
  source: "claim" | "agent" | "crm" | "verified";
  /** Of a claim when it was heard first, of others when it was said last. */
  at: string;
}

/** `reaction.added`, `reaction.removed`; the author is who reacted. */
export interface ReactionData {
  kind: "reaction";
  /** The vendor's word (like, love, sad …); null when a reaction is taken back without naming it. */
  reaction?: string | null;
  emoji?: string | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
  /** `vendorEventId` of the message or comment that is changed. */
  target: string;
}

/** `message.delivered`, `message.read`, `message.failed`: of named messages, of all up to a time, or both. `message.unconfirmed`: the vendor may or may not have taken our message, and it is not sent again. `comment.failed`, `comment.unconfirmed`: the same of a comment of ours. */
export interface ReceiptData {
  kind: "receipt";
  /** `vendorEventId`s of the messages; empty when only the watermark speaks. */
  targets: Array<string>;
  /** Everything sent at or before this time; null when only targets are meant. */
  watermark?: string | null;
  /** Why it failed, or why nobody knows. */
  reason?: string | null;
  /** Our own command's id, when this is about a reply that we were asked to send. */
  commandId?: string | null;
  /** Of a reply that was not taken, as far as anybody knows: ids by which others name it, or those of its messages that were. */
  sentAs?: Array<string> | null;
  /** The reply became several messages, of which at most the first are known to have gone out: what is heard of one of them settles nothing. */
  partly?: boolean | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

/** `call.recorded`: may come minutes after the end. */
export interface RecordingData {
  kind: "recording";
  /** A secret or in need of a token: never shown to a customer. */
  url?: string | null;
  durationSeconds?: number | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
  /** The vendor's id of the call (the group of legs). */
  callId: string;
  /** The leg this event is about; null where the vendor knows only one. */
  legId?: string | null;
  /** Our number: the hotline that was called or shown. */
  hotline?: string | null;
}

/** `referral.received`: the customer came by a link, an advertisement or a code. */
export interface ReferralData {
  kind: "referral";
  ref?: string | null;
  source?: string | null;
  adId?: string | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
}

/** `message.removed`, `comment.removed`. */
export interface RemovalData {
  kind: "removal";
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
  /** `vendorEventId` of the message or comment that is changed. */
  target: string;
}

/** A file to send, where the vendor can fetch it. */
export interface ReplyAttachment {
  kind: "image" | "video" | "audio" | "file";
  /** https. */
  url: string;
  name?: string | null;
}

/** `reply.requested`: a person's answer, or a message of our own, that an adapter has to send. The event's `id` is the command's id, which every later event of the reply names. */
export interface ReplyData {
  channel: string;
  vendor: string;
  /** Page, OA, number or mailbox that sends. */
  account: string;
  /** The vendor's id of the thread that it goes to. */
  thread: string;
  /** The customer. */
  to: IdentifierRef;
  /** Empty: attachments alone. */
  text: string;
  /** As the channel's reply rules allow them. */
  attachments?: Array<ReplyAttachment> | null;
  /** Of a first message of a channel that has subjects; a reply takes that of what it answers. */
  subject?: string | null;
  /** What the customer reads where `text` has the mask `******`: AES-256-GCM in base64, for the adapter that sends it alone. No event has it. */
  sealed?: string | null;
  /** Who wrote it. */
  author: string;
  /** `system`: nobody wrote it, such as the message of a one-time code. Absent: a person. */
  authorKind?: "agent" | "system" | null;
  /** The customer's last word in the thread: vendors' windows count from there. Of a first message when it was asked for. */
  lastCustomerAt: string;
  /** Absent: a message. */
  as?: "comment" | "private-message" | null;
  /** `vendorEventId` of the message that it quotes, or of the comment that it answers. */
  replyTo?: string | null;
  /** The customer's last word in the thread: a mail names it, and goes to the address that it gave. */
  answers?: AnsweredMessage | null;
  /** Nobody can guess it. A channel that has a place for it lets the customer's answer bring it back as `replyToken`. */
  replyToken?: string | null;
}

/** `target.started`, `.warned`, `.breached`, `.endangered`, `.stopped`: one run of a waiting clock. */
export interface TargetEventData {
  conversationId: string;
  /** Id of this run of the clock: the same from its start to its stop. */
  clock: string;
  startedAt: string;
  stoppedAt?: string | null;
  stage: "stopped" | "running" | "warned" | "breached" | "danger";
  /** Milliseconds of the tenant's working time since the start. */
  workingMs: number;
  /** Milliseconds by the calendar since the start. */
  wallMs: number;
  /** What stopped it: `message`, `call`, `resolve`. */
  stoppedBy?: string | null;
  /** The stage had passed before we learnt of it: entered without alarm. */
  late?: boolean | null;
}

/** `comment.hidden`, `comment.shown`. */
export interface VisibilityData {
  kind: "visibility";
  hidden: boolean;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
  /** `vendorEventId` of the message or comment that is changed. */
  target: string;
}

/** `voicemail.left`. */
export interface VoicemailData {
  kind: "voicemail";
  url?: string | null;
  durationSeconds?: number | null;
  vendor: string;
  /** The vendor's id of this event, or the composed key that stands in for one; the event's `id` is made of it. */
  vendorEventId: string;
  /** The vendor's id of the transport thread within the account. */
  thread: string;
  direction: "inbound" | "outbound" | "internal";
  author: Author;
  /** Everyone else in the thread that the vendor names. */
  participants: Array<Author>;
  /** The vendor's own fields that may be worth keeping; opaque, no promise about its shape. */
  vendorData: Record<string, unknown>;
  /** The vendor's id of the call (the group of legs). */
  callId: string;
  /** The leg this event is about; null where the vendor knows only one. */
  legId?: string | null;
  /** Our number: the hotline that was called or shown. */
  hotline?: string | null;
}

export interface MessageEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "message.received" | "message.queued" | "message.sent";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:message:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: MessageData;
}

export interface CommentEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "comment.received" | "comment.queued" | "comment.sent";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:comment:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: CommentData;
}

export interface MentionEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "mention.received";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:mention:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: MentionData;
}

export interface EditEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "message.edited" | "comment.edited";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:edit:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: EditData;
}

export interface RemovalEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "message.removed" | "comment.removed";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:removal:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: RemovalData;
}

export interface VisibilityEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "comment.hidden" | "comment.shown";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:visibility:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: VisibilityData;
}

export interface ReceiptEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "message.delivered" | "message.read" | "message.failed" | "message.unconfirmed" | "comment.failed" | "comment.unconfirmed";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:receipt:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: ReceiptData;
}

export interface ReactionEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "reaction.added" | "reaction.removed";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:reaction:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: ReactionData;
}

export interface PostbackEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "postback.received";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:postback:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: PostbackData;
}

export interface ReferralEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "referral.received";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:referral:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: ReferralData;
}

export interface ContactEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "contact.followed" | "contact.unfollowed" | "contact.opted-in" | "contact.opted-out";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:contact:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: ContactData;
}

export interface FormEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "form.submitted";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:form:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: FormData;
}

export interface HandoverEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "thread.handed-over";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:handover:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: HandoverData;
}

export interface CallEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "call.ringing" | "call.queued" | "call.answered" | "call.held" | "call.unheld" | "call.transferred" | "call.ended" | "call.missed" | "call.transcribed";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:call:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: CallData;
}

export interface RecordingEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "call.recorded";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:recording:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: RecordingData;
}

export interface KeypressEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "call.keyed";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:keypress:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: KeypressData;
}

export interface VoicemailEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "voicemail.left";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:voicemail:1";
  subject: string;
  tenant: string;
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
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: VoicemailData;
}

export interface EvidenceEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "evidence.asserted" | "evidence.retracted";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:evidence:1";
  subject: string;
  tenant: string;
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: EvidenceData;
}

export interface PersonChangeEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "person.linked" | "person.split" | "person.renamed" | "person.class-changed" | "person.edited";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:person-change:1";
  subject: string;
  tenant: string;
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: PersonChangeData;
}

export interface ConversationEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "conversation.opened" | "conversation.linked" | "conversation.unlinked" | "conversation.channel-switched" | "conversation.waiting" | "conversation.replied" | "conversation.resolved" | "conversation.reopened";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:conversation-event:1";
  subject: string;
  tenant: string;
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: ConversationEventData;
}

export interface TargetEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "target.started" | "target.warned" | "target.breached" | "target.endangered" | "target.stopped";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:target-event:1";
  subject: string;
  tenant: string;
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: TargetEventData;
}

export interface ReplyEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "reply.requested";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:reply:1";
  subject: string;
  tenant: string;
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: ReplyData;
}

export interface CustomerRecordEvent {
  specversion: "1.0";
  /** Deterministic: the same happening has the same id, however often it is delivered. */
  id: string;
  source: string;
  type: "customer.recorded";
  /** Event time, UTC, milliseconds. */
  time: string;
  datacontenttype: "application/json";
  dataschema: "urn:lienmach:schema:customer-record:1";
  subject: string;
  tenant: string;
  /** Id of the event that caused this one. */
  causation?: string;
  /** Version of the tenant's rules that decided. */
  rulesversion?: number;
  /** Person as known when the event was published. */
  personasof?: string;
  /** How strongly the identifier was tied to that person then. */
  linklevel?: "claimed" | "corroborated" | "verified";
  /** Conversation as known when the event was published. */
  conversation?: string;
  /** Case as known when the event was published. */
  case?: string;
  data: CustomerRecordData;
}

/** Any event of a history topic; `dataschema` tells which. */
export type AnyEvent =
  | MessageEvent
  | CommentEvent
  | MentionEvent
  | EditEvent
  | RemovalEvent
  | VisibilityEvent
  | ReceiptEvent
  | ReactionEvent
  | PostbackEvent
  | ReferralEvent
  | ContactEvent
  | FormEvent
  | HandoverEvent
  | CallEvent
  | RecordingEvent
  | KeypressEvent
  | VoicemailEvent
  | EvidenceEvent
  | PersonChangeEvent
  | ConversationEvent
  | TargetEvent
  | ReplyEvent
  | CustomerRecordEvent;
