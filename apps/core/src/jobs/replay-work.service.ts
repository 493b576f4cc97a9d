import type { EntityManager } from 'typeorm';
import { DIRTY_CHANNEL } from '../database/dirty.repository.js';
import type { Job, JobKind, Step } from './job.js';
import { ReplayRepository } from './replay.repository.js';

export const REPLAY = 'replay';

/** Marks of one step: so many components and their threads are computed anew in between what customers do. */
const MARKS_A_STEP = 500;
const LOOK_AGAIN_MS = 200;

/**
 * All people and conversations of a tenant computed anew, because its rules have changed: marks every identifier, some at a time, as fast as they are worked
 * off, and ends when the last one is.
 */
export class ReplayWork implements JobKind {
  readonly kind = REPLAY;

  constructor(private readonly repository = new ReplayRepository()) {}

  async step(manager: EntityManager, { tenant, cursor, at }: Job): Promise<Step> {
    if (await this.repository.waits(manager, tenant)) {
      return { done: 0, errors: [], finished: false, restMs: LOOK_AGAIN_MS };
    }
    const marked = await this.repository.mark(manager, tenant, cursor, at, MARKS_A_STEP);
    if (marked.length === 0) return { done: 0, errors: [], finished: true };
    await manager.query('SELECT pg_notify($1, $2)', [DIRTY_CHANNEL, '']);
    return { done: marked.length, errors: [], finished: false, cursor: marked.at(-1)!, restMs: LOOK_AGAIN_MS };
  }
}
