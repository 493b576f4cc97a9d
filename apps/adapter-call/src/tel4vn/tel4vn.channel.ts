import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { Tel4vnSettings } from './tel4vn.config.js';
import { normaliseTel4vn } from './tel4vn.normalise.js';
import { readTel4vn, type Tel4vnPayload } from './tel4vn.payload.js';
import { verifyTel4vn } from './tel4vn.signature.js';

const states = pathSecretDoor<Tel4vnSettings, Tel4vnPayload>('tel4vn', {
  verify: verifyTel4vn,
  parse: (request) => readTel4vn(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseTel4vn(payload, owner),
});

export const tel4vn = defineVendor<Tel4vnSettings>({
  name: 'tel4vn',
  settings: Tel4vnSettings,
  secrets: ['secret', 'apiKey'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(states)],
});
