import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { run, step } from './steps.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** What node_modules follows from: the lock file and the patches laid over it. */
function wantedState(root) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const patches = join(root, 'patches');
  if (existsSync(patches)) {
    for (const name of readdirSync(patches).sort()) hash.update(name).update(readFileSync(join(patches, name)));
  }
  return hash.digest('hex');
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Whether npm's own record of node_modules agrees with the lock file (an install made by hand, without our stamp). */
function installedByHand(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (installed[path] ? installed[path].version === entry.version : entry.optional || entry.devOptional),
  );
}

/** Installs the dependencies if node_modules does not match the lock file. */
export async function ensureInstalled(root) {
  const stamp = join(root, 'node_modules', '.lienmach-installed');
  const current = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wantedState(root);
  if (current()) return;
  // npm ci empties node_modules, so the lock lies elsewhere
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  await withLock(join(tmpdir(), `lienmach-install-${name}.lock`), async () => {
    if (current()) return;
    const byHand = installedByHand(root);
    const [title, args] = byHand
      ? ['applying patches', ['run', 'postinstall']]
      : ['installing dependencies (npm ci)', ['ci', '--no-fund', '--no-audit']];
    const { code, output } = await step(title, () => run(npm, args, { cwd: root, quiet: true }));
    if (code !== 0)
      throw new Error(`${output.trim()}\nnpm ${args.join(' ')} failed: mend what it says above, then try again.`);
    writeFileSync(stamp, wantedState(root));
  });
}
