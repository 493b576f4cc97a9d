import { Doorbell, counter } from '@lienmach/platform';
import type { LoggerService } from '@nestjs/common';
import type { JobWorkService } from './job-work.service.js';

/** A job whose coming was not heard, or which rested, is looked for as well. */
const POLL_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const steps = counter('job_steps_total', 'Steps of long work by what became of them', ['kind', 'outcome']);

/** Works jobs, one step after another, as long as there are any. */
export class JobLoop {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private readonly bell = new Doorbell();
  private trouble: string | undefined;

  constructor(
    private readonly service: JobWorkService,
    private readonly logger: LoggerService,
  ) {}

  start(): void {
    this.running = true;
    this.loop = this.run();
  }

  /** Ends after the step that is under way. */
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
    if (this.trouble) throw new Error(this.trouble);
  }

  private async run(): Promise<void> {
    let pause = POLL_MS;
    while (this.running) {
      this.bell.listen();
      try {
        const worked = await this.service.workSome();
        this.trouble = undefined;
        pause = POLL_MS;
        if (!worked) {
          if (this.running) await this.bell.rest(POLL_MS);
          continue;
        }
        const { job, error } = worked;
        steps.inc({ kind: job.kind, outcome: error ? 'broken' : 'done' });
        if (error) this.logger.warn('a step of a job broke', { job: job.id, kind: job.kind, error: error.stack });
      } catch (error) {
        this.trouble = `jobs are not worked: ${(error as Error).message}`;
        this.logger.warn('jobs interrupted, they go on later', { error: (error as Error).stack, pauseMs: pause });
        await this.bell.rest(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }
}
