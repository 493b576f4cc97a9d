import { runProcess } from '@lienmach/platform';
import { runCore } from './core.server.js';

await runProcess('core', runCore);
