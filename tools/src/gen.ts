import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { DOCUMENTS, generatedFiles } from './contract/generated-files.js';
import { projectRoot } from './embedded/project-root.js';

/** `npm run gen` writes the contract's documents and the page of channels; with `--check` it only tells which are stale. */
const checkOnly = process.argv.includes('--check');
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };

const wanted = await generatedFiles(projectRoot, version);
const folder = join(projectRoot, DOCUMENTS);
const present = existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)))
  : [];

const current = (path: string): string | undefined => {
  const file = join(projectRoot, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};
const stale = [...wanted].filter(([path, content]) => current(path) !== content).map(([path]) => path);
const left = present.filter((path) => !wanted.has(path));

if (checkOnly) {
  for (const path of stale) console.log(`${path} is not what its sources say`);
  for (const path of left) console.log(`${path} belongs to nothing any more`);
  if (stale.length + left.length > 0) {
    console.log('Run: npm run gen');
    process.exitCode = 1;
  }
} else {
  for (const path of left) rmSync(join(projectRoot, path));
  for (const path of stale) {
    mkdirSync(dirname(join(projectRoot, path)), { recursive: true });
    writeFileSync(join(projectRoot, path), wanted.get(path)!);
  }
  console.log(`${wanted.size} files, ${stale.length} changed, ${left.length} removed`);
}
