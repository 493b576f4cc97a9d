import { defineDoor, defineVendor, fieldsOf, type Door, type DoorAnswer } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { EsmsSettings } from './esms.config.js';
import { normaliseEsms } from './esms.normalise.js';
import { readEsms, type EsmsPayload } from './esms.payload.js';
import { sendByEsms } from './esms.sender.js';
import { verifyEsms } from './esms.signature.js';

const PATH = '/webhooks/sms/esms/:secret';

const messages: Door<EsmsSettings, EsmsPayload> = {
  path: PATH,
  methods: ['GET', 'POST'],
  accountIn: 'path-secret',
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  verify: (request, { settings }) => verifyEsms(request, settings.privateKey),
  parse: (request) => readEsms(fieldsOf(request)),
  normalise: (payload, _accounts, _request, owner) => normaliseEsms(payload, owner),
  answer: (_request, account, payload) =>
    payload?.kind === 'message'
      ? replyTo(payload.id, payload.sender, account?.settings.autoReply ?? '')
      : { status: 200 },
};

/** The answer is itself an SMS to the customer; an empty one says nothing. */
const replyTo = (smsid: string, receiver: string, message: string): DoorAnswer => ({
  status: 200,
  contentType: 'text/xml; charset=utf-8',
  body: `<ClientResponse>${element('Message', message)}${element('Smsid', smsid)}${element('Receiver', receiver)}</ClientResponse>`,
});

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
// characters that XML has no way to write are left out
const element = (name: string, text: string): string =>
  `<${name}>${text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '').replace(/[&<>"']/g, (each) => ESCAPES[each]!)}</${name}>`;

export const esms = defineVendor<EsmsSettings>({
  name: 'esms',
  settings: EsmsSettings,
  secrets: ['secret', 'secretKey', 'privateKey', 'apiKey'],
  answerWithinSeconds: 10,
  ownNumbers: ({ brandname }, id) => ownNumbersOf(id, brandname),
  doors: [defineDoor(messages), defineDoor({ ...messages, path: `${PATH}/status` })],
  send: sendByEsms,
});
