import { createHmac } from 'node:crypto';
import { channelConformance, readFixtures } from '@lienmach/adapter-kit/testing';
import { email } from './email.channel.js';

channelConformance(email, readFixtures(new URL('../fixtures/', import.meta.url)), {
  sign: ({ body }, { settings }) => ({
    'x-email-signature': createHmac('sha256', String(settings['secret'])).update(body).digest('hex'),
  }),
});
