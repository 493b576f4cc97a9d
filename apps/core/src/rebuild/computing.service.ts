import type { EntityManager, QueryRunner } from 'typeorm';
import { ItemsRepository } from '../conversation/items.repository.js';
import type { TenantKey } from '../identity/people.repository.js';
import type { ItemRow } from '../ingest/ingest.repository.js';
import { ResolveService } from '../ingest/resolve.service.js';
import type { TenantDirectory } from '../ingest/tenant-facts.js';
import { ComparisonRepository } from './comparison.repository.js';
import { RebuildRepository } from './rebuild.repository.js';
import { redirectedManager } from './redirected-manager.js';
import { RefoldService } from './refold.service.js';

/** Items, threads or identifiers of one transaction: the locks of live rows that it takes are held briefly. */
const PORTION = 500;
/** An answer to an answer finds its owner in a pass of its own. */
const MOST_PASSES = 8;

/** Tells how far a stage is; how often is the caller's business. */
export type Progress = (what: string, done: number) => void;

/**
 * Computes everything of everybody, in the tables beside the live ones or in the live ones, by the functions and statements of transactions 1 and 2.
 * Each portion is a transaction, or a savepoint where one is under way.
 */
export class ComputingService {
  private readonly refolds: RefoldService;

  constructor(
    private readonly runner: QueryRunner,
    tenants: TenantDirectory,
    private readonly progress: Progress,
  ) {
    this.refolds = new RefoldService(tenants);
  }

  get live(): EntityManager {
    return this.runner.manager;
  }

  /** The same connection, over the tables beside the live ones. */
  get next(): EntityManager {
    return redirectedManager(this.runner.manager);
  }

  /** Fills the empty tables. */
  async computeAll(): Promise<void> {
    await this.foldItems();
    await this.findOwners();
    await this.live.transaction(() => new RebuildRepository(this.live).copyNames());
    await this.pages(
      'identifiers',
      (after) => this.live.transaction(() => new RebuildRepository(this.next).markNext(after, PORTION)),
      () => this.workOff(this.next),
    );
  }

  /** Computes anew, beside the live tables, all that the rows which were found to differ hang on. */
  async computeFound(): Promise<void> {
    const found = new ComparisonRepository(this.live);
    await this.live.transaction(() => found.takeNames());
    await this.pages(
      'items that differ',
      (after) => found.items(after, PORTION),
      (items) =>
        this.live.transaction(async () => {
          const next = new RebuildRepository(this.next);
          await next.removeItems(items);
          await next.mark([], threadsOf(await this.refolds.refold(this.live, this.next, items)));
        }),
    );
    await this.recompute(found, this.next, () => this.workOff(this.next));
  }

  /**
   * The same in the live tables, whose changes are told as ever. What nothing ties to an item or an identifier stays as it is.
   */
  async mendFound(): Promise<void> {
    const found = new ComparisonRepository(this.live);
    await this.pages(
      'items mended',
      (after) => found.items(after, PORTION),
      (items) =>
        this.live.transaction(async () => {
          const live = new RebuildRepository(this.live);
          await live.lockItems(items);
          const rows = await this.refolds.refold(this.live, this.live, items);
          const there = new Set(rows.map(keyOf));
          await live.removeItems(items.filter((item) => !there.has(keyOf(item))));
          await live.mark([], threadsOf(rows));
        }),
    );
    await this.recompute(found, this.live, () => this.workOffBacklog());
  }

  /** Works off marks until there are none. */
  async workOff(place: EntityManager): Promise<void> {
    const resolve = new ResolveService(place);
    while ((await resolve.resolveSome(PORTION)).marks > 0);
  }

  /** Works off the backlog of the live tables, as one more process that does so: where events keep coming there is always some mark. */
  async workOffBacklog(): Promise<void> {
    const resolve = new ResolveService(this.live);
    while ((await resolve.resolveSome(PORTION)).marks === PORTION);
  }

  private async recompute(
    found: ComparisonRepository,
    place: EntityManager,
    workOff: () => Promise<void>,
  ): Promise<void> {
    await this.pages(
      'identifiers that differ',
      (after) => found.identifiers(after, PORTION),
      async (identifiers) => {
        await this.live.transaction(() => new RebuildRepository(place).mark(identifiers, []));
        await workOff();
      },
    );
    await workOff();
  }

  private async foldItems(): Promise<void> {
    const live = new RebuildRepository(this.live);
    const fold = (items: readonly TenantKey[]) => this.refolds.refold(this.live, this.next, items);
    await this.pages(
      'items',
      (after) => live.itemsOfEvents(after, PORTION),
      (items) => this.live.transaction(() => fold(items)),
    );
    await this.pages(
      'items of several',
      (after) => live.itemsOfTargets(after, PORTION),
      (items) =>
        this.live.transaction(async () => {
          const known = new Set((await new RebuildRepository(this.next).known(items)).map(keyOf));
          await fold(items.filter((item) => !known.has(keyOf(item))));
        }),
    );
  }

  private async findOwners(): Promise<void> {
    const next = new RebuildRepository(this.next);
    for (let pass = 1, moved = 1; moved > 0 && pass <= MOST_PASSES; pass += 1) {
      moved = 0;
      await this.pages(
        'threads',
        (after) => next.threadsOfUnowned(after, PORTION),
        async (threads) => {
          moved += (await new ItemsRepository(this.next).assignOwners(threads)).length;
        },
      );
    }
  }

  private async pages(
    what: string,
    read: (after: TenantKey | null) => Promise<TenantKey[]>,
    work: (page: readonly TenantKey[]) => Promise<unknown>,
  ): Promise<void> {
    let after: TenantKey | null = null;
    for (let done = 0; ;) {
      const page: TenantKey[] = await read(after);
      if (page.length === 0) return;
      await work(page);
      done += page.length;
      after = page.at(-1)!;
      this.progress(what, done);
    }
  }
}

const keyOf = ({ tenant, id }: TenantKey): string => `${tenant} ${id}`;

function threadsOf(items: readonly ItemRow[]): TenantKey[] {
  const threads = items.map(({ tenant, threadId: id }) => ({ tenant, id }));
  return [...new Map(threads.map((thread) => [keyOf(thread), thread])).values()];
}
