import { createHash } from 'node:crypto';
import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { eventsOf, type SmsPart } from '../sms-event.rules.js';
import type { SpeedsmsSettings } from './speedsms.config.js';
import type { SpeedsmsMessage, SpeedsmsPayload, SpeedsmsReport } from './speedsms.payload.js';

const FAILED_FROM = 64;

/** The same words of one number within so long are one message that was sent again; later they are another. */
const REPEAT_MS = 10 * 60_000;

export function normaliseSpeedsms(
  payload: SpeedsmsPayload,
  account: ChannelAccount<SpeedsmsSettings>,
  receivedAt?: number,
): Normalised {
  return eventsOf([partOf(payload, receivedAt)], account);
}

function partOf(payload: SpeedsmsPayload, receivedAt: number | undefined): SmsPart {
  if (payload.kind === 'other') return payload;
  return payload.kind === 'message' ? messageOf(payload, receivedAt) : receiptOf(payload);
}

const messageOf = (message: SpeedsmsMessage, receivedAt: number | undefined): SmsPart => ({
  kind: 'message',
  id: message.id ?? composedId(message, receivedAt),
  from: message.phone,
  to: null,
  text: message.content,
  time: null,
  vendorData: message.rest,
});

/** SpeedSMS names neither an id nor a time, and a customer may say "ok" twice in a week. */
function composedId({ phone, content }: SpeedsmsMessage, receivedAt = 0): string {
  const stretch = Math.floor(receivedAt / REPEAT_MS);
  return createHash('sha256').update(`${phone}\n${stretch}\n${content}`).digest('hex');
}

function receiptOf({ id, phone, status, rest }: SpeedsmsReport): SmsPart {
  if (status > 0 && status < FAILED_FROM) return { kind: 'other', name: 'status on its way' };
  return {
    kind: 'receipt',
    type: status === 0 ? 'message.delivered' : 'message.failed',
    target: id,
    to: phone,
    time: null,
    reason: status === 0 ? null : `SpeedSMS status ${status}`,
    vendorData: { status, ...rest },
  };
}
