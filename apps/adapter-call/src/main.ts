import { runAdapter } from '@lienmach/adapter-kit';
import { call } from './call.channel.js';

await runAdapter(call);
