import { createHash } from 'node:crypto';
import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import type { MessagePart } from '../message-parts.rules.js';
import { withPlus } from '../party.rules.js';
import { eventsOf, type ReceiptType, type SmsPart } from '../sms-event.rules.js';
import { readTime } from '../vendor-time.js';
import type { Address } from './deliver-sm.js';
import { asSent } from './receipt-ids.rules.js';
import type { SmppSettings } from './smpp.config.js';
import type { SmppMessage, SmppPayload, SmppReceipt } from './smpp.payload.js';

type Account = ChannelAccount<SmppSettings>;

const RECEIPTS: Readonly<Record<string, ReceiptType>> = {
  DELIVRD: 'message.delivered',
  EXPIRED: 'message.failed',
  DELETED: 'message.failed',
  UNDELIV: 'message.failed',
  REJECTD: 'message.failed',
};
const INTERNATIONAL = 1;
/** An SMSC that missed our answer delivers again soon; the same words later are another message. */
const REPEAT_MS = 10 * 60_000;

/**
 * @param receivedAt milliseconds since 1970
 * @param isJoined parts of long messages are kept and published as one
 */
export function normaliseSmpp(
  payload: SmppPayload,
  account: Account,
  receivedAt: number,
  isJoined: boolean,
): Normalised {
  if (isJoined && payload.kind === 'message' && payload.concat) return { events: [], unknown: [], malformed: [] };
  return eventsOf([partOf(payload, account, receivedAt)], account);
}

/** What is kept of a part; null for a message that is whole. */
export function partIn(payload: SmppPayload, { id: account }: Account, receivedAt: number): MessagePart | null {
  if (payload.kind !== 'message' || !payload.concat) return null;
  const { from, to, text, concat, dataCoding } = payload;
  return {
    account,
    id: idOf(payload, receivedAt),
    from: addressOf(from),
    to: to.number || null,
    text: text ?? '',
    time: receivedAt,
    vendorData: { dataCoding },
    ...concat,
  };
}

function partOf(payload: SmppPayload, account: Account, receivedAt: number): SmsPart {
  if (payload.kind === 'other') return payload;
  return payload.kind === 'message' ? messageOf(payload, receivedAt) : receiptOf(payload, account);
}

const messageOf = (message: SmppMessage, receivedAt: number): SmsPart => ({
  kind: 'message',
  id: idOf(message, receivedAt),
  from: addressOf(message.from),
  to: message.to.number || null,
  text: message.text,
  time: null,
  vendorData: { dataCoding: message.dataCoding, ...(message.concat && { concat: message.concat }) },
});

function receiptOf({ id, to, state, error, doneAt }: SmppReceipt, { settings }: Account): SmsPart {
  const type = Object.hasOwn(RECEIPTS, state) ? RECEIPTS[state] : undefined;
  // ENROUTE, ACCEPTD, UNKNOWN: still on its way
  if (!type) return { kind: 'other', name: `state ${state}` };
  return {
    kind: 'receipt',
    type,
    target: asSent(id, settings.receiptIds),
    to: addressOf(to),
    time: readTime(doneAt),
    reason: type === 'message.failed' ? [state, error && `error ${error}`].filter(Boolean).join(': ') : null,
    vendorData: { state, receiptId: id },
  };
}

const addressOf = ({ number, type }: Address): string => (type === INTERNATIONAL ? withPlus(number) : number);

const idOf = ({ fingerprint }: SmppMessage, receivedAt: number): string =>
  createHash('sha256')
    .update(fingerprint)
    .update(String(Math.floor(receivedAt / REPEAT_MS)))
    .digest('hex');
