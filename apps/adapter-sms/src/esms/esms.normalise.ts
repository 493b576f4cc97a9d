import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { eventsOf, type SmsPart } from '../sms-event.rules.js';
import { readTime } from '../vendor-time.js';
import type { EsmsSettings } from './esms.config.js';
import type { EsmsMessage, EsmsPayload, EsmsReceipt } from './esms.payload.js';

const REJECTED = 4;
/** Not "delivered": the counts say what came of it. */
const PROCESSED = 5;

export function normaliseEsms(payload: EsmsPayload, account: ChannelAccount<EsmsSettings>): Normalised {
  return eventsOf([payload.kind === 'message' ? messageOf(payload) : receiptOf(payload)], account);
}

const messageOf = ({ id, sender, serviceNumber, content, receivedAt, rest }: EsmsMessage): SmsPart => ({
  kind: 'message',
  id,
  from: sender,
  to: serviceNumber,
  text: content,
  time: readTime(receivedAt),
  vendorData: rest,
});

function receiptOf({ id, phone, status, succeeded, failed, error, rest }: EsmsReceipt): SmsPart {
  // waiting for approval, waiting, with the operator
  if (status !== REJECTED && status !== PROCESSED) return { kind: 'other', name: `SendStatus ${status}` };
  if (phone === null) return { kind: 'other', name: 'total of a batch' };
  const hasFailed = status === REJECTED || failed > 0;
  if (!hasFailed && succeeded === 0) return { kind: 'other', name: 'processed without outcome' };
  const counts = status === REJECTED ? 'rejected' : `${failed} of ${failed + succeeded} failed`;
  return {
    kind: 'receipt',
    type: hasFailed ? 'message.failed' : 'message.delivered',
    target: id,
    to: phone,
    time: null,
    reason: hasFailed ? [counts, error].filter(Boolean).join(': ') : null,
    vendorData: { sendStatus: status, ...rest },
  };
}
