import type { DataSource } from 'typeorm';
import { JobRefused, type Job, type JobKind } from './job.js';
import { JobWorkRepository } from './job-work.repository.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** Pauses of about half an hour together; by then it is no passing trouble. */
const MOST_BREAKS = 12;

/** What became of one step. */
export interface Worked {
  readonly job: Job;
  /** Why it broke, or was refused. */
  readonly error?: Error;
}

/**
 * Works jobs step by step. A step takes its job's row (SKIP LOCKED), does a piece and tells how far it came, all in one transaction: two processes are never
 * at one job, and with a process that dies nothing of the step stays, so that the next one does it.
 */
export class JobWorkService {
  private readonly kinds: ReadonlyMap<string, JobKind>;

  constructor(
    private readonly database: DataSource,
    kinds: readonly JobKind[],
  ) {
    this.kinds = new Map(kinds.map((one) => [one.kind, one]));
  }

  /** One step of one job; undefined: nothing is to be done now. @throws when there is no telling which job it was */
  async workSome(): Promise<Worked | undefined> {
    let taken: Job | undefined;
    try {
      await this.database.transaction(async (manager) => {
        const repository = new JobWorkRepository(manager);
        const job = await repository.take([...this.kinds.keys()]);
        taken = job;
        if (!job) return;
        const step = await this.kinds.get(job.kind)!.step(manager, job);
        await repository.keepErrors(job, step.errors);
        await repository.progress(job, step);
      });
      return taken && { job: taken };
    } catch (error) {
      if (!taken) throw error;
      await this.broke(taken, error as Error);
      return { job: taken, error: error as Error };
    }
  }

  private async broke(job: Job, error: Error): Promise<void> {
    const repository = new JobWorkRepository(this.database.manager);
    if (error instanceof JobRefused) return repository.fail(job, error.message);
    const times = await repository.rest(job, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    if (times >= MOST_BREAKS) await repository.fail(job, `it broke ${times} times one after another; our log says why`);
  }
}
