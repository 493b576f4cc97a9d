import { runAdapter } from '@lienmach/adapter-kit';
import { email } from './email.channel.js';

await runAdapter(email);
