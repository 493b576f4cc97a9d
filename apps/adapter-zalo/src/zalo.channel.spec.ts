import { createHmac } from 'node:crypto';
import { channelConformance, readFixtures } from '@lienmach/adapter-kit/testing';
import { zalo } from './zalo.channel.js';

channelConformance(zalo, readFixtures(new URL('../fixtures/', import.meta.url)), {
  sign: ({ body }, { settings }) => ({
    'x-zalo-signature': createHmac('sha256', String(settings['secret'])).update(body).digest('hex'),
  }),
});
