import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { ThreeCxSettings } from './3cx.config.js';
import { normaliseThreeCx } from './3cx.normalise.js';
import { readThreeCx, type ThreeCxPayload } from './3cx.payload.js';
import { verifyThreeCx } from './3cx.signature.js';

const events = pathSecretDoor<ThreeCxSettings, ThreeCxPayload>('3cx', {
  verify: verifyThreeCx,
  parse: (request) => readThreeCx(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseThreeCx(payload, owner),
});

export const threeCx = defineVendor<ThreeCxSettings>({
  name: '3cx',
  settings: ThreeCxSettings,
  secrets: ['secret'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [defineDoor(events)],
});
