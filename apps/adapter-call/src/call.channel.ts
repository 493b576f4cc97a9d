import { defineChannel } from '@lienmach/adapter-kit';
import { threeCx } from './3cx/3cx.channel.js';
import { asterisk } from './asterisk/asterisk.channel.js';
import { caresoft } from './caresoft/caresoft.channel.js';
import { cloudfone } from './cloudfone/cloudfone.channel.js';
import { cmc } from './cmc/cmc.channel.js';
import { fpt } from './fpt/fpt.channel.js';
import { freeswitch } from './freeswitch/freeswitch.channel.js';
import { generic } from './generic/generic.channel.js';
import { omicall } from './omicall/omicall.channel.js';
import { southtelecom } from './southtelecom/southtelecom.channel.js';
import { stringee } from './stringee/stringee.channel.js';
import { tel4vn } from './tel4vn/tel4vn.channel.js';
import { twilio } from './twilio/twilio.channel.js';
import { voicecloud } from './voicecloud/voicecloud.channel.js';
import { voip24h } from './voip24h/voip24h.channel.js';

export const call = defineChannel({
  name: 'call',
  defaultPort: 3105,
  vendors: [
    stringee,
    twilio,
    omicall,
    cmc,
    cloudfone,
    southtelecom,
    tel4vn,
    voicecloud,
    voip24h,
    fpt,
    caresoft,
    freeswitch,
    threeCx,
    asterisk,
    generic,
  ],
});
