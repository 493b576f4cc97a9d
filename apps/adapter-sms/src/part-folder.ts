import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptPart } from './message-parts.rules.js';

/** Parts that make no message of their own any more: the vendor may send them once more. */
export interface JoinedParts {
  /** Keys of the parts, see {@link partKey}. */
  readonly keys: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Names a part in the folder; never a name from outside. */
export const partKey = ({ account, id }: { account: string; id: string }): string =>
  createHash('sha256')
    .update(JSON.stringify([account, id]))
    .digest('hex');

const PART = '.part.json';
const JOINED = '.joined.json';

/** Keeps parts beyond the end of the process. */
export interface PartStore {
  /** What an earlier process left, and the names of what cannot be read. */
  open(): Promise<{ parts: KeptPart[]; joined: JoinedParts[]; unreadable: string[] }>;
  /** Returns when the part is safe. */
  putPart(part: KeptPart): Promise<void>;
  /** From here on the parts are done; only then they are removed. */
  putJoined(parts: readonly KeptPart[], at: number): Promise<JoinedParts>;
  removeJoined(record: JoinedParts): Promise<void>;
  removePart(part: KeptPart): Promise<void>;
}

/** A folder that one process owns: what is in it outlives the process, and is whole. */
export class PartFolder implements PartStore {
  constructor(private readonly path: string) {}

  /** Makes the folder; files that cannot be read are left alone. */
  async open(): Promise<{ parts: KeptPart[]; joined: JoinedParts[]; unreadable: string[] }> {
    await mkdir(this.path, { recursive: true });
    const parts: KeptPart[] = [];
    const joined: JoinedParts[] = [];
    const unreadable: string[] = [];
    for (const name of (await readdir(this.path)).sort()) {
      try {
        if (name.endsWith(PART)) parts.push(await this.read<KeptPart>(name));
        else if (name.endsWith(JOINED)) joined.push(await this.read<JoinedParts>(name));
      } catch {
        unreadable.push(name);
      }
    }
    return { parts, joined, unreadable };
  }

  putPart(part: KeptPart): Promise<void> {
    return this.write(partKey(part) + PART, part);
  }

  async putJoined(parts: readonly KeptPart[], at: number): Promise<JoinedParts> {
    const keys = parts.map(partKey);
    const record = { keys, at };
    await this.write(`${keys[0]}${JOINED}`, record);
    await Promise.all(keys.map((key) => this.remove(key + PART)));
    return record;
  }

  removeJoined({ keys }: JoinedParts): Promise<void> {
    return this.remove(`${keys[0]}${JOINED}`);
  }

  removePart(part: KeptPart): Promise<void> {
    return this.remove(partKey(part) + PART);
  }

  private async read<T>(name: string): Promise<T> {
    return JSON.parse(await readFile(join(this.path, name), 'utf8')) as T;
  }

  private async write(name: string, value: unknown): Promise<void> {
    const path = join(this.path, name);
    const temporary = `${path}.${randomUUID()}`;
    const file = await open(temporary, 'wx', 0o640);
    try {
      await file.writeFile(JSON.stringify(value));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    const folder = await open(this.path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  private async remove(name: string): Promise<void> {
    try {
      await unlink(join(this.path, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
