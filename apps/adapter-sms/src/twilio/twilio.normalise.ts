import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { eventsOf, type InboundSms, type ReceiptType, type SmsPart } from '../sms-event.rules.js';
import { readTime } from '../vendor-time.js';
import type { TwilioSettings } from './twilio.config.js';
import type { TwilioPayload } from './twilio.payload.js';

const RECEIPTS: Readonly<Record<string, ReceiptType>> = {
  delivered: 'message.delivered',
  read: 'message.read',
  undelivered: 'message.failed',
  failed: 'message.failed',
};
const RECEIVED: ReadonlySet<string> = new Set(['received', 'receiving']);

export function normaliseTwilio(payload: TwilioPayload, account: ChannelAccount<TwilioSettings>): Normalised {
  return eventsOf([partOf(payload)], account);
}

export const isInbound = ({ status, text, media }: TwilioPayload): boolean =>
  status === null ? text !== null || media.length > 0 : RECEIVED.has(status);

function partOf(payload: TwilioPayload): SmsPart {
  const { status } = payload;
  if (isInbound(payload)) return messageOf(payload);
  const type = status !== null && Object.hasOwn(RECEIPTS, status) ? RECEIPTS[status] : undefined;
  // what is only on its way (accepted, queued, sending, sent) moves no state, and may come after the receipt
  if (!type) return { kind: 'other', name: status === null ? 'neither text nor status' : `status ${status}` };
  return {
    kind: 'receipt',
    type,
    target: payload.id,
    to: payload.to ?? '',
    time: readTime(payload.doneAt),
    reason: type === 'message.failed' ? reasonOf(payload) : null,
    vendorData: { status, ...payload.rest, ...(payload.from && { from: payload.from }) },
  };
}

function messageOf(payload: TwilioPayload): InboundSms {
  const consent = consentOf(payload.optOutType);
  return {
    kind: 'message',
    id: payload.id,
    from: payload.from ?? '',
    to: payload.to,
    text: payload.text,
    time: null,
    attachments: payload.media,
    ...(consent && { consent }),
    vendorData: { ...payload.rest, ...(payload.optOutType && { optOutType: payload.optOutType }) },
  };
}

/** Advanced Opt-Out: Twilio has matched the words of its own list, and stopped or resumed sending. */
function consentOf(optOutType: string | null): InboundSms['consent'] {
  if (optOutType === 'STOP') return 'opted-out';
  return optOutType === 'START' ? 'opted-in' : undefined;
}

/** https://www.twilio.com/docs/api/errors */
const reasonOf = ({ status, errorCode, errorMessage }: TwilioPayload): string =>
  [errorCode ? `Twilio error ${errorCode}` : status, errorMessage].filter(Boolean).join(': ');
