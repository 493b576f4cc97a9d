import { createHash } from 'node:crypto';
import type { BlobStore } from '@lienmach/blobs';
import type { OutgoingRecord } from '@lienmach/kafka';
import type { StoredFile } from './channel.js';

/** Bytes of a body beyond which its raw record names a blob instead of holding it: a topic takes 4 MiB a record, and a gathered send has many. */
export const LARGEST_RAW = 1024 * 1024;

const NOTHING = Buffer.alloc(0);
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The raw record of a large body: empty, with the header `blob`, the SHA-256 by which the store names the bytes. */
export function rawWithoutBytes(raw: OutgoingRecord, body: Buffer): OutgoingRecord {
  return { ...raw, value: NOTHING, headers: { ...raw.headers, blob: sha256Of(body) } };
}

/** Everything that the records of a request refer to; none of them is sent before. */
export async function keepFiles(
  blobs: BlobStore,
  raw: OutgoingRecord,
  body: Buffer,
  files: readonly StoredFile[],
): Promise<void> {
  const name = raw.headers?.['blob'];
  if (name !== undefined) await blobs.put(String(name), body);
  for (const { sha256, bytes } of files) await blobs.put(sha256, bytes);
}
