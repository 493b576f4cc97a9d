import { setTimeout as pause } from 'node:timers/promises';
import { TOPICS } from '@lienmach/contracts';
import type { QueryRunner } from 'typeorm';
import { publicationOf, type Told } from '../conversation/thread-publication.js';
import { ThreadsRepository } from '../conversation/threads.repository.js';
import type { TenantDirectory } from '../ingest/tenant-facts.js';
import { stateRow } from '../relay/envelope.js';
import { OUTBOX_CHANNEL, OutboxRepository } from '../relay/outbox.repository.js';
import { ruleSetsOf } from '../rules/rule-sets.service.js';
import { WorkingTimes } from '../rules/working-times.service.js';
import { compareSums, type Comparison } from './checksum.rules.js';
import { ComparisonRepository, type Difference } from './comparison.repository.js';
import { ComputingService, type Progress } from './computing.service.js';
import { NextTablesRepository } from './next-tables.repository.js';
import { COMPARED, NEXT } from './projections.js';
import { RebuildRepository } from './rebuild.repository.js';

/** What a comparison came to while nobody wrote. */
export interface Found {
  readonly comparison: Comparison;
  /** How many rows differ. */
  readonly count: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

export interface Rebuilt {
  /** As everything stood when it was computed. */
  readonly found: Found;
  /** As it is now; the same where nothing differed, null where nothing was changed. */
  readonly left: Found | null;
}

/** Another session rebuilds. */
export class AnotherRebuild extends Error {
  override readonly name = 'AnotherRebuild';
}

const SHOWN = 100;
/** Rounds in which what happened meanwhile is computed as well, before and while writers are held up. */
const MOST_ROUNDS = 5;
/** So few rows and marks are left to the moment when writers are held up. */
const FEW = 200;
/** So many rows differ for good: that some of them have only changed meanwhile is not worth holding writers up for. */
const MANY = 2_000;
const ATTEMPTS = 20;
const PAUSE_MS = 500;
const TURNS = 4;
const BUSY: ReadonlySet<unknown> = new Set(['55P03', '40P01']);

/**
 * Computes everything that is computed into tables beside the live ones, while the system goes on; then, with writers held up for a moment, computes what has
 * happened meanwhile, compares, and puts the new tables into the place of the old ones. Its connection is its own: it holds locks and tables of its session.
 * Killed at any moment, it leaves the live tables as they are, and the next one begins anew.
 */
export class RebuildService {
  private readonly tables: NextTablesRepository;
  private readonly rows: RebuildRepository;
  private readonly comparisons: ComparisonRepository;
  private readonly computing: ComputingService;

  constructor(
    private readonly runner: QueryRunner,
    tenants: TenantDirectory,
    private readonly progress: Progress,
  ) {
    this.tables = new NextTablesRepository(runner.manager);
    this.rows = new RebuildRepository(runner.manager);
    this.comparisons = new ComparisonRepository(runner.manager);
    this.computing = new ComputingService(runner, tenants, progress);
  }

  /**
   * @param dryRun compares and changes nothing
   * @throws AnotherRebuild; UnknownAccount of a tenant that is not set up
   */
  async rebuild(dryRun: boolean): Promise<Rebuilt> {
    await this.takeTurn();
    try {
      return await this.work(dryRun);
    } finally {
      // the session's end does it too, but nobody waits for that; and if the session is what failed there is nothing to give back
      await this.rows.endTurn().catch(() => undefined);
    }
  }

  private async work(dryRun: boolean): Promise<Rebuilt> {
    const { manager } = this.runner;
    await manager.transaction(() => this.tables.make());
    await manager.transaction(() => this.tables.makeSession());
    // what is lost with the server's memory is computed again anyway
    await manager.query('SET synchronous_commit = off');
    await this.computing.computeAll();
    await this.catchUp();
    await manager.transaction(() => this.tables.analyse());

    const found = await this.compare(dryRun ? 'never' : 'if equal');
    if (dryRun) return { found, left: null };
    if (found.count === 0) return { found, left: found };
    await this.catchUp();
    await this.computing.mendFound();
    await this.catchUp();
    return { found, left: await this.compare('always') };
  }

  /** The server may not have noticed yet that the process which had the turn is gone. */
  private async takeTurn(): Promise<void> {
    for (let attempt = 1; !(await this.rows.takeTurn()); attempt += 1) {
      if (attempt === TURNS) throw new AnotherRebuild('another rebuild is at work');
      await pause(PAUSE_MS);
    }
  }

  /** Computes what has happened since, until it is little or does not get less: what differs for good stays. */
  private async catchUp(): Promise<void> {
    await this.computing.workOffBacklog();
    for (let round = 1, before = Infinity; round <= MOST_ROUNDS; round += 1) {
      const count = await this.runner.manager.transaction(() => this.comparisons.findDifferences());
      this.progress('rows to compute again', count);
      if (count <= FEW && round > 1) return;
      if (count === 0 || count > before / 2) return;
      before = count;
      await this.computing.computeFound();
    }
  }

  /** Compares while nobody writes, and swaps if it is to. */
  private async compare(swap: 'never' | 'if equal' | 'always'): Promise<Found> {
    const { runner } = this;
    await this.holdWriters();
    const began = Date.now();
    try {
      await runner.manager.query('SET LOCAL synchronous_commit = on');
      await this.computing.workOff(runner.manager);
      const found = await this.find(swap === 'always' ? Infinity : MANY);
      if (swap === 'never' || (swap === 'if equal' && found.count > 0)) {
        await runner.rollbackTransaction();
        this.progress('milliseconds in which writers waited', Date.now() - began);
        return found;
      }
      await this.tell();
      await this.holdReaders();
      await this.tables.swap();
      await runner.manager.query('SELECT pg_notify($1, $2)', [OUTBOX_CHANNEL, '']);
      await runner.commitTransaction();
      this.progress('milliseconds in which writers waited', Date.now() - began);
      return found;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    }
  }

  /** @param most so many rows are computed once more, because they may have changed meanwhile */
  private async find(most: number): Promise<Found> {
    let count = await this.comparisons.findDifferences();
    for (let round = 1; count > 0 && count <= most && round <= MOST_ROUNDS; round += 1) {
      await this.computing.computeFound();
      const before = count;
      count = await this.comparisons.findDifferences();
      if (count >= before) break;
    }
    await this.rows.carryTimers();
    const tables = COMPARED.map(({ table }) => table);
    const live = await this.comparisons.sums('core');
    const rebuilt = await this.comparisons.sums(NEXT);
    return {
      comparison: compareSums(tables, live, rebuilt),
      count,
      differences: await this.comparisons.differences(SHOWN),
    };
  }

  /** What still differs was never told by an event: whoever reads the states gets them as they are now. */
  private async tell(): Promise<void> {
    const differing = await this.comparisons.differences(Number.MAX_SAFE_INTEGER);
    if (differing.length === 0) return;
    const next = new ThreadsRepository(this.computing.next);
    const of = (projection: string, isGone: boolean) =>
      differing.filter((one) => one.projection === projection && (one.kind === 'surplus') === isGone);
    const segments = await next.segmentConversations(of('segment', false));
    const changed = new Map([...of('conversation', false), ...segments].map((one) => [`${one.tenant} ${one.id}`, one]));
    const told = [
      ...of('conversation', true).map(({ tenant, id }): Told => ({ tenant, personId: null, gone: id })),
      ...[...changed.values()].map(({ tenant, id }): Told => ({ tenant, personId: null, changed: id })),
    ];
    const tenants = new Set(differing.map(({ tenant }) => tenant));
    const rulesOf = await ruleSetsOf(this.runner.manager, tenants);
    const timeOf = await new WorkingTimes().of(this.runner.manager, tenants);
    await new OutboxRepository(this.runner.manager).append([
      ...of('person', true).map(({ tenant, id }) => stateRow(tenant, TOPICS.personState, id, 'person-state', null)),
      ...(await publicationOf(next, told, rulesOf, timeOf)),
    ]);
  }

  /** Begins a transaction in which nobody else writes, and in which little is left to be worked off. */
  private async holdWriters(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await this.computing.workOffBacklog();
      await this.runner.startTransaction();
      try {
        await this.tables.holdWriters();
        if (attempt === ATTEMPTS || (await this.rows.marksWaiting()) <= FEW) return;
        await this.runner.rollbackTransaction();
      } catch (error) {
        await this.runner.rollbackTransaction();
        await this.restIfBusy(error, attempt);
      }
    }
  }

  private async holdReaders(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        // a savepoint: what was locked is given back before the next try
        return await this.runner.manager.transaction(() => this.tables.holdReaders());
      } catch (error) {
        await this.restIfBusy(error, attempt);
      }
    }
  }

  private async restIfBusy(error: unknown, attempt: number): Promise<void> {
    if (!BUSY.has((error as { code?: unknown }).code) || attempt === ATTEMPTS) throw error;
    await pause(PAUSE_MS * (0.5 + Math.random()));
  }
}
