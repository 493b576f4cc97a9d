import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { Voip24hSettings } from './voip24h.config.js';
import { normaliseVoip24h } from './voip24h.normalise.js';
import { readVoip24h, type Voip24hPayload } from './voip24h.payload.js';
import { verifyVoip24h } from './voip24h.signature.js';

const states = pathSecretDoor<Voip24hSettings, Voip24hPayload>('voip24h', {
  verify: verifyVoip24h,
  parse: (request) => readVoip24h(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseVoip24h(payload, owner),
});

export const voip24h = defineVendor<Voip24hSettings>({
  name: 'voip24h',
  settings: Voip24hSettings,
  secrets: ['secret', 'apiKey', 'secretKey'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(states)],
});
