import { RoundLoop, counter, gauge, histogram } from '@lienmach/platform';
import type { LoggerService } from '@nestjs/common';
import type { ResolveRepository } from './resolve.repository.js';
import type { Resolved, ResolveService } from './resolve.service.js';

/** Marks of one round: enough for set-based SQL, few enough that locks are held briefly. */
const ROUND = 500;
/** Marks may come from another process whose word got lost: look by ourselves as well. */
const POLL_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const REPORT_MS = 5_000;

const seconds = histogram('resolve_round_seconds', 'One round of dirty marks into people, conversations and outbox');
const age = histogram('resolve_mark_age_seconds', 'From the mark to the commit of what it led to, oldest of a round');
const depth = gauge('resolve_waiting_marks', 'Dirty marks that wait');
const refused = counter('identity_unions_refused_total', 'Unions refused because the person would grow over the limit');
const oldest = gauge('resolve_oldest_seconds', 'Age of the oldest dirty mark');

/** Runs transaction 2 as long as there are marks: at once after transaction 1, and whenever another process left some. */
export class ResolveLoop extends RoundLoop {
  private reportedAt = 0;

  /** @param onCommit called after each round that wrote to the outbox */
  constructor(
    private readonly service: ResolveService,
    private readonly marks: ResolveRepository,
    private readonly logger: LoggerService,
    private readonly onCommit: () => void,
  ) {
    super({ logger, pollMs: POLL_MS, longestPauseMs: LONGEST_PAUSE_MS, trouble: 'marks are not being resolved' });
  }

  protected async round(): Promise<boolean> {
    const stop = seconds.startTimer();
    const { marks, oldest: since, tooLarge } = await this.service.resolveSome(ROUND);
    if (marks > 0) {
      stop();
      if (since !== null) age.observe(Math.max(0, Date.now() - since) / 1_000);
      this.onCommit();
    }
    this.alert(tooLarge);
    await this.report(marks);
    // a full round has more behind it; what others held meanwhile is looked for in time
    return marks === ROUND;
  }

  private alert(tooLarge: Resolved['tooLarge']): void {
    for (const { tenant, a, b, edge } of tooLarge) {
      refused.inc();
      const { evidenceIds, rule } = edge;
      this.logger.warn('a person would grow over the limit, the union was refused', {
        tenant,
        a,
        b,
        rule,
        evidenceIds,
      });
    }
  }

  private async report(last: number): Promise<void> {
    if (last < ROUND) {
      depth.set(0);
      oldest.set(0);
    } else if (Date.now() - this.reportedAt > REPORT_MS) {
      this.reportedAt = Date.now();
      const waiting = await this.marks.depth();
      depth.set(waiting.marks);
      oldest.set(waiting.oldestSeconds);
    }
  }
}
