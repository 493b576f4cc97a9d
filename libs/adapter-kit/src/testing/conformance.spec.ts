import { channelConformance } from './conformance.js';
import { sample, signature } from './sample.channel.js';

const account = { id: 'p1', settings: { secret: 's1' } };
const at = Date.UTC(2026, 10, 20, 11, 59);
const part = { account: 'p1', id: 'm1', kind: 'text', at, text: 'Shop ơi, 0900 000 123' };
const message = { type: 'message.received', data: { vendorEventId: 'm1', claims: [{ value: '+84900000123' }] } };

channelConformance(
  sample,
  [
    { name: 'text', account, body: [part], expect: [message] },
    {
      name: 'two texts by account in the path',
      account,
      door: '/webhooks/sample/:account',
      body: [part, { ...part, id: 'm2' }],
      expect: [message, { subject: 'u-1', data: { vendorEventId: 'm2' } }],
    },
    {
      name: 'text by secret in the path',
      account,
      door: '/webhooks/sample/hook/:secret',
      body: [part],
      expect: [message],
    },
    { name: 'unknown kind', account, body: [{ ...part, kind: 'hologram' }], expect: [] },
    { name: 'broken part', account, body: [part, { account: 'p1' }], expect: [message], deadLetter: true },
  ],
  { sign: ({ body }) => ({ 'x-sample-signature': signature(body, 's1') }) },
);
