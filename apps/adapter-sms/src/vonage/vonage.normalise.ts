import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import type { MessagePart } from '../message-parts.rules.js';
import { withPlus } from '../party.rules.js';
import { eventsOf, type ReceiptType, type SmsPart } from '../sms-event.rules.js';
import type { VonageSettings } from './vonage.config.js';
import type { VonageMessage, VonagePayload, VonageReceipt } from './vonage.payload.js';

const RECEIPTS: Readonly<Record<string, ReceiptType>> = {
  delivered: 'message.delivered',
  read: 'message.read',
  expired: 'message.failed',
  failed: 'message.failed',
  rejected: 'message.failed',
  undeliverable: 'message.failed',
};

/** @param isJoined parts of long messages are kept and published as one: a part is no message of its own then */
export function normaliseVonage(
  payload: VonagePayload,
  account: ChannelAccount<VonageSettings>,
  isJoined: boolean,
): Normalised {
  if (isJoined && payload.kind === 'message' && payload.concat) return { events: [], unknown: [], malformed: [] };
  return eventsOf([partOf(payload)], account);
}

/** What is kept of a part; null for a message that is whole. */
export function partIn(payload: VonagePayload, { id: account }: ChannelAccount<VonageSettings>): MessagePart | null {
  if (payload.kind !== 'message' || !payload.concat) return null;
  const { id, from, to, text, time, concat, rest } = payload;
  return { account, id, from: withPlus(from), to, text: text ?? '', time, vendorData: rest, ...concat };
}

function partOf(payload: VonagePayload): SmsPart {
  if (payload.kind === 'other') return payload;
  return payload.kind === 'message' ? messageOf(payload) : receiptOf(payload);
}

const messageOf = ({ id, from, to, text, time, concat, rest }: VonageMessage): SmsPart => ({
  kind: 'message',
  id,
  from: withPlus(from),
  to,
  text,
  time,
  vendorData: { ...rest, ...(concat && { concat }) },
});

function receiptOf({ id, to, status, time, error, rest }: VonageReceipt): SmsPart {
  const type = Object.hasOwn(RECEIPTS, status) ? RECEIPTS[status] : undefined;
  // accepted, buffered, submitted, unknown: still on its way
  if (!type) return { kind: 'other', name: `status ${status}` };
  const reason = type === 'message.failed' ? [status, error].filter(Boolean).join(': ') : null;
  return { kind: 'receipt', type, target: id, to: withPlus(to), time, reason, vendorData: { status, ...rest } };
}
