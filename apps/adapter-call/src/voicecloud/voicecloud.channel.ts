import { defineDoor, defineVendor, fieldsOf } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { pathSecretDoor } from '../path-secret-door.js';
import { VoicecloudSettings } from './voicecloud.config.js';
import { normaliseVoicecloud } from './voicecloud.normalise.js';
import { readVoicecloud, type VoicecloudPayload } from './voicecloud.payload.js';
import { verifyVoicecloud } from './voicecloud.signature.js';

const PLACES = ['call_in', 'hangup', 'calldata'] as const;

const calls = pathSecretDoor<VoicecloudSettings, VoicecloudPayload>('voicecloud', {
  verify: verifyVoicecloud,
  parse: (request) => readVoicecloud(fieldsOf(request)),
  methods: ['GET'],
  contentTypes: [],
  normalise: (payload, _accounts, _request, owner) => normaliseVoicecloud(payload, owner),
});

export const voicecloud = defineVendor<VoicecloudSettings>({
  name: 'voicecloud',
  settings: VoicecloudSettings,
  secrets: ['secret', 'apiKey'],
  answerWithinSeconds: 10,
  ownNumbers: ownNumbersOf,
  doors: [calls, ...PLACES.map((place) => ({ ...calls, path: `${calls.path}/${place}` }))].map((door) =>
    defineDoor(door),
  ),
});
