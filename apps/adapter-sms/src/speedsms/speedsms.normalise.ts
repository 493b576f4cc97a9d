import { createHash } from 'node:crypto';
import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { eventsOf, type SmsPart } from '../sms-event.rules.js';
import type { SpeedsmsSettings } from './speedsms.config.js';
import type { SpeedsmsMessage, SpeedsmsPayload, SpeedsmsReport } from './speedsms.payload.js';

const FAILED_FROM = 64;

export function normaliseSpeedsms(payload: SpeedsmsPayload, account: ChannelAccount<SpeedsmsSettings>): Normalised {
  return eventsOf([partOf(payload)], account);
}

function partOf(payload: SpeedsmsPayload): SmsPart {
  if (payload.kind === 'other') return payload;
  return payload.kind === 'message' ? messageOf(payload) : receiptOf(payload);
}

const messageOf = (message: SpeedsmsMessage): SmsPart => ({
  kind: 'message',
  id: message.id ?? composedId(message),
  from: message.phone,
  to: null,
  text: message.content,
  time: null,
  vendorData: message.rest,
});

const composedId = ({ phone, content }: SpeedsmsMessage): string =>
  createHash('sha256').update(`${phone}\n${content}`).digest('hex');

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
