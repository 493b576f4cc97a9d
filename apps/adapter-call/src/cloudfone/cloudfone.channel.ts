import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { CloudfoneSettings } from './cloudfone.config.js';
import { normaliseCloudfone } from './cloudfone.normalise.js';
import { readCloudfone, type CloudfonePayload } from './cloudfone.payload.js';
import { verifyCloudfone } from './cloudfone.signature.js';

const states = pathSecretDoor<CloudfoneSettings, CloudfonePayload>('cloudfone', {
  verify: (request, { settings }) => verifyCloudfone(request, settings.apiKey),
  parse: (request) => readCloudfone(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseCloudfone(payload, owner),
});

export const cloudfone = defineVendor<CloudfoneSettings>({
  name: 'cloudfone',
  settings: CloudfoneSettings,
  secrets: ['secret', 'apiKey', 'authKey'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(states)],
});
