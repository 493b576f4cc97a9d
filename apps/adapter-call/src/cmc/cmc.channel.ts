import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { CmcSettings } from './cmc.config.js';
import { normaliseCmc } from './cmc.normalise.js';
import { readCmc, type CmcPayload } from './cmc.payload.js';
import { verifyCmc } from './cmc.signature.js';

const states = pathSecretDoor<CmcSettings, CmcPayload>('cmc', {
  verify: verifyCmc,
  parse: (request) => readCmc(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseCmc(payload, owner),
});

export const cmc = defineVendor<CmcSettings>({
  name: 'cmc',
  settings: CmcSettings,
  secrets: ['secret', 'apiKey'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(states)],
});
