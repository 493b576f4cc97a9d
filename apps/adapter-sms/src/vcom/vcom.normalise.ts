import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { eventsOf, type SmsPart } from '../sms-event.rules.js';
import type { VcomSettings } from './vcom.config.js';
import type { VcomPayload } from './vcom.payload.js';

export function normaliseVcom(payload: VcomPayload, account: ChannelAccount<VcomSettings>): Normalised {
  return eventsOf([partOf(payload)], account);
}

function partOf(payload: VcomPayload): SmsPart {
  if (payload.kind === 'other') return payload;
  const { id, phone, shortCode, text, time, rest } = payload;
  return { kind: 'message', id, from: phone, to: shortCode, text, time, vendorData: rest };
}
