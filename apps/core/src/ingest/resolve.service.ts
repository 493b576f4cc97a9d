import { FAMILIES, TOPICS, deterministicId, type Family } from '@lienmach/contracts';
import type { EntityManager } from 'typeorm';
import { ItemsRepository, type ItemPlace } from '../conversation/items.repository.js';
import { ThreadsService } from '../conversation/threads.service.js';
import { isWithin } from '../identity/evidence-set.rules.js';
import type { Transactions } from '../database/data-source.js';
import { PeopleRepository, type TenantKey } from '../identity/people.repository.js';
import { PeopleService, type PeopleChanged } from '../identity/people.service.js';
import { OutboxRepository, type InteractionRow } from '../relay/outbox.repository.js';
import { ruleSetsOf, type RuleSetOf } from '../rules/rule-sets.service.js';
import { ResolveRepository, type Mark } from './resolve.repository.js';
import { ScopeRepository } from './scope.repository.js';

/** What one round did; zero marks: there was nothing to do. */
export interface Resolved {
  readonly marks: number;
  readonly published: number;
  /** Unions that were refused because a person would have grown too large. */
  readonly tooLarge: PeopleChanged['tooLarge'];
  /** When the oldest mark of the round was made, milliseconds. */
  readonly oldest: number | null;
}

/** Another transaction tied more to a component while we waited for its locks. */
class Grew extends Error {
  constructor() {
    super('the component grew while it was being locked');
  }
}

const ATTEMPTS = 8;
const DEADLOCK = '40P01';

/**
 * Transaction 2: from dirty marks to people, conversations, clocks and outbox. Identifiers are locked in the order of their ids, then read; if the
 * component turns out larger than what was locked, everything is given back and taken anew.
 */
export class ResolveService {
  constructor(
    private readonly database: Transactions,
    private readonly people = new PeopleService(),
    private readonly threads = new ThreadsService(),
  ) {}

  async resolveSome(limit: number): Promise<Resolved> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.database.transaction((manager) => this.round(manager, limit));
      } catch (error) {
        const again = error instanceof Grew || (error as { code?: string }).code === DEADLOCK;
        if (!again || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async round(manager: EntityManager, limit: number): Promise<Resolved> {
    const marks = await new ResolveRepository(manager).takeMarks(limit);
    if (marks.length === 0) return { marks: 0, published: 0, tooLarge: [], oldest: null };
    const items = new ItemsRepository(manager);
    const outbox = new OutboxRepository(manager);

    const scope = await this.lockScope(manager, marks);
    const moved = await items.assignOwners(scope.threads);
    for (const { tenant, owner, former } of moved) {
      for (const id of [owner, former]) if (id && !scope.locked.has(`${tenant} ${id}`)) throw new Grew();
    }

    const rulesOf = await ruleSetsOf(
      manager,
      marks.map(({ tenant }) => tenant),
    );
    const byRules = new Set(marks.flatMap((mark) => (mark.byRules && mark.identifierId ? [mark.identifierId] : [])));
    const people = await this.people.recompute(manager, scope.components, rulesOf, byRules);
    await outbox.append(people.outbox);
    const touched = { marks, moved, identifiers: scope.identifiers, refold: people.refold };
    const changed = await this.threads.recompute(manager, touched, rulesOf);
    const published = await this.publishEvents(manager, marks, rulesOf);
    await outbox.append(changed);
    return {
      marks: marks.length,
      published,
      tooLarge: people.tooLarge,
      oldest: Math.min(...marks.map(({ markedAt }) => markedAt)),
    };
  }

  /** Locks everybody whom the marks may concern, and makes sure that nobody was missing. */
  private async lockScope(manager: EntityManager, marks: readonly Mark[]): Promise<Scope> {
    const before = await this.scopeOf(manager, marks);
    await new PeopleRepository(manager).lock(before.identifiers);
    const locked = new Set(before.identifiers.map(({ tenant, id }) => `${tenant} ${id}`));
    const scope = await this.scopeOf(manager, marks);
    if (scope.identifiers.some(({ tenant, id }) => !locked.has(`${tenant} ${id}`))) throw new Grew();
    return { ...scope, locked };
  }

  private async scopeOf(manager: EntityManager, marks: readonly Mark[]): Promise<Omit<Scope, 'locked'>> {
    const keys = (pick: (mark: Mark) => string | null): TenantKey[] =>
      distinct(
        marks.flatMap((mark) => {
          const id = pick(mark);
          return id ? [{ tenant: mark.tenant, id }] : [];
        }),
      );
    const threads = keys(({ threadId }) => threadId);
    const concerned = await new ScopeRepository(manager).concerned({
      identifiers: keys(({ identifierId }) => identifierId),
      dirty: keys(({ identifierId, identity }) => (identity ? identifierId : null)),
      items: keys(({ itemId }) => itemId),
      threads,
    });
    return { threads, components: concerned.filter(({ deep }) => deep), identifiers: concerned };
  }

  /** interaction.events: every channel event once, with what was known of its person and conversation then. */
  private async publishEvents(manager: EntityManager, marks: readonly Mark[], rulesOf: RuleSetOf): Promise<number> {
    const untold = marks.filter((mark): mark is Mark & { eventId: string } => mark.eventId !== null);
    if (untold.length === 0) return 0;
    const items = distinct(untold.flatMap(({ tenant, itemId }) => (itemId ? [{ tenant, id: itemId }] : [])));
    const places = new Map(
      (await new ItemsRepository(manager).placesOf(items)).map((place) => [`${place.tenant} ${place.id}`, place]),
    );
    const loose = distinct(
      untold.flatMap(({ tenant, itemId, identifierId }) =>
        !itemId && identifierId ? [{ tenant, id: identifierId }] : [],
      ),
    );
    const members = loose.length > 0 ? await new PeopleRepository(manager).memberships(loose) : [];
    const memberAt = ({ tenant, identifierId, at }: Mark) =>
      members.find((row) => row.tenant === tenant && row.identifierId === identifierId && isWithin(at, row));

    const rows = untold.map((mark): InteractionRow => {
      const { tenant, eventId, itemId, threadKey } = mark;
      const place: Partial<ItemPlace> | undefined = itemId ? places.get(`${tenant} ${itemId}`) : memberAt(mark);
      const id = deterministicId('derived', 'interaction', eventId);
      return {
        tenant,
        id,
        eventId,
        aggregatetype: TOPICS.interactionEvents,
        aggregateid: threadKey!,
        extensions: {
          id,
          source: '/core',
          causation: eventId,
          rulesversion: rulesOf(tenant).version,
          ...(place?.personId && { personasof: place.personId, linklevel: place.level }),
          ...(place?.conversationId && { conversation: place.conversationId }),
        },
      };
    });
    const crowded = untold.filter(({ tenant, itemId }) => {
      const family = itemId ? places.get(`${tenant} ${itemId}`)?.family : undefined;
      return family !== undefined && FAMILIES[family as Family].manyCustomers;
    });
    await new ResolveRepository(manager).lockKeys(crowded.map(({ threadKey }) => threadKey!));
    await new OutboxRepository(manager).appendInteractions(rows);
    return rows.length;
  }
}

interface Scope {
  /** Threads that the marks name. */
  readonly threads: TenantKey[];
  /** Identifiers whose people have to be computed anew: whole components. */
  readonly components: TenantKey[];
  /** Everybody concerned, with all companions. */
  readonly identifiers: TenantKey[];
  readonly locked: ReadonlySet<string>;
}

function distinct(keys: readonly TenantKey[]): TenantKey[] {
  return [...new Map(keys.map((key) => [`${key.tenant} ${key.id}`, key])).values()];
}
