import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { entryAt, type SpoolEntry } from './spool-entry.js';

const CHUNK = 1024 * 1024;
/** Ends the name of a file of which a part cannot be read. */
export const UNREAD = '.unread';

/** A stretch of a segment that is to be sent. */
export interface Stretch {
  readonly entries: readonly SpoolEntry[];
  /** Where the next stretch begins. */
  readonly end: number;
}

/** One file of the spool: written at its end, read from its beginning, removed when all of it was sent. */
export class SpoolSegment {
  /** Bytes before this offset have been sent. */
  private sent = 0;

  private constructor(
    private readonly path: string,
    private file: FileHandle | undefined,
    /** Bytes that are on the disk for good. */
    private durable: number,
    /** Entries not yet sent. */
    public waiting: number,
    /** What follows the last whole entry of a file that was found. */
    private torn = 0,
  ) {}

  static async create(path: string): Promise<SpoolSegment> {
    return new SpoolSegment(path, await open(path, 'ax', 0o600), 0, 0);
  }

  /** A segment that another process left. Its last entry may be torn: then nobody was told that it is kept. */
  static async found(path: string): Promise<SpoolSegment> {
    const bytes = await readFile(path);
    let end = 0;
    let count = 0;
    for (let next = entryAt(bytes, 0); next; next = entryAt(bytes, end)) {
      end = next.end;
      count += 1;
    }
    return new SpoolSegment(path, undefined, end, count, bytes.length - end);
  }

  get size(): number {
    return this.durable;
  }

  /** Bytes not yet sent. */
  get bytes(): number {
    return this.durable - this.sent;
  }

  /** Resolves when they are on the disk. After a rejection nothing more can be written to it. */
  async append(entries: readonly Buffer[]): Promise<void> {
    if (!this.file) throw new Error('this segment is closed');
    const bytes = Buffer.concat(entries);
    try {
      const { bytesWritten } = await this.file.write(bytes, 0, bytes.length, this.durable);
      if (bytesWritten < bytes.length) throw new Error('the disk took only a part');
      await this.file.datasync();
    } catch (error) {
      await this.finish();
      throw error;
    }
    this.durable += bytes.length;
    this.waiting += entries.length;
  }

  /** Entries that have not been sent, from the first on: at most so many, and about so many bytes. */
  async next(mostEntries: number): Promise<Stretch> {
    for (let size = CHUNK; ; size *= 2) {
      const bytes = await this.read(Math.min(size, this.bytes));
      const entries: SpoolEntry[] = [];
      let end = 0;
      for (let next = entryAt(bytes, 0); next && entries.length < mostEntries; next = entryAt(bytes, end)) {
        entries.push(next.entry);
        end = next.end;
      }
      if (entries.length > 0 || bytes.length >= this.bytes) return { entries, end: this.sent + end };
    }
  }

  settle({ entries, end }: Stretch): void {
    this.sent = end;
    this.waiting -= entries.length;
  }

  /** Writes no more. */
  async finish(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  /**
   * Removes the file; one with bytes that are no whole entry, torn or spoilt by the disk, moves to a folder instead.
   * @returns the file's new path
   */
  async end(beside: string): Promise<string | undefined> {
    if (this.torn === 0 && this.waiting === 0) return void (await this.remove());
    await this.finish();
    const kept = join(beside, `${randomUUID()}${UNREAD}`);
    await rename(this.path, kept);
    return kept;
  }

  async remove(): Promise<void> {
    await this.finish();
    await rm(this.path, { force: true });
  }

  private async read(length: number): Promise<Buffer> {
    const file = await open(this.path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, this.sent);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}
