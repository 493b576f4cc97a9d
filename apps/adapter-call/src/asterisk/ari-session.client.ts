import type { LoggerService } from '@nestjs/common';
import { MalformedPayload } from '@lienmach/contracts';
import { parseLosslessJson } from '@lienmach/adapter-kit';
import { WebSocket } from 'undici';
import { AriCalls } from './ari-calls.js';
import type { AsteriskSettings } from './asterisk.config.js';
import { readAri } from './asterisk.payload.js';

/** Names the call that a frame is about, beside its bytes. */
export const CALL_OF = 'x-ari-call';

export interface SessionOptions {
  readonly account: string;
  readonly settings: AsteriskSettings;
  readonly logger: Pick<LoggerService, 'log' | 'warn' | 'error'>;
  /** Takes in one frame; a rejection is tried again, for ARI tells nothing twice. */
  readonly deliver: (frame: Buffer, call: string | null) => Promise<void>;
  /** Milliseconds before the first attempt to connect again, doubled up to a minute, and between attempts to deliver. */
  readonly retryMs?: number;
}

const LONGEST_PAUSE = 60_000;
/** Frames that wait for the broker: some minutes of a busy switch. */
const MOST_WAITING = 20_000;

/** One account's WebSocket to Asterisk: made again when it is lost, its frames taken in one after the other. */
export class AriSession {
  private readonly calls = new AriCalls();
  private socket: WebSocket | undefined;
  private retry: NodeJS.Timeout | undefined;
  private pauseMs: number;
  private isStopped = false;
  private waiting = 0;
  private taken: Promise<void> = Promise.resolve();

  constructor(private readonly options: SessionOptions) {
    this.pauseMs = this.firstPause;
  }

  private get firstPause(): number {
    return this.options.retryMs ?? 1_000;
  }

  start(): void {
    const { user, password } = this.options.settings;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const socket = new WebSocket(eventsUrl(this.options.settings), { headers: { authorization } });
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.pauseMs = this.firstPause;
      this.options.logger.log('connected to Asterisk', { account: this.options.account });
    });
    socket.addEventListener('message', ({ data }) => this.take(Buffer.from(String(data))));
    // the WebSocket tells no reason
    socket.addEventListener('error', () =>
      this.warn('the connection to Asterisk failed: can it be reached, and do user, password and app fit?'),
    );
    socket.addEventListener('close', () => this.closed());
  }

  /** Takes nothing new, delivers what was taken as far as the broker lets it. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.retry);
    this.socket?.close();
    await this.taken;
  }

  private take(frame: Buffer): void {
    if (this.isStopped) return;
    if (this.waiting >= MOST_WAITING) {
      this.options.logger.error('an event of Asterisk is lost: too many wait for the broker', {
        account: this.options.account,
      });
      return;
    }
    // found now, in the order that the events come in
    const call = this.callOf(frame);
    this.waiting++;
    this.taken = this.taken.then(() => this.deliver(frame, call)).finally(() => this.waiting--);
  }

  /** Null for what cannot be read too: it is delivered, and goes to the dead letters. */
  private callOf(frame: Buffer): string | null {
    try {
      return this.calls.callOf(readAri(parseLosslessJson(frame)));
    } catch (error) {
      if (error instanceof MalformedPayload) return null;
      throw error;
    }
  }

  private async deliver(frame: Buffer, call: string | null): Promise<void> {
    for (;;) {
      try {
        return await this.options.deliver(frame, call);
      } catch (error) {
        this.warn('an event could not be kept', error);
        if (this.isStopped) return;
        await new Promise((resolve) => setTimeout(resolve, this.firstPause));
      }
    }
  }

  private closed(): void {
    if (this.isStopped) return;
    this.retry = setTimeout(() => this.start(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE);
  }

  private warn(message: string, reason?: unknown): void {
    const { account, logger } = this.options;
    logger.warn(message, ...(reason === undefined ? [] : [reason]), { account });
  }
}

/** ARI's own address may be written with http or ws. */
export function eventsUrl({ url, app }: Pick<AsteriskSettings, 'url' | 'app'>): string {
  return `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/events?${new URLSearchParams({ app })}`;
}
