import { runAdapter } from '@lienmach/adapter-kit';
import { __camel__ } from './__name__.channel.js';

await runAdapter(__camel__);
