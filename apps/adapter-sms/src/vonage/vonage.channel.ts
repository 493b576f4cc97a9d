import { defineDoor, defineVendor, type Door } from '@lienmach/adapter-kit';
import { joinedMessageDoor } from '../joined-message-door.js';
import { PartJoiner } from '../part-joiner.server.js';
import { ownNumbersOf, withPlus } from '../party.rules.js';
import { VonageSettings } from './vonage.config.js';
import { normaliseVonage, partIn } from './vonage.normalise.js';
import { readVonage, type VonagePayload } from './vonage.payload.js';
import { sendByVonage } from './vonage.sender.js';
import { verifyVonage } from './vonage.signature.js';

const PATH = '/webhooks/sms/vonage/:account';
const joiner = new PartJoiner('vonage');

const messages: Door<VonageSettings, VonagePayload> = {
  path: PATH,
  methods: ['GET', 'POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  verify: (request, { settings }) => verifyVonage(request, settings),
  parse: readVonage,
  normalise: (payload, _accounts, _request, owner) => normaliseVonage(payload, owner, joiner.isRunning),
  follow: (_request, account, payload) => {
    const part = joiner.isRunning ? partIn(payload, account) : null;
    return part ? joiner.add(part) : undefined;
  },
};

export const vonage = defineVendor<VonageSettings>({
  name: 'vonage',
  settings: VonageSettings,
  secrets: ['signatureSecret', 'apiSecret'],
  answerWithinSeconds: 10,
  ownNumbers: (_settings, id) => ownNumbersOf(withPlus(id)),
  doors: [defineDoor(messages), defineDoor({ ...messages, path: `${PATH}/status` })],
  send: sendByVonage,
  server: { door: joinedMessageDoor('/vonage-parts/:account'), start: (context) => joiner.start(context) },
});
