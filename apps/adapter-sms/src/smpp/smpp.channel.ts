import { defineVendor } from '@lienmach/adapter-kit';
import { PartJoiner } from '../part-joiner.server.js';
import { ownNumbersOf } from '../party.rules.js';
import { smppDoor } from './smpp-door.js';
import { startSmppClients } from './smpp.client.js';
import { SmppSettings } from './smpp.config.js';

const joiner = new PartJoiner('smpp');

export const smpp = defineVendor<SmppSettings>({
  name: 'smpp',
  settings: SmppSettings,
  secrets: ['password'],
  answerWithinSeconds: 30,
  ownNumbers: ({ sourceAddress }, id) => ownNumbersOf(id, sourceAddress),
  doors: [],
  server: {
    door: smppDoor(() => joiner.isRunning),
    start: (context) => startSmppClients(context, joiner),
  },
});
