import { runAdapter } from '@lienmach/adapter-kit';
import { facebook } from './facebook.channel.js';

await runAdapter(facebook);
