import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { run, step } from './steps.mjs';

const sourceFolders = ['apps', 'libs', 'tools'];
const settings = ['.swcrc', 'nest-cli.json', 'tsconfig.json', 'package-lock.json'];

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* files(join(folder, entry.name));
    else if (entry.isFile()) yield join(folder, entry.name);
  }
}

const isSource = (file) => /\.ts$/.test(file) || /tsconfig[^/\\]*\.json$/.test(file);

/** Names, sizes and times of everything that the build reads: a removed file changes it too. */
function fingerprint(root) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const folder of sourceFolders) {
    for (const file of files(join(root, folder))) {
      if (!isSource(file)) continue;
      const { size, mtimeMs } = statSync(file);
      hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
    }
  }
  for (const name of settings) hash.update(readFileSync(join(root, name)));
  return hash.digest('hex');
}

/** Compiled files whose source is gone; the projects share one folder, so the builder never empties it. */
function removeStale(root) {
  for (const folder of sourceFolders) {
    const built = join(root, 'dist', folder);
    if (!existsSync(built)) continue;
    for (const file of files(built)) {
      const source = join(root, relative(join(root, 'dist'), file)).replace(/\.js(\.map)?$/, '.ts');
      if (/\.js(\.map)?$/.test(file) && !existsSync(source)) rmSync(file);
    }
  }
}

/** Compiles everything into dist if a source is newer than what lies there. */
export async function ensureBuilt(root) {
  const dist = join(root, 'dist');
  const stamp = join(dist, '.lienmach-built');
  const current = (state) => existsSync(stamp) && readFileSync(stamp, 'utf8') === state;
  if (current(fingerprint(root))) return;
  mkdirSync(dist, { recursive: true });
  await withLock(join(dist, '.lienmach-build.lock'), async () => {
    const state = fingerprint(root); // before the build: what changes meanwhile is built next time
    if (current(state)) return;
    const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    const { code, output } = await step('building', () =>
      run(process.execPath, [nest, 'build', '--all'], { cwd: root, quiet: true }),
    );
    if (code !== 0) throw new Error(`${output.trim()}\nThe build failed: mend what it says above, then try again.`);
    removeStale(root);
    writeFileSync(stamp, state);
  });
}
