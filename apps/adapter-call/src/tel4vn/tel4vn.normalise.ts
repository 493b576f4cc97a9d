import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { stateEvents } from '../pbx-state.rules.js';
import type { Tel4vnSettings } from './tel4vn.config.js';
import type { Tel4vnPayload } from './tel4vn.payload.js';

export const normaliseTel4vn = (payload: Tel4vnPayload, account: ChannelAccount<Tel4vnSettings>): Normalised =>
  stateEvents(payload, account);
