import type { DataSource, EntityManager } from 'typeorm';
import { OutboxRepository } from '../relay/outbox.repository.js';
import { CalendarRepository } from '../rules/calendar.repository.js';
import { ruleSetsOf } from '../rules/rule-sets.service.js';
import { WorkingTimes } from '../rules/working-times.service.js';
import { stagesReached, type ReachedStage, type WorkingTime } from './clock.rules.js';
import { TargetRepository, type DueRow } from './target.repository.js';
import { threadEvent, type ThreadEvent } from './thread-event.js';
import { publicationOf, type Told } from './thread-publication.js';
import { ThreadsRepository } from './threads.repository.js';
import type { LateStage } from './timed-item.js';

const TYPES = {
  warned: 'target.warned',
  breached: 'target.breached',
  danger: 'target.endangered',
} as const satisfies Record<LateStage, ThreadEvent['type']>;

/** What one round did; zero due: there was nothing to do. */
export interface Fired {
  readonly due: number;
  readonly stages: readonly LateStage[];
}

/**
 * Tells that customers wait too long (rule T8). A stage and its event are committed together, under the conversation's lock: no timer is lost with a process,
 * none fires twice, and its event stands in the outbox before that of the answer which comes next.
 */
export class TargetService {
  constructor(
    private readonly database: DataSource,
    private readonly times = new WorkingTimes(),
  ) {}

  /** @param now milliseconds */
  fireDue(now: number, limit: number): Promise<Fired> {
    return this.database.transaction((manager) => this.round(manager, now, limit));
  }

  private async round(manager: EntityManager, now: number, limit: number): Promise<Fired> {
    const repository = new TargetRepository(manager);
    const changed = await new CalendarRepository(manager).takeChanged();
    if (changed.length > 0) await repository.lookAgain(changed, now);
    const due = await repository.takeDue(now, limit);
    if (due.length === 0) return { due: 0, stages: [] };
    const timeOf = await this.times.of(
      manager,
      due.map(({ tenant }) => tenant),
    );
    const looked = due.map((row) => ({ row, ...stagesReached(row.waitingSince, row.stage, now, timeOf(row.tenant)) }));
    await repository.store(
      looked.map(({ row: { tenant, id, stage }, reached, next }) => ({
        tenant,
        id,
        stage: reached.at(-1)?.stage ?? stage,
        dueAt: next,
      })),
    );
    const told = looked.flatMap(({ row, reached }): Told[] => {
      if (reached.length === 0) return [];
      const { tenant, personId, id } = row;
      return [
        ...reached.map((stage) => ({ tenant, personId, event: eventOf(row, stage, timeOf(tenant)) })),
        { tenant, personId, changed: id },
      ];
    });
    const rulesOf = await ruleSetsOf(
      manager,
      told.map(({ tenant }) => tenant),
    );
    const rows = await publicationOf(new ThreadsRepository(manager), told, rulesOf, timeOf);
    await new OutboxRepository(manager).append(rows);
    return { due: due.length, stages: looked.flatMap(({ reached }) => reached.map(({ stage }) => stage)) };
  }
}

function eventOf(
  { id, waitingSince, waitingItemId, receivedAt }: DueRow,
  { stage, at }: ReachedStage,
  time: WorkingTime,
): ThreadEvent {
  return threadEvent(id, at, waitingItemId, {
    type: TYPES[stage],
    stage,
    since: waitingSince,
    workingMs: time.between(waitingSince, at),
    late: receivedAt !== null && at <= receivedAt,
  });
}
