import { defineDoor, defineVendor } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { FreeswitchSettings } from './freeswitch.config.js';
import { normaliseFreeswitch } from './freeswitch.normalise.js';
import { readFreeswitch, type FreeswitchPayload } from './freeswitch.payload.js';
import { verifyFreeswitch } from './freeswitch.signature.js';

/** A leg of a busy switch has hundreds of variables. */
const LARGEST = 4 * 1024 * 1024;

const legs = pathSecretDoor<FreeswitchSettings, FreeswitchPayload>('freeswitch', {
  contentTypes: [
    'application/json',
    'application/x-www-form-urlencoded',
    'application/x-www-form-base64-encoded',
    'application/x-www-form-plaintext',
  ],
  maxBodyBytes: LARGEST,
  verify: (request, { settings }) => verifyFreeswitch(request, settings),
  parse: readFreeswitch,
  normalise: (payload, _accounts, _request, owner) => normaliseFreeswitch(payload, owner),
});

export const freeswitch = defineVendor<FreeswitchSettings>({
  name: 'freeswitch',
  settings: FreeswitchSettings,
  secrets: ['secret', 'password'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(legs)],
});
