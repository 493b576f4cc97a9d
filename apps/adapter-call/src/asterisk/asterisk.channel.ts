import { defineDoor, defineVendor, parseLosslessJson } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { CALL_OF } from './ari-session.client.js';
import { startAriClients } from './asterisk.client.js';
import { AsteriskSettings } from './asterisk.config.js';
import { normaliseAri } from './asterisk.normalise.js';
import { readAri, type AriEvent } from './asterisk.payload.js';

/** One frame of the WebSocket; the client names the call beside it. */
const frames = defineDoor<AsteriskSettings, AriEvent>({
  path: '/ari/:account',
  methods: ['POST'],
  accountIn: 'connection',
  contentTypes: ['application/json'],
  verify: () => true,
  parse: ({ body }) => readAri(parseLosslessJson(body)),
  normalise: (event, _accounts, { headers }, owner) => normaliseAri(event, owner, headers[CALL_OF] ?? null),
});

export const asterisk = defineVendor<AsteriskSettings>({
  name: 'asterisk',
  settings: AsteriskSettings,
  secrets: ['password'],
  answerWithinSeconds: 30,
  ownNumbers: ownNumbersOf,
  doors: [],
  server: { door: frames, start: startAriClients },
});
