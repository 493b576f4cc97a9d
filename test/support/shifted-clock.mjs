// Preloaded into a process of a test: Date.now() is ahead of the machine's clock by the milliseconds that stand in CLOCK_FILE.
import { existsSync, readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

const file = process.env.CLOCK_FILE;
const now = Date.now.bind(Date);
let ahead = 0;

function look() {
  ahead = file && existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
}

look();
setInterval(look, 50).unref();
Date.now = () => now() + ahead;
