import { defineChannel } from '@lienmach/adapter-kit';
import { cmc } from './cmc/cmc.channel.js';
import { generic } from './generic/generic.channel.js';
import { omicall } from './omicall/omicall.channel.js';
import { stringee } from './stringee/stringee.channel.js';
import { tel4vn } from './tel4vn/tel4vn.channel.js';
import { twilio } from './twilio/twilio.channel.js';

export const call = defineChannel({
  name: 'call',
  defaultPort: 3105,
  vendors: [stringee, twilio, omicall, cmc, tel4vn, generic],
});
