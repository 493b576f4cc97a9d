import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Content of `running.json` in the data folder; a server of the user's own has no process id here. */
export interface Running {
  kafka: { brokers: string; pid: number | null };
  postgres: { url: string; pid: number | null };
  processes: { name: string; pid: number; port: number }[];
}

const fileIn = (dataDir: string) => join(dataDir, 'running.json');

/** Replaces the file at once, so that nobody reads half of it; its mode is 600, for the address holds a password. */
export function writeRunning(dataDir: string, running: Running): void {
  const file = fileIn(dataDir);
  writeFileSync(`${file}.new`, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRunning(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true });
}

/** Whether there is one: it goes away as soon as the stack begins to stop. */
export const isRunningFile = (dataDir: string) => existsSync(fileIn(dataDir));
