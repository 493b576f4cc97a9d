import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { explainFileError, SetupError } from './setup-error.js';

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/**
 * Makes a folder and those above it. Node's own recursive way never returns where the system forbids by "no such file", as in /proc.
 * @throws SetupError if the folder cannot be made
 */
export function makeFolder(folder: string): void {
  const made = () => {
    try {
      mkdirSync(folder);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      // EEXIST for a file as well: what is written into it next says so by ENOTDIR
      if (codeOf(error) !== 'EEXIST') throw explainFileError(error, folder);
    }
    return true;
  };
  if (made()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  if (!made()) throw new SetupError(`The folder ${folder} cannot be made: set DATA_DIR to another one.`);
}
