import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { FptSettings } from './fpt.config.js';
import { normaliseFpt } from './fpt.normalise.js';
import { readFpt, type FptPayload } from './fpt.payload.js';
import { verifyFpt } from './fpt.signature.js';

const states = pathSecretDoor<FptSettings, FptPayload>('fpt', {
  verify: verifyFpt,
  parse: (request) => readFpt(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseFpt(payload, owner),
});

export const fpt = defineVendor<FptSettings>({
  name: 'fpt',
  settings: FptSettings,
  secrets: ['secret', 'password'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(states)],
});
