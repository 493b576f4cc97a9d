import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FolderBlobStore } from '@lienmach/blobs';
import { TemporarilyUnavailable } from '@lienmach/contracts';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a folder of blobs', () => {
  let root: string;
  beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'blobs-'))));
  afterAll(() => rm(root, { recursive: true }));

  it('gives back what was put, kept once, with nothing half-written beside it', async () => {
    const store = new FolderBlobStore(join(root, 'made', 'later'));
    const bytes = Buffer.from('Hóa đơn');
    const name = sha256(bytes);
    await Promise.all([store.put(name, bytes), store.put(name, bytes), store.put(name, bytes)]);
    expect(await store.get(name)).toEqual(bytes);
    expect(await readdir(join(root, 'made', 'later', name.slice(0, 2)))).toEqual([name]);
    expect(await store.get(sha256(Buffer.from('nobody')))).toBeUndefined();
  });

  it.each(['../../etc/passwd', 'A'.repeat(64), '', `${'a'.repeat(64)}/..`])(
    'takes no name such as %s',
    async (name) => {
      const store = new FolderBlobStore(root);
      await expect(store.put(name, Buffer.from('x'))).rejects.toThrow(RangeError);
      await expect(store.get(name)).rejects.toThrow(RangeError);
    },
  );

  it('says that it may work later when the folder cannot be written', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    const bytes = Buffer.from('x');
    await expect(new FolderBlobStore(file).put(sha256(bytes), bytes)).rejects.toThrow(TemporarilyUnavailable);
  });
});
