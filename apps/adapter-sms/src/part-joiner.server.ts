import { join } from 'node:path';
import { TemporarilyUnavailable, UnknownAccount } from '@lienmach/contracts';
import type { RunningServer, ServerContext } from '@lienmach/adapter-kit';
import { isWhole, joined, messageKey, nextMessage, type KeptPart, type MessagePart } from './message-parts.rules.js';
import { PartFolder, partKey, type JoinedParts, type PartStore } from './part-folder.js';

/** A vendor that misses our answer sends a part again for a day. */
const REMEMBER_MS = 25 * 60 * 60_000;
const LOOK_MS = 1_000;
const MOST_PARTS = 20_000;
const JSON_TYPE = { 'content-type': 'application/json' };

type Context = Pick<ServerContext<object>, 'publish' | 'env' | 'logger'>;

interface Running {
  readonly context: Context;
  readonly folder: PartStore;
  readonly waitMs: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Joins the parts of long messages, which come one by one in any order. A part is on disk before the vendor is answered, so that the parts of a process that
 * died are joined by the next. What is still missing some time after the last part came is published without it, and marked.
 */
export class PartJoiner {
  private readonly messages = new Map<string, Map<string, KeptPart>>();
  /** In the order in which they were joined. */
  private readonly done = new Map<string, JoinedParts>();
  private readonly publishing = new Map<string, Promise<void>>();
  private running: Running | undefined;
  private count = 0;

  /**
   * @param options.now milliseconds since 1970
   * @param options.folderAt where parts are kept
   */
  constructor(
    private readonly vendor: string,
    private readonly options: { now?: () => number; folderAt?: (path: string) => PartStore } = {},
  ) {}

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }

  /** False where there is no folder to keep parts in: then each part must be a message of its own. */
  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** @throws TemporarilyUnavailable when the part could not be kept */
  async add(part: MessagePart): Promise<void> {
    const { running } = this;
    if (!running || this.count >= MOST_PARTS) throw new TemporarilyUnavailable('parts of messages cannot be kept now');
    const key = partKey(part);
    const message = messageKey(part);
    if (this.done.has(key) || this.messages.get(message)?.has(key)) return;
    const kept = { ...part, keptAt: this.now() };
    try {
      await running.folder.putPart(kept);
    } catch (error) {
      throw new TemporarilyUnavailable('a part of a message cannot be kept', 30, { cause: error });
    }
    this.hold(kept);
    this.look(message);
  }

  async start(context: Context): Promise<RunningServer> {
    const { env } = context;
    const path = join(env['SMS_PARTS_DIR'] || join(env['DATA_DIR'] || '.data', 'sms-parts'), this.vendor);
    const folder = this.options.folderAt?.(path) ?? new PartFolder(path);
    try {
      await this.resume(folder, context);
    } catch (error) {
      context.logger.warn('parts of long messages cannot be kept and will not be joined: set SMS_PARTS_DIR', error);
      return { close: () => Promise.resolve() };
    }
    const waitMs = (Number(env['SMS_PARTS_WAIT_SECONDS']) || 30) * 1_000;
    const timer = setInterval(() => this.lookAtAll(), LOOK_MS);
    timer.unref();
    this.running = { context, folder, waitMs, timer };
    this.lookAtAll();
    return { close: () => this.close() };
  }

  private async close(): Promise<void> {
    clearInterval(this.running?.timer);
    await Promise.all(this.publishing.values());
    this.running = undefined;
    this.messages.clear();
    this.done.clear();
    this.count = 0;
  }

  private async resume(folder: PartStore, { logger }: Context): Promise<void> {
    const { parts, joined: before, unreadable } = await folder.open();
    if (unreadable.length > 0) logger.warn('kept parts of messages cannot be read', { files: unreadable });
    for (const record of before.sort((a, b) => a.at - b.at)) this.remember(record);
    for (const part of parts) {
      if (this.done.has(partKey(part))) await folder.removePart(part);
      else this.hold(part);
    }
  }

  private hold(part: KeptPart): void {
    const message = messageKey(part);
    const parts = this.messages.get(message) ?? new Map<string, KeptPart>();
    if (!parts.has(partKey(part))) this.count++;
    this.messages.set(message, parts.set(partKey(part), part));
  }

  private remember(record: JoinedParts): void {
    for (const key of record.keys) this.done.set(key, record);
  }

  private lookAtAll(): void {
    for (const message of this.messages.keys()) this.look(message);
    const oldest = this.now() - REMEMBER_MS;
    for (const [key, record] of this.done) {
      if (record.at >= oldest) break;
      this.done.delete(key);
      if (key === record.keys[0]) this.running?.folder.removeJoined(record).catch((error: unknown) => this.warn(error));
    }
  }

  /** Publishes a message that is whole or has waited long enough; one that could not be published is looked at again. */
  private look(message: string): void {
    const { running } = this;
    const kept = this.messages.get(message);
    if (!running || !kept || this.publishing.has(message)) return;
    const parts = nextMessage(kept.values());
    const last = Math.max(...parts.map(({ keptAt }) => keptAt));
    if (!isWhole(parts) && this.now() - last < running.waitMs) return;
    const work = this.publish(parts, running)
      .catch((error: unknown) => this.warn(error))
      .finally(() => this.publishing.delete(message));
    this.publishing.set(message, work);
  }

  private async publish(parts: readonly KeptPart[], { context, folder }: Running): Promise<void> {
    const account = parts[0]!.account;
    try {
      await context.publish(account, Buffer.from(JSON.stringify(joined(parts))), JSON_TYPE);
    } catch (error) {
      if (!(error instanceof UnknownAccount)) throw error;
      // the account is gone; what it got is in the raw records
      this.warn(error);
    }
    this.remember(await folder.putJoined(parts, this.now()));
    const message = messageKey(parts[0]!);
    const kept = this.messages.get(message);
    for (const part of parts) if (kept?.delete(partKey(part))) this.count--;
    if (kept?.size === 0) this.messages.delete(message);
  }

  private warn(error: unknown): void {
    this.running?.context.logger.warn('a long message could not be joined yet', error);
  }
}
