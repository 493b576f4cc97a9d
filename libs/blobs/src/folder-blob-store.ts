import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TemporarilyUnavailable } from '@lienmach/contracts';
import type { BlobStore } from './blob-store.js';

const NAME = /^[0-9a-f]{64}$/;

/**
 * A folder: `<root>/ab/<sha256>`, never a name from outside. Several processes may share it. Files are written under another name, synced and then
 * renamed, so that a file that is there is whole. The folder is made when the first blob comes.
 */
export class FolderBlobStore implements BlobStore {
  constructor(private readonly root: string) {}

  async put(sha256: string, bytes: Buffer): Promise<void> {
    const path = this.pathOf(sha256);
    try {
      if (await exists(path)) return;
      await mkdir(dirname(path), { recursive: true });
      await writeWhole(path, bytes);
    } catch (error) {
      throw new TemporarilyUnavailable(`a blob cannot be kept: ${(error as Error).message}`, 30, { cause: error });
    }
  }

  async get(sha256: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.pathOf(sha256));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** @throws RangeError for what is no hash: a name from outside never becomes a path */
  private pathOf(sha256: string): string {
    if (!NAME.test(sha256)) throw new RangeError('a blob is named by the SHA-256 of its bytes');
    return join(this.root, sha256.slice(0, 2), sha256);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(temporary, 'wx', 0o640);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** The new name survives too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
