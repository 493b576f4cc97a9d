import { runAdapter } from '@lienmach/adapter-kit';
import { zalo } from './zalo.channel.js';

await runAdapter(zalo);
