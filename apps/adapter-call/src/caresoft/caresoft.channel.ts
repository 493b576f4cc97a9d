import { defineDoor, defineVendor, parseLosslessJson } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { CaresoftSettings } from './caresoft.config.js';
import { normaliseCaresoft } from './caresoft.normalise.js';
import { readCaresoft, type CaresoftPayload } from './caresoft.payload.js';
import { verifyCaresoft } from './caresoft.signature.js';

const objects = defineDoor<CaresoftSettings, CaresoftPayload>({
  path: '/webhooks/call/caresoft/:account',
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify: (request, { settings }) => verifyCaresoft(request, settings.signingSecret),
  parse: ({ body }) => readCaresoft(parseLosslessJson(body)),
  normalise: normaliseCaresoft,
});

export const caresoft = defineVendor<CaresoftSettings>({
  name: 'caresoft',
  settings: CaresoftSettings,
  secrets: ['signingSecret'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [objects],
});
