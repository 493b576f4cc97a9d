import { RoundLoop, counter } from '@lienmach/platform';
import type { LoggerService } from '@nestjs/common';
import type { JobWorkService } from './job-work.service.js';

/** A job whose coming was not heard, or which rested, is looked for as well. */
const POLL_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const steps = counter('job_steps_total', 'Steps of long work by what became of them', ['kind', 'outcome']);

/** Works jobs, one step after another, as long as there are any. */
export class JobLoop extends RoundLoop {
  constructor(
    private readonly service: JobWorkService,
    private readonly logger: LoggerService,
  ) {
    super({ logger, pollMs: POLL_MS, longestPauseMs: LONGEST_PAUSE_MS, trouble: 'jobs are not worked' });
  }

  protected async round(): Promise<boolean> {
    const worked = await this.service.workSome();
    if (!worked) return false;
    const { job, error } = worked;
    steps.inc({ kind: job.kind, outcome: error ? 'broken' : 'done' });
    if (error) this.logger.warn('a step of a job broke', { job: job.id, kind: job.kind, error: error.stack });
    return true;
  }
}
