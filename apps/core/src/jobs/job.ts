import type { EntityManager } from 'typeorm';

/** What `core/jobs` listens to: a job has come. */
export const JOB_CHANNEL = 'core_job';

export const JOB_STATES = ['waiting', 'running', 'done', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A line of the input that was refused, counted from 1. */
export interface LineError {
  readonly line: number;
  /** For whoever sent it; without what stood there. */
  readonly reason: string;
}

/** Of so many refused lines the reasons are kept. */
export const ERRORS_KEPT = 1_000;

/** A job as a step of it sees it. */
export interface Job {
  readonly tenant: string;
  readonly id: string;
  readonly kind: string;
  /** How far earlier steps have come, in the units of `total`. */
  readonly done: number;
  readonly total: number;
  readonly refused: number;
  /** Who asked for it, and when (milliseconds). */
  readonly actor: string;
  readonly at: number;
  /** What the step before left for this one; null: there was none. */
  readonly cursor: string | null;
}

export interface Step {
  /** How much it did. */
  readonly done: number;
  readonly errors: readonly LineError[];
  readonly finished: boolean;
  /** For the next step. */
  readonly cursor?: string;
  /** Nothing is to be done for so long: others are at work for it. */
  readonly restMs?: number;
}

/** One kind of long work. A step is some hundred milliseconds of it: all that it writes and its progress are committed together. */
export interface JobKind {
  readonly kind: string;
  /** @throws JobRefused when no later try can succeed; anything else: the same step is tried again */
  step(manager: EntityManager, job: Job): Promise<Step>;
}

/** The job can never succeed; the message is for whoever asked for it. */
export class JobRefused extends Error {
  override readonly name = 'JobRefused';
}
