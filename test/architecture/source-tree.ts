import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '@lienmach/tools';

const SKIPPED = new Set(['node_modules', 'dist', '.data', 'generated', 'template']);

/** Text of a file, by its path from the root. */
export const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

/** Names in a folder that are folders themselves, sorted. */
export const foldersIn = (path: string) =>
  readdirSync(join(projectRoot, path))
    .filter((name) => statSync(join(projectRoot, path, name)).isDirectory())
    .sort();

/** Paths from the root of all files below folders that end as asked, sorted; generated ones and templates left out. */
export function filesBelow(folders: readonly string[], ending = '.ts'): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(path);
      return entry.name.endsWith(ending) ? [relative(projectRoot, path)] : [];
    });
  return folders.flatMap((folder) => walk(join(projectRoot, folder))).sort();
}

/** Adapters by their folders, without `adapter-`. */
export const adapters = foldersIn('apps').flatMap((name) => /^adapter-(.+)$/.exec(name)?.[1] ?? []);
