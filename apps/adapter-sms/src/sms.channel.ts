import { defineChannel } from '@lienmach/adapter-kit';
import { esms } from './esms/esms.channel.js';
import { infobip } from './infobip/infobip.channel.js';
import { smpp } from './smpp/smpp.channel.js';
import { speedsms } from './speedsms/speedsms.channel.js';
import { twilio } from './twilio/twilio.channel.js';
import { vcom } from './vcom/vcom.channel.js';
import { vonage } from './vonage/vonage.channel.js';

export const sms = defineChannel({
  name: 'sms',
  defaultPort: 3104,
  vendors: [twilio, vonage, infobip, esms, speedsms, vcom, smpp],
});
