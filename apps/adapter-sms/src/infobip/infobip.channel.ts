import { defineDoor, defineVendor, parseLosslessJson, type Door } from '@lienmach/adapter-kit';
import { ownNumbersOf, withPlus } from '../party.rules.js';
import { InfobipSettings } from './infobip.config.js';
import { normaliseInfobip } from './infobip.normalise.js';
import { readInfobip, type InfobipPayload } from './infobip.payload.js';
import { infobipIds, sendByInfobip } from './infobip.sender.js';
import { verifyInfobip } from './infobip.signature.js';

const PATH = '/webhooks/sms/infobip/:secret';

const messages: Door<InfobipSettings, InfobipPayload> = {
  path: PATH,
  methods: ['POST'],
  accountIn: 'path-secret',
  contentTypes: ['application/json'],
  verify: verifyInfobip,
  parse: ({ body }) => readInfobip(parseLosslessJson(body)),
  normalise: (payload, _accounts, _request, owner) => normaliseInfobip(payload, owner),
};

export const infobip = defineVendor<InfobipSettings>({
  name: 'infobip',
  settings: InfobipSettings,
  secrets: ['secret', 'apiKey'],
  answerWithinSeconds: 10,
  ownNumbers: (_settings, id) => ownNumbersOf(withPlus(id)),
  doors: [defineDoor(messages), defineDoor({ ...messages, path: `${PATH}/status` })],
  send: sendByInfobip,
  idsOf: infobipIds,
});
