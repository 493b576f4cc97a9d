import type { KafkaLogger } from './connection.js';
import { atMost, pause } from './pause.js';
import type { ProducerTransport } from './producer-transport.js';

/** What is wrong with the broker, from the first failure until a request succeeds again. */
export interface Trouble {
  /** On the clock of `performance.now()`. */
  readonly since: number;
  readonly date: Date;
  reason: string;
}

const FIRST_PAUSE_MS = 25;
const LAST_PAUSE_MS = 1_000;
const PARTING_MS = 1_000;

/** Keeps one transport open, replacing it after each failure with a growing pause. */
export class ProducerLink {
  current: ProducerTransport | undefined;
  trouble: Trouble | undefined;
  private opening = false;
  private closed = false;
  private pauseMs = FIRST_PAUSE_MS;

  constructor(
    private readonly open: () => ProducerTransport,
    private readonly onOpen: (transport: ProducerTransport) => void,
    private readonly logger?: KafkaLogger,
  ) {}

  connect(): void {
    if (this.current || this.opening || this.closed) return;
    this.opening = true;
    void this.keepOpening();
  }

  /** The present transport failed: it is left behind and a new one opened. */
  replace(error: Error): void {
    this.note(error);
    if (this.current) void this.leave(this.current);
    this.current = undefined;
    this.connect();
  }

  /** A request succeeded. */
  recovered(): void {
    this.pauseMs = FIRST_PAUSE_MS;
    if (!this.trouble) return;
    const seconds = Math.round((performance.now() - this.trouble.since) / 100) / 10;
    this.trouble = undefined;
    this.logger?.info('kafka producer: the broker acknowledges again', { seconds });
  }

  /** Disconnects; a broker that does not answer is not waited for. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.current) await atMost(PARTING_MS, this.leave(this.current));
    this.current = undefined;
  }

  private async keepOpening(): Promise<void> {
    while (!this.closed && !this.current) {
      if (this.trouble) await this.rest();
      const transport = this.open();
      try {
        await transport.connect();
        this.current = transport;
      } catch (error) {
        this.note(error as Error);
        void this.leave(transport);
      }
    }
    this.opening = false;
    if (!this.current) return;
    if (this.closed) void this.leave(this.current);
    else this.onOpen(this.current);
  }

  /** Longer each time until a request succeeds: a broker may accept connections and still refuse every request. */
  private async rest(): Promise<void> {
    await pause(this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, LAST_PAUSE_MS);
  }

  private note(error: Error): void {
    if (this.trouble) {
      this.trouble.reason = error.message;
      return;
    }
    this.trouble = { since: performance.now(), date: new Date(), reason: error.message };
    this.logger?.warn('kafka producer: the broker does not acknowledge', { reason: error.message });
  }

  private async leave(transport: ProducerTransport): Promise<void> {
    try {
      await transport.disconnect();
    } catch (error) {
      this.logger?.debug?.('kafka producer: an abandoned connection did not close', {
        reason: (error as Error).message,
      });
    }
  }
}
