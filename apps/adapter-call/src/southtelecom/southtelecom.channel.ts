import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { SouthtelecomSettings } from './southtelecom.config.js';
import { normaliseSouthtelecom } from './southtelecom.normalise.js';
import { readSouthtelecom, type SouthtelecomPayload } from './southtelecom.payload.js';
import { verifySouthtelecom } from './southtelecom.signature.js';

const states = pathSecretDoor<SouthtelecomSettings, SouthtelecomPayload>('southtelecom', {
  verify: verifySouthtelecom,
  parse: (request) => readSouthtelecom(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseSouthtelecom(payload, owner),
});

export const southtelecom = defineVendor<SouthtelecomSettings>({
  name: 'southtelecom',
  settings: SouthtelecomSettings,
  secrets: ['secret', 'apiKey'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(states)],
});
