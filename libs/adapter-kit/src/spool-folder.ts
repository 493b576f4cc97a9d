import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { SpoolSegment, UNREAD } from './spool-segment.js';

/** Says which process writes here; its time says when that process last was alive. */
const OWNER = 'owner.json';
const SUFFIX = '.spool';
const UNFINISHED = '.new';
/** How often a process says that it is alive, and after how long a silence its folder is anybody's. */
export const LEASE_MS = 15_000;
export const BEAT_MS = 3_000;

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Given back: the process has ended in order. */
  readonly free?: boolean;
}

const me = (): Owner => ({ host: hostname(), pid: process.pid });
const missing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * A folder in the spool that belongs to one process, so that several can share SPOOL_DIR. What a process leaves behind is taken over by another, or by the
 * next one, in one rename: of two who try only one succeeds, and a process that was only slow notices before it says that anything is kept.
 */
export class SpoolFolder {
  private lastNumber = 0;

  private constructor(private readonly path: string) {}

  static async create(root: string): Promise<SpoolFolder> {
    const path = join(root, randomUUID());
    await mkdir(path + UNFINISHED, { mode: 0o700 });
    await writeFile(join(path + UNFINISHED, OWNER), JSON.stringify(me()));
    await rename(path + UNFINISHED, path);
    await syncFolder(root);
    return new SpoolFolder(path);
  }

  /** Takes over what no living process owns, with the segments in their order. */
  static async adopt(root: string, ours: readonly SpoolFolder[], now: number): Promise<SpoolFolder[]> {
    const adopted: SpoolFolder[] = [];
    for (const name of await readdir(root)) {
      const from = join(root, name);
      if (name.endsWith(UNFINISHED) || name.endsWith(UNREAD) || ours.some(({ path }) => path === from)) continue;
      if (!(await isAbandoned(from, now))) continue;
      const path = join(root, randomUUID());
      try {
        await rename(from, path);
      } catch (error) {
        if (missing(error)) continue; // another was quicker
        throw error;
      }
      await writeFile(join(path, OWNER), JSON.stringify(me()));
      adopted.push(new SpoolFolder(path));
    }
    return adopted;
  }

  async segments(): Promise<SpoolSegment[]> {
    const names = (await readdir(this.path)).filter((name) => name.endsWith(SUFFIX)).sort();
    this.lastNumber = Math.max(0, ...names.map((name) => Number(name.slice(0, -SUFFIX.length))));
    const found: SpoolSegment[] = [];
    for (const name of names) found.push(await SpoolSegment.found(join(this.path, name)));
    return found;
  }

  async newSegment(): Promise<SpoolSegment> {
    this.lastNumber += 1;
    const segment = await SpoolSegment.create(join(this.path, `${String(this.lastNumber).padStart(9, '0')}${SUFFIX}`));
    await syncFolder(this.path);
    return segment;
  }

  /** @param now milliseconds since 1970 */
  async beat(now: number): Promise<void> {
    await utimes(join(this.path, OWNER), now / 1000, now / 1000);
  }

  /** False: another process took this one for dead, and sends what lies here. */
  async isOurs(): Promise<boolean> {
    try {
      await stat(join(this.path, OWNER));
      return true;
    } catch (error) {
      if (missing(error)) return false;
      throw error;
    }
  }

  /** Lets the next process have it at once. */
  async release(): Promise<void> {
    try {
      await writeFile(join(this.path, OWNER), JSON.stringify({ ...me(), free: true }));
    } catch (error) {
      if (!missing(error)) throw error; // another has it already
    }
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

async function isAbandoned(folder: string, now: number): Promise<boolean> {
  const file = join(folder, OWNER);
  try {
    const { host, pid, free } = JSON.parse(await readFile(file, 'utf8')) as Owner;
    if (free || (host === hostname() && !isOther(pid))) return true;
    return now - (await stat(file)).mtimeMs > LEASE_MS;
  } catch (error) {
    if (missing(error)) return false;
    // a process that was killed while it wrote this left half of it
    if (error instanceof SyntaxError) return now - (await stat(folder)).mtimeMs > LEASE_MS;
    throw error;
  }
}

/** A living process that is not this one: in a container each start has the same number. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Names of new files survive a power failure only when their folder was written too. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
