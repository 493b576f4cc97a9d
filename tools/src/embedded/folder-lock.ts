import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { birth, isRunning } from './processes.js';
import { explainFileError, SetupError } from './setup-error.js';

interface Owner {
  pid: number;
  birth: string;
}

function readOwner(file: string): Owner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch (error) {
    // an owner that was killed while writing leaves half a line: nobody's
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

const lives = (owner: Owner | null): owner is Owner =>
  owner !== null && isRunning(owner.pid) && birth(owner.pid) === owner.birth;

/**
 * Takes a folder for this process: a server that is started twice on one folder spoils its files before it notices.
 * The lock of a process that was killed is taken over.
 * @returns gives the folder back
 * @throws SetupError if a living process holds it
 */
export function lockFolder(folder: string, what: string): () => void {
  const file = join(folder, 'lock');
  const me: Owner = { pid: process.pid, birth: birth(process.pid) };
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(me), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw explainFileError(error, folder);
    }
    const owner = readOwner(file);
    if (lives(owner)) {
      throw new SetupError(
        `${what} in ${folder} is already run by process ${owner.pid}: end that one first, or use another folder.`,
      );
    }
    // renamed, not removed: of two who find the dead owner only one gets its file
    const aside = `${file}.${process.pid}`;
    try {
      renameSync(file, aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw explainFileError(error, folder);
    }
    if (lives(readOwner(aside))) renameSync(aside, file);
    else rmSync(aside, { force: true });
  }
}
