import { defineDoor, defineVendor, fieldsOf, type Door, type DoorAnswer } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { VcomSettings } from './vcom.config.js';
import { normaliseVcom } from './vcom.normalise.js';
import { readVcom, type VcomPayload } from './vcom.payload.js';
import { sendByVcom } from './vcom.sender.js';
import { verifyVcom } from './vcom.signature.js';

const PATH = '/webhooks/sms/vcom/:account';

/** V-COM repeats what is answered otherwise. */
const TAKEN: DoorAnswer = {
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body: '{"data":{"code":200,"status":"success","message":""}}',
};

const messages: Door<VcomSettings, VcomPayload> = {
  path: PATH,
  methods: ['POST'],
  accountIn: 'path-id',
  contentTypes: ['application/json'],
  verify: (request, { settings }) => verifyVcom(request, settings),
  parse: (request) => readVcom(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseVcom(payload, owner),
  answer: () => TAKEN,
};

export const vcom = defineVendor<VcomSettings>({
  name: 'vcom',
  settings: VcomSettings,
  secrets: ['secureKey'],
  answerWithinSeconds: 10,
  ownNumbers: (_settings, id) => ownNumbersOf(id),
  doors: [defineDoor(messages), defineDoor({ ...messages, path: `${PATH}/status` })],
  send: sendByVcom,
});
