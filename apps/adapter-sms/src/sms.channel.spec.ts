import { createHmac } from 'node:crypto';
import { channelConformance, readFixtures } from '@lienmach/adapter-kit/testing';
import { sms } from './sms.channel.js';

channelConformance(sms, readFixtures(new URL('../fixtures/', import.meta.url)), {
  sign: ({ body }, { settings }) => ({
    'x-sms-signature': createHmac('sha256', String(settings['secret'])).update(body).digest('hex'),
  }),
});
