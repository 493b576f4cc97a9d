import { setTimeout as pause } from 'node:timers/promises';
import type { Exit } from '../embedded/processes.js';

/** A server or an app that can be started again. */
export interface Part {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  restart(): Promise<void>;
}

const longest = 30_000;
/** Having run so long, a part is counted as sound again. */
const soundAfter = 60_000;

/** Milliseconds before the next attempt: 0.5 s, doubled by each failure up to half a minute. */
export const pauseAfter = (failures: number) => Math.min(longest, 500 * 2 ** failures);

export const describeExit = ({ code, signal }: Exit) => (signal ? `by ${signal}` : `with code ${code}`);

const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> => pause(milliseconds, undefined, { signal });

/** Starts a part again whenever it ends, after a growing pause, and says so; until `signal` is aborted. */
export async function keepAlive(
  part: Part,
  say: (line: string) => void,
  changed: () => void,
  signal: AbortSignal,
  wait = sleep,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const since = Date.now();
    const exit = await part.exited;
    if (signal.aborted) return;
    if (Date.now() - since > soundAfter) failures = 0;
    say(`${part.name} ended ${describeExit(exit)}, its log: ${part.logFile}`);
    for (let running = false; !running;) {
      const milliseconds = pauseAfter(failures);
      failures += 1;
      say(`${part.name} is started again in ${milliseconds / 1000} s`);
      try {
        await wait(milliseconds, signal);
        await part.restart();
        running = true;
      } catch (error) {
        if (signal.aborted) return;
        say((error as Error).message);
      }
    }
    changed();
    say(`${part.name} runs again (process ${part.pid})`);
  }
}
