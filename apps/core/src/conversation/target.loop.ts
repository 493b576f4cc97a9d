import { counter } from '@lienmach/platform';
import type { LoggerService } from '@nestjs/common';
import type { TargetService } from './target.service.js';

/** Timers of one round: their rows are locked together, and their conversations wait for that. */
const ROUND = 200;
const LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const reached = counter('targets_reached_total', 'Stages of waiting that were reached and told', ['stage']);

/** Looks every second for what is due; several processes share the work. */
export class TargetLoop {
  private running = false;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private pause = LOOK_MS;
  private trouble: string | undefined;

  /**
   * @param onCommit called after each round that wrote to the outbox
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly service: TargetService,
    private readonly logger: LoggerService,
    private readonly onCommit: () => void,
    private readonly now: () => number = () => Date.now(),
  ) {}

  start(): void {
    this.running = true;
    this.next();
  }

  /** Ends after the round that is under way. */
  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    await this.round;
  }

  /** For readiness: throws with what is wrong. */
  check(): void {
    if (this.trouble) throw new Error(this.trouble);
  }

  private next(): void {
    this.timer = setTimeout(() => {
      this.round = this.look().finally(() => {
        if (this.running) this.next();
      });
    }, this.pause);
  }

  private async look(): Promise<void> {
    try {
      for (let due = ROUND; due === ROUND && this.running;) {
        const fired = await this.service.fireDue(this.now(), ROUND);
        due = fired.due;
        for (const stage of fired.stages) reached.inc({ stage });
        if (fired.stages.length > 0) this.onCommit();
      }
      this.pause = LOOK_MS;
      this.trouble = undefined;
    } catch (error) {
      this.trouble = `timers do not fire: ${(error as Error).message}`;
      this.logger.warn('timers interrupted, they fire later', { error: (error as Error).stack, pauseMs: this.pause });
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    }
  }
}
