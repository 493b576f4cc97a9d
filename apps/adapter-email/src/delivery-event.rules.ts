import { formatIdentifier, joinKey, type ContactData, type IdentifierRef, type ReceiptData } from '@lienmach/contracts';
import type { ChannelAccount, DraftEvent } from '@lienmach/adapter-kit';
import { normaliseEmail } from '@lienmach/identifiers';
import { receiptData, type ReceiptType } from './mail.normalise.js';

/** What a vendor's delivery event says of a mail of ours. */
export interface DeliveryFacts {
  /** The vendor's id of this event. */
  readonly id: string;
  readonly time: number | null;
  /** Message-ID of the mail, and other ids by which it may be known. */
  readonly targets: readonly string[];
  readonly recipient: string | null;
  readonly reason: string | null;
  readonly vendorData: Readonly<Record<string, unknown>>;
}

type Account = Pick<ChannelAccount<object>, 'id' | 'vendor'>;

/** A receipt; its thread is the mail's own id, because no vendor says which thread that belongs to. */
export function receiptEvent(type: ReceiptType, facts: DeliveryFacts, account: Account): DraftEvent<ReceiptData> {
  const [target = facts.id] = facts.targets;
  const data = receiptData(
    {
      vendor: account.vendor,
      id: joinKey(type, facts.id),
      thread: target,
      target,
      reason: facts.reason?.slice(0, 2_000) ?? null,
    },
    { ...facts.vendorData, ...(facts.recipient && { recipient: facts.recipient }) },
  );
  return {
    account: account.id,
    type,
    time: facts.time,
    subject: target,
    data: { ...data, targets: facts.targets.length > 0 ? [...facts.targets] : data.targets },
  };
}

/** The recipient wants no more mail, or called ours spam; null without an address. */
export function optedOutEvent(
  purpose: string,
  facts: Omit<DeliveryFacts, 'targets' | 'reason'>,
  account: Account,
): DraftEvent<ContactData> | null {
  const value = normaliseEmail(facts.recipient ?? '');
  if (!value) return null;
  const customer: IdentifierRef = { type: 'email', scope: null, value };
  return {
    account: account.id,
    type: 'contact.opted-out',
    time: facts.time,
    subject: value,
    identifier: formatIdentifier(customer),
    data: {
      kind: 'contact',
      vendor: account.vendor,
      vendorEventId: joinKey('contact.opted-out', facts.id),
      thread: value,
      direction: 'inbound',
      author: { kind: 'customer', identifiers: [customer], name: null },
      participants: [],
      purpose,
      vendorData: { ...facts.vendorData },
    },
  };
}
