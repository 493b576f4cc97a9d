import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { stateEvents } from '../pbx-state.rules.js';
import type { CmcSettings } from './cmc.config.js';
import type { CmcPayload } from './cmc.payload.js';

export const normaliseCmc = (payload: CmcPayload, account: ChannelAccount<CmcSettings>): Normalised =>
  stateEvents(payload, account);
