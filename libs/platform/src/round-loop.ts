import type { LoggerService } from '@nestjs/common';
import { Doorbell } from './doorbell.js';

export interface RoundLoopOptions {
  readonly logger: LoggerService;
  /** Milliseconds until it looks by itself, when nobody wakes it. */
  readonly pollMs: number;
  /** Pauses after trouble double from `pollMs` up to this. */
  readonly longestPauseMs: number;
  /** What does not happen while there is trouble, for readiness and the log: `jobs are not worked`. */
  readonly trouble: string;
}

/** Works round after round as long as there is something to do, rests until it is woken, and tries again after trouble with growing pauses. */
export abstract class RoundLoop {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private readonly bell = new Doorbell();
  private obstacle: string | undefined;

  protected constructor(private readonly options: RoundLoopOptions) {}

  /** One round. @returns whether there may be more behind it */
  protected abstract round(): Promise<boolean>;

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** Ends after the round that is under way. */
  async stop(): Promise<void> {
    this.running = false;
    this.wake();
    await this.loop;
  }

  wake(): void {
    this.bell.ring();
  }

  /** For readiness: throws with what is wrong. */
  check(): void {
    if (this.obstacle) throw new Error(this.obstacle);
  }

  private async run(): Promise<void> {
    const { logger, pollMs, longestPauseMs, trouble } = this.options;
    let pause = pollMs;
    while (this.running) {
      this.bell.listen();
      try {
        const more = await this.round();
        this.obstacle = undefined;
        pause = pollMs;
        if (!more && this.running) await this.bell.rest(pollMs);
      } catch (error) {
        this.obstacle = `${trouble}: ${(error as Error).message}`;
        logger.warn(`${trouble} just now, trying again`, { error: (error as Error).stack, pauseMs: pause });
        await this.bell.rest(pause);
        pause = Math.min(pause * 2, longestPauseMs);
      }
    }
  }
}
