import { createHmac } from 'node:crypto';
import { channelConformance, readFixtures } from '@lienmach/adapter-kit/testing';
import { __camel__ } from './__name__.channel.js';

channelConformance(__camel__, readFixtures(new URL('../fixtures/', import.meta.url)), {
  sign: ({ body }, { settings }) => ({
    'x-__name__-signature': createHmac('sha256', String(settings['secret'])).update(body).digest('hex'),
  }),
});
