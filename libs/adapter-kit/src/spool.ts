import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { TemporarilyUnavailable } from '@lienmach/contracts';
import type { OutgoingRecord, RecordSender } from '@lienmach/kafka';
import { encodeEntry } from './spool-entry.js';
import { BEAT_MS, SpoolFolder } from './spool-folder.js';
import { spoolMetrics } from './spool-metrics.js';
import type { SpoolSegment, Stretch } from './spool-segment.js';

export interface SpoolOptions {
  /** `SPOOL_DIR`; several processes and channels may share it. */
  readonly folder: string;
  readonly channel: string;
  /** Where everything goes at last. */
  readonly sender: CheckingSender;
  readonly logger: LoggerService;
  /** Largest size on disk; beyond it nothing more is taken. */
  readonly maxBytes?: number;
  /** Of one file; what a crash makes us send twice is at most one file. */
  readonly segmentBytes?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A sender that can say beforehand what it will never take. */
export interface CheckingSender extends RecordSender {
  /** @throws RecordTooLarge */
  check?(records: readonly OutgoingRecord[]): void;
}

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
/** Entries of one send: more of them would only wait for each other. */
const MOST_ENTRIES = 200;
const DEADLINE_MS = 5_000;
const RETRY_MS = 1_000;
/** Bytes that may wait for the disk; beyond it the disk is too slow to answer in time. */
const MOST_UNWRITTEN = 32 * MIB;

interface Waiting {
  readonly bytes: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Keeps records on disk while the broker is away and sends them, in order, when it is back. Outlives the process: the next one goes on with what it finds.
 * What was sent but not yet removed when a process dies is sent again; it has the same ids and collapses with the first.
 */
export class Spool {
  private readonly root: string;
  private readonly folders = new Set<SpoolFolder>();
  private readonly segments: { segment: SpoolSegment; folder: SpoolFolder }[] = [];
  private own: SpoolFolder | undefined;
  private active: SpoolSegment | undefined;
  private unwritten: Waiting[] = [];
  private unwrittenBytes = 0;
  private inWriting = 0;
  private writing: Promise<void> | undefined;
  private draining: Promise<void> | undefined;
  private beating: NodeJS.Timeout | undefined;
  private resting: { readonly timer: NodeJS.Timeout; readonly wake: () => void } | undefined;
  private isBeating = false;
  private closed = false;

  private constructor(private readonly options: SpoolOptions) {
    this.root = join(options.folder, options.channel);
  }

  /** Makes the folder if it is missing, takes over what others have left in it, and begins to send that. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    await mkdir(spool.root, { recursive: true, mode: 0o700 });
    await spool.adopt();
    spool.beating = setInterval(() => void spool.beat(), BEAT_MS).unref();
    return spool;
  }

  /** Requests that the broker does not have yet, those that are being written among them. */
  get waiting(): number {
    const written = this.segments.reduce((sum, { segment }) => sum + segment.waiting, 0);
    return written + this.unwritten.length + this.inWriting;
  }

  /** What waits takes so many bytes on disk. */
  get bytes(): number {
    return this.segments.reduce((sum, { segment }) => sum + segment.bytes, this.unwrittenBytes);
  }

  get isFull(): boolean {
    return this.bytes >= (this.options.maxBytes ?? GIB);
  }

  /**
   * Resolves when the records are on the disk for good.
   * @throws RecordTooLarge as the sender does; TemporarilyUnavailable when the disk does not take them, or the spool has its full size
   */
  async append(records: readonly OutgoingRecord[]): Promise<void> {
    this.options.sender.check?.(records);
    if (this.closed) throw new TemporarilyUnavailable('the process is shutting down');
    if (this.isFull) throw new TemporarilyUnavailable('the spool is full');
    if (this.unwrittenBytes > MOST_UNWRITTEN)
      throw new TemporarilyUnavailable('the disk of the spool does not keep up');
    const bytes = encodeEntry(records);
    await new Promise<void>((resolve, reject) => {
      this.unwritten.push({ bytes, resolve, reject });
      this.unwrittenBytes += bytes.length;
      this.writing ??= this.write();
    });
  }

  /** Sends no more and finishes what is being written; the rest waits for the next process. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.beating);
    this.wake();
    await this.writing;
    await this.draining;
    for (const { segment } of this.segments) await segment.finish();
    for (const folder of this.folders) {
      const isEmpty = !this.segments.some((each) => each.folder === folder);
      await (isEmpty ? folder.remove() : folder.release());
    }
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  /** One write for all that came while the last one was under way. */
  private async write(): Promise<void> {
    while (this.unwritten.length > 0) {
      const batch = this.unwritten;
      this.unwritten = [];
      this.inWriting = batch.length;
      const size = batch.reduce((sum, { bytes }) => sum + bytes.length, 0);
      let failure: Error | undefined;
      try {
        await this.writeDown(batch.map(({ bytes }) => bytes));
      } catch (error) {
        this.options.logger.error('the spool could not be written', error);
        failure = new TemporarilyUnavailable('the spool could not be written', undefined, { cause: error });
      }
      this.inWriting = 0;
      this.unwrittenBytes -= size;
      if (!failure) spoolMetrics.taken(batch.length);
      for (const { resolve, reject } of batch) {
        if (failure) reject(failure);
        else resolve();
      }
    }
    this.writing = undefined;
    spoolMetrics.holds(this.waiting, this.bytes);
    this.drain();
  }

  private async writeDown(entries: readonly Buffer[]): Promise<void> {
    try {
      const segment = await this.segmentToWrite();
      await segment.append(entries);
      if (!(await this.own?.isOurs())) throw new Error('another process has taken this one for dead');
      if (segment.size >= (this.options.segmentBytes ?? 8 * MIB)) await this.endSegment();
    } catch (error) {
      await this.endSegment();
      // on a full disk each attempt would leave a file
      await this.dropEmpty();
      if (this.own && !(await this.own.isOurs())) this.forget(this.own);
      throw error;
    }
  }

  private async segmentToWrite(): Promise<SpoolSegment> {
    if (this.active) return this.active;
    if (!this.own) {
      this.own = await SpoolFolder.create(this.root);
      this.folders.add(this.own);
    }
    this.active = await this.own.newSegment();
    this.segments.push({ segment: this.active, folder: this.own });
    return this.active;
  }

  private async endSegment(): Promise<void> {
    const segment = this.active;
    this.active = undefined;
    await segment?.finish();
  }

  private async dropEmpty(): Promise<void> {
    const last = this.segments.at(-1);
    // the first may be in the hands of `sendSome`
    if (!last || this.segments.length === 1 || last.segment.size > 0) return;
    this.segments.pop();
    await last.segment.remove();
  }

  /** What lies there is another's now. */
  private forget(folder: SpoolFolder): void {
    this.folders.delete(folder);
    if (this.own === folder) this.own = this.active = undefined;
    const left = this.segments.filter((each) => each.folder !== folder);
    this.segments.splice(0, this.segments.length, ...left);
  }

  private async adopt(): Promise<void> {
    const adopted = await SpoolFolder.adopt(this.root, [...this.folders], this.now());
    for (const folder of adopted) {
      this.folders.add(folder);
      for (const segment of await folder.segments()) this.segments.push({ segment, folder });
    }
    if (adopted.length === 0) return;
    this.options.logger.log('requests were found in the spool', { waiting: this.waiting });
    spoolMetrics.holds(this.waiting, this.bytes);
    this.drain();
  }

  private async beat(): Promise<void> {
    if (this.isBeating) return;
    this.isBeating = true;
    try {
      for (const folder of this.folders) {
        if (await folder.isOurs()) await folder.beat(this.now());
        else this.forget(folder);
      }
      await this.adopt();
    } catch (error) {
      this.options.logger.error('the spool cannot be kept', error);
    }
    this.isBeating = false;
  }

  private drain(): void {
    if (this.draining || this.closed || this.segments.length === 0) return;
    this.draining = this.sendAll().finally(() => {
      this.draining = undefined;
    });
  }

  private async sendAll(): Promise<void> {
    let failed = false;
    while (!this.closed && this.segments.length > 0) {
      try {
        await this.sendSome();
        if (failed) this.options.logger.log('the spool is being sent', { waiting: this.waiting });
        failed = false;
      } catch (error) {
        if (!failed) this.options.logger.warn('the spool waits for the broker', error, { waiting: this.waiting });
        failed = true;
        await this.rest();
      }
    }
  }

  /** The next stretch of the first segment, or the end of that segment. What cannot be read in it is put beside for a person to look at. */
  private async sendSome(): Promise<void> {
    const first = this.segments[0]!;
    const { segment } = first;
    if (segment.waiting > 0) {
      const stretch = await segment.next(MOST_ENTRIES);
      if (stretch.entries.length > 0) return this.sendStretch(segment, stretch);
    }
    // a write may be under way to this very segment
    if (segment === this.active && this.writing) return this.writing;
    if (segment === this.active) this.active = undefined;
    const unread = await segment.end(this.root);
    this.segments.splice(this.segments.indexOf(first), 1);
    if (unread) this.options.logger.error('a part of the spool cannot be read', { kept: unread });
  }

  private async sendStretch(segment: SpoolSegment, stretch: Stretch): Promise<void> {
    await this.options.sender.send(stretch.entries.flat(), { deadlineMs: DEADLINE_MS });
    segment.settle(stretch);
    spoolMetrics.sent(stretch.entries.length);
    spoolMetrics.holds(this.waiting, this.bytes);
  }

  private async rest(): Promise<void> {
    if (this.closed) return;
    await new Promise<void>((wake) => {
      this.resting = { timer: setTimeout(wake, RETRY_MS), wake };
    });
  }

  private wake(): void {
    clearTimeout(this.resting?.timer);
    this.resting?.wake();
  }
}
