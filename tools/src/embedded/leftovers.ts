import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, end } from './processes.js';
import { projectRoot } from './project-root.js';

function* pidFiles(folder: string, depth = 2): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth > 0 && entry.name !== 'data') yield* pidFiles(path, depth - 1);
    else if (entry.isFile() && entry.name.endsWith('.pid')) yield path;
  }
}

/**
 * Ends what a killed starter left running: the servers and apps whose process ids stand in `folder`.
 * A stranger that has such a number by now is left alone.
 * @returns how many processes were ended
 */
export async function endLeftovers(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  const ours = [folder, join(projectRoot, 'dist', 'apps')];
  let ended = 0;
  for (const file of pidFiles(folder)) {
    const pid = Number(readFileSync(file, 'utf8'));
    const line = commandLine(pid);
    if (ours.some((path) => line.includes(path))) {
      await end(pid, line.includes('postgres') ? 'SIGINT' : 'SIGTERM', 20_000);
      ended += 1;
    }
    rmSync(file, { force: true });
  }
  return ended;
}
