import { defineDoor, defineVendor, type Door } from '@lienmach/adapter-kit';
import { ownNumbersOf } from '../party.rules.js';
import { TwilioSettings } from './twilio.config.js';
import { isInbound, normaliseTwilio } from './twilio.normalise.js';
import { readTwilio, type TwilioPayload } from './twilio.payload.js';
import { sendByTwilio, testTwilio } from './twilio.sender.js';
import { verifyTwilio } from './twilio.signature.js';

const PATH = '/webhooks/sms/twilio/:account';

/** Messages; the doors below are the same under the addresses that receipts and JSON bodies are sent to. */
const messages: Door<TwilioSettings, TwilioPayload> = {
  path: PATH,
  methods: ['GET', 'POST'],
  accountIn: 'path-id',
  contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
  verify: (request, { settings }) => verifyTwilio(request, settings.authToken),
  parse: readTwilio,
  normalise: (payload, _accounts, _request, owner) => normaliseTwilio(payload, owner),
  // no <Message>: the answer to the customer is an agent's
  answer: (_request, _account, payload) =>
    payload && !isInbound(payload)
      ? { status: 200 }
      : {
          status: 200,
          contentType: 'text/xml; charset=utf-8',
          body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
        },
};

export const twilio = defineVendor<TwilioSettings>({
  name: 'twilio',
  settings: TwilioSettings,
  secrets: ['authToken'],
  answerWithinSeconds: 15,
  ownNumbers: (_settings, id) => ownNumbersOf(id),
  doors: [
    defineDoor(messages),
    defineDoor({ ...messages, path: `${PATH}/status` }),
    defineDoor({ ...messages, path: `${PATH}/json` }),
  ],
  send: sendByTwilio,
  test: testTwilio,
});
