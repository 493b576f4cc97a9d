import { projectRoot } from './embedded/index.js';
import { scaffoldChannel } from './scaffold/channel-scaffold.js';

const [name] = process.argv.slice(2);
if (!name) throw new Error('Say which channel: npm run new:channel viber');
console.log(scaffoldChannel(projectRoot, name).join('\n'));
