import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function find(folder: string): string {
  if (existsSync(join(folder, 'nest-cli.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('nest-cli.json stands in no folder above this file');
  return find(parent);
}

/** The folder of package.json, found from the source as well as from the compiled file. */
export const projectRoot = find(dirname(fileURLToPath(import.meta.url)));
