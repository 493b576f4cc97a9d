import { defineChannel } from '@lienmach/adapter-kit';
import { generic } from './generic/generic.channel.js';
import { stringee } from './stringee/stringee.channel.js';
import { twilio } from './twilio/twilio.channel.js';

export const call = defineChannel({ name: 'call', defaultPort: 3105, vendors: [stringee, twilio, generic] });
