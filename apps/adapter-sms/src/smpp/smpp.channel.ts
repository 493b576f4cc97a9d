import { defineVendor } from '@lienmach/adapter-kit';
import { PartJoiner } from '../part-joiner.server.js';
import { ownNumbersOf } from '../party.rules.js';
import { smppDoor } from './smpp-door.js';
import { SmppSessions, startSmppClients } from './smpp.client.js';
import { SmppSettings } from './smpp.config.js';
import { sendBySmpp, testSmpp } from './smpp.sender.js';

const joiner = new PartJoiner('smpp');
const sessions = new SmppSessions();

export const smpp = defineVendor<SmppSettings>({
  name: 'smpp',
  settings: SmppSettings,
  secrets: ['password'],
  answerWithinSeconds: 30,
  ownNumbers: ({ sourceAddress }, id) => ownNumbersOf(id, sourceAddress),
  doors: [],
  server: {
    door: smppDoor(() => joiner.isRunning),
    start: (context) => startSmppClients(context, joiner, sessions),
  },
  send: (reply, account, context) => sendBySmpp(reply, account, context, sessions.get(account.id)?.session),
  test: ({ id }) => Promise.resolve(testSmpp(sessions.get(id)?.session)),
});
