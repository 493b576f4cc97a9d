import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { OmicallSettings } from './omicall.config.js';
import { normaliseOmicall } from './omicall.normalise.js';
import { readOmicall, type OmicallPayload } from './omicall.payload.js';
import { verifyOmicall } from './omicall.signature.js';

const states = pathSecretDoor<OmicallSettings, OmicallPayload>('omicall', {
  verify: verifyOmicall,
  parse: (request) => readOmicall(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseOmicall(payload, owner),
});

export const omicall = defineVendor<OmicallSettings>({
  name: 'omicall',
  settings: OmicallSettings,
  secrets: ['secret', 'apiKey'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(states), defineDoor({ ...states, path: `${states.path}/cdr` })],
});
