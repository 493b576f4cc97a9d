import type { ChannelAccount, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import {
  formatIdentifier,
  joinKey,
  type Attachment,
  type Author,
  type ContactData,
  type MessageData,
  type ReceiptData,
} from '@lienmach/contracts';
import { consentIn, type Consent, type ConsentWords } from './consent.rules.js';
import { partyOf, type Party } from './party.rules.js';

/** A customer's SMS, whatever the vendor. */
export interface InboundSms {
  readonly kind: 'message';
  /** The vendor's id of it. */
  readonly id: string;
  readonly from: string;
  /** The number or short code of the business that it came to. */
  readonly to: string | null;
  readonly text: string | null;
  /** Milliseconds since 1970. */
  readonly time: number | null;
  readonly attachments?: readonly Attachment[];
  /** Set where the vendor says itself that this opts out or in. */
  readonly consent?: Consent['to'];
  readonly vendorData: Readonly<Record<string, unknown>>;
}

export type ReceiptType = 'message.delivered' | 'message.read' | 'message.failed';

/** What became of an SMS of ours. */
export interface SmsReceipt {
  readonly kind: 'receipt';
  readonly type: ReceiptType;
  /** The vendor's id of our SMS. */
  readonly target: string;
  readonly to: string;
  readonly time: number | null;
  readonly reason?: string | null;
  readonly vendorData: Readonly<Record<string, unknown>>;
}

/** A readable part that makes no event, by name. */
export interface OtherPart {
  readonly kind: 'other';
  readonly name: string;
}

/** A part that breaks the vendor's own shape. */
export interface BrokenPart {
  readonly kind: 'broken';
  readonly reason: string;
}

export type SmsPart = InboundSms | SmsReceipt | OtherPart | BrokenPart;

type Account = Pick<ChannelAccount<ConsentWords>, 'id' | 'vendor' | 'settings'>;

const LONGEST_REASON = 2_000;
const LONGEST_KIND = 64;

/** The events of a body's parts: none takes its neighbours with it. */
export function eventsOf(parts: readonly SmsPart[], account: Account): Normalised {
  const events: DraftEvent[] = [];
  const unknown: string[] = [];
  const malformed: { account: string; reason: string }[] = [];
  for (const part of parts) {
    if (part.kind === 'other') unknown.push(part.name.slice(0, LONGEST_KIND));
    else if (part.kind === 'broken') malformed.push({ account: account.id, reason: part.reason });
    else {
      const party = partyOf(part.kind === 'message' ? part.from : part.to);
      if (!party) malformed.push({ account: account.id, reason: 'the number of the customer is missing' });
      else if (part.kind === 'receipt') events.push(receipt(part, party, account));
      else events.push(...received(part, party, account));
    }
  }
  return { events, unknown, malformed };
}

function received(sms: InboundSms, party: Party, account: Account): DraftEvent[] {
  const isWord = sms.text !== null && !party.isMachine;
  const consent: Consent | null = sms.consent
    ? { to: sms.consent, isCandidate: false }
    : isWord
      ? consentIn(sms.text, account.settings)
      : null;
  const message: DraftEvent<MessageData> = {
    ...envelope('message.received', sms.time, party, account),
    data: {
      kind: 'message',
      ...place(sms.id, party, account),
      direction: 'inbound',
      author: customer(party),
      content: { text: sms.text, attachments: [...(sms.attachments ?? [])], replyTo: null },
      ...(party.isMachine && { automatic: 'list' }),
      vendorData: {
        ...(sms.to !== null && { to: sms.to }),
        ...(consent?.isCandidate && { consentCandidate: consent.to }),
        ...sms.vendorData,
      },
    },
  };
  return consent === null || consent.isCandidate ? [message] : [message, consentEvent(consent.to, sms, party, account)];
}

function consentEvent(to: Consent['to'], sms: InboundSms, party: Party, account: Account): DraftEvent<ContactData> {
  const type = `contact.${to}` as const;
  return {
    ...envelope(type, sms.time, party, account),
    data: {
      kind: 'contact',
      ...place(joinKey(type, sms.id), party, account),
      direction: 'inbound',
      author: customer(party),
      purpose: 'sms',
      vendorData: { message: sms.id },
    },
  };
}

function receipt(part: SmsReceipt, party: Party, account: Account): DraftEvent<ReceiptData> {
  return {
    ...envelope(part.type, part.time, party, account),
    data: {
      kind: 'receipt',
      // some vendors have one id for many recipients
      ...place(joinKey(part.type, part.target, party.thread), party, account),
      direction: 'inbound',
      author: { kind: 'system', identifiers: [], name: null },
      targets: [part.target],
      watermark: null,
      ...(part.reason && { reason: part.reason.slice(0, LONGEST_REASON) }),
      vendorData: { ...part.vendorData },
    },
  };
}

const envelope = (type: DraftEvent['type'], time: number | null, { thread, identifier }: Party, account: Account) => ({
  account: account.id,
  type,
  time,
  subject: thread,
  ...(identifier && { identifier: formatIdentifier(identifier) }),
});

const place = (vendorEventId: string, { thread }: Party, { vendor }: Account) => ({
  vendor,
  vendorEventId,
  thread,
  participants: [],
});

const customer = ({ identifier }: Party): Author => ({
  kind: 'customer',
  identifiers: identifier ? [identifier] : [],
  name: null,
});
