import { runAdapter } from '@lienmach/adapter-kit';
import { sms } from './sms.channel.js';

await runAdapter(sms);
