import type { EntityManager } from 'typeorm';
import type { OutboxRow } from '../relay/outbox.repository.js';
import { ItemsRepository, type OwnerRow, type StoredItem } from './items.repository.js';
import { PeopleRepository, type TenantKey } from '../identity/people.repository.js';
import type { RuleSetOf } from '../rules/rule-sets.service.js';
import { WorkingTimes } from '../rules/working-times.service.js';
import { newNames, renamed } from './conversation-name.rules.js';
import { diffThreads } from './diff.rules.js';
import { changedStates, publicationOf, type Told, type Written } from './thread-publication.js';
import { advance, emptyThreads, foldThreads, follows } from './thread.rules.js';
import type { ThreadState } from './thread-state.js';
import { writeThreads } from './thread-writing.js';
import { ThreadsRepository, type SegmentRow } from './threads.repository.js';
import type { TimedItem } from './timed-item.js';
import { actOn, isOf, withOwnersInTurn, type Holder, type Holders } from './turn.rules.js';

/** What made threads worth a look. */
export interface ThreadsTouched {
  readonly marks: readonly {
    readonly seq: string;
    readonly tenant: string;
    readonly identifierId: string | null;
    readonly itemId: string | null;
    readonly actId: string | null;
    readonly refold: boolean;
  }[];
  /** Items that hang on another identifier than before. */
  readonly moved: readonly OwnerRow[];
  /** Everybody concerned, locked. */
  readonly identifiers: readonly TenantKey[];
  /** People whose members changed. */
  readonly refold: ReadonlySet<string>;
}

interface Person extends TenantKey {
  readonly members: (TenantKey & Holder['members'][number])[];
  readonly items: TimedItem[];
  refold: boolean;
}

/**
 * Segments, conversations and clocks of the people concerned. What is newer than everything known is appended to the stored state of its person;
 * anything else (a late item, a call that went on, an agent's act, people joined or split) folds that person's threads anew.
 * Runs within transaction 2, everything locked.
 */
export class ThreadsService {
  constructor(private readonly times = new WorkingTimes()) {}

  /** @returns rows for the outbox: conversation and target events, and the state of what changed */
  async recompute(manager: EntityManager, touched: ThreadsTouched, rulesOf: RuleSetOf): Promise<OutboxRow[]> {
    const repository = new ThreadsRepository(manager);
    const items = new ItemsRepository(manager);
    const holders = await this.holdersOf(manager, touched);
    const people = await this.peopleOf(items, holders, touched);
    const known = new Map((await repository.personThreads(people)).map((row) => [row.id, row]));
    const stateOf = (person: Person): ThreadState | null =>
      (known.get(person.id)?.threads as ThreadState | null | undefined) ?? null;
    await this.refoldIfActedOn(
      items,
      people.filter((person) => !person.refold && stateOf(person) === null),
    );
    const entriesOf = (person: Person): { item: TimedItem }[] => person.items.map((item) => ({ item }));
    for (const person of people) {
      if (!follows(stateOf(person) ?? emptyThreads(), entriesOf(person))) person.refold = true;
    }
    const refolded = withOwnersInTurn(
      people.filter(({ refold }) => refold),
      holders,
    );
    const appended = people.flatMap((person): Written[] => {
      const { tenant, id: personId } = person;
      if (refolded.has(person) || person.items.length === 0) return [];
      const state = stateOf(person) ?? emptyThreads();
      const changes = advance(state, entriesOf(person), { tenant, rules: rulesOf(tenant).threads });
      return [{ tenant, personId, changes }];
    });
    const events = [
      ...appended.flatMap(({ tenant, personId, changes }) =>
        changes.events.map((event) => ({ tenant, personId, event })),
      ),
      ...(await this.append(repository, items, appended)),
      ...(refolded.size > 0 ? await this.refold(repository, items, [...refolded].sort(byId), touched, rulesOf) : []),
    ];
    const stopped = events.flatMap((one) =>
      'event' in one && one.event.type === 'target.stopped' ? [one.tenant] : [],
    );
    const acts = new Set(touched.marks.flatMap(({ actId }) => actId ?? []));
    const timeOf = await this.times.of(manager, stopped);
    return publicationOf(repository, events, rulesOf, timeOf, acts);
  }

  /** An agent's act may be here before the first item of whom it concerns: its own mark found nobody then. */
  private async refoldIfActedOn(stored: ItemsRepository, people: readonly Person[]): Promise<void> {
    if (people.length === 0) return;
    const acts = await stored.actsOfIdentifiers(people.flatMap(({ members }) => members));
    const acted = new Set(acts.flatMap(({ identifierIds }) => identifierIds));
    for (const person of people) if (person.members.some(({ id }) => acted.has(id))) person.refold = true;
  }

  /** By identifier whoever has it, or had it in his turn (rule I13). */
  private async holdersOf(manager: EntityManager, { identifiers, refold }: ThreadsTouched): Promise<Holders<Person>> {
    const holders = new Map<string, Person[]>();
    const people = new Map<string, Person>();
    for (const row of await new PeopleRepository(manager).memberships(identifiers)) {
      const { tenant, identifierId, personId, since, until } = row;
      const person = people.get(personId) ?? {
        tenant,
        id: personId,
        members: [],
        items: [],
        refold: refold.has(personId),
      };
      person.members.push({ tenant, id: identifierId, since, until });
      people.set(personId, person);
      holders.set(identifierId, [...(holders.get(identifierId) ?? []), person]);
    }
    return holders;
  }

  /** People of the items and identifiers that the marks name, with the items that are new to their threads. */
  private async peopleOf(
    stored: ItemsRepository,
    holders: Holders<Person>,
    { marks, moved }: ThreadsTouched,
  ): Promise<Person[]> {
    const touched = new Set<Person>([...holders.values()].flat().filter((person) => person.refold));
    const again = (identifierId: string | null): void => {
      for (const person of identifierId === null ? [] : (holders.get(identifierId) ?? [])) {
        person.refold = true;
        touched.add(person);
      }
    };
    for (const { owner, former } of moved) [owner, former].forEach(again);
    for (const { identifierId, itemId, refold: old } of marks) if (old && itemId === null) again(identifierId);

    const wanted = new Map(
      marks.flatMap(({ tenant, itemId }) => (itemId ? [[itemId, { tenant, id: itemId }] as const] : [])),
    );
    const changed = new Set(marks.flatMap(({ itemId, refold: old }) => (old && itemId ? [itemId] : [])));
    for (const item of await stored.items([...wanted.values()])) {
      if (changed.has(item.id)) again(item.identifierId);
      const person = holders.get(item.identifierId ?? '')?.find((holder) => isOf(holder, item.identifierId!, item.at));
      // Already threaded and unchanged: a reaction, an edit or a receipt brought it here.
      if (!person || !item.shown || item.segmentId !== null) continue;
      person.items.push(timed(item));
      touched.add(person);
    }
    return [...touched].sort(byId);
  }

  private async append(
    repository: ThreadsRepository,
    stored: ItemsRepository,
    written: readonly Written[],
  ): Promise<Told[]> {
    if (written.length === 0) return [];
    await writeThreads(repository, stored, written, { segments: [], conversations: [], switches: [] });
    await repository.storeNames(newNames(written));
    return changedStates(written);
  }

  private async refold(
    repository: ThreadsRepository,
    stored: ItemsRepository,
    people: readonly Person[],
    { marks }: ThreadsTouched,
    rulesOf: RuleSetOf,
  ): Promise<Told[]> {
    const members = distinct(people.flatMap((person) => person.members));
    const items = await stored.itemsOfIdentifiers(members);
    const acts = await stored.actsOfIdentifiers(members);
    const segmentsBefore = await repository.segmentsOfIdentifiers(members);
    const conversationsBefore = await repository.conversations(distinctConversations(segmentsBefore));
    const switchesBefore = await repository.switchesOfConversations(distinctConversations(segmentsBefore));

    const written = people.map((person): Written => {
      const mine = items
        .filter(({ identifierId, at }) => identifierId !== null && isOf(person, identifierId, at))
        .map(timed);
      const said = acts.flatMap((act) => (act.tenant === person.tenant ? (actOn(person, act) ?? []) : []));
      // acts mean nothing before there is an item: such a person's state is none, whenever it is asked for
      const rules = rulesOf(person.tenant).threads;
      const changes = foldThreads(mine, mine.length > 0 ? said : [], { tenant: person.tenant, rules });
      return { tenant: person.tenant, personId: person.id, changes };
    });

    const gone = {
      segments: without(
        segmentsBefore,
        written.flatMap(({ changes }) => changes.segments),
      ),
      conversations: without(
        conversationsBefore,
        written.flatMap(({ changes }) => changes.conversations),
      ),
      switches: without(
        switchesBefore,
        written.flatMap(({ changes }) => changes.switches),
      ),
    };
    await writeThreads(repository, stored, written, gone, items);
    await repository.storeNames(renamed(items, written, await repository.namesOfItems(items)));

    const occasion = `mark:${marks[0]!.seq}`;
    const actOf = actsOn(people, marks);
    const told: Told[] = [];
    for (const tenant of new Set(people.map((person) => person.tenant))) {
      const mine = <T extends { tenant: string }>(rows: readonly T[]): T[] =>
        rows.filter((row) => row.tenant === tenant);
      const after = mine(written);
      const ownerOf = new Map(
        after.flatMap(({ personId, changes }) => changes.conversations.map(({ id }) => [id, personId] as const)),
      );
      for (const { id, personId } of mine(conversationsBefore)) if (!ownerOf.has(id)) ownerOf.set(id, personId);
      const events = diffThreads(
        {
          segments: mine(segmentsBefore),
          conversations: mine(conversationsBefore),
          switches: mine(switchesBefore),
        },
        {
          segments: after.flatMap(({ changes }) => changes.segments),
          conversations: after.flatMap(({ changes }) => changes.conversations),
          switches: after.flatMap(({ changes }) => changes.switches),
        },
        occasion,
        (identifierId) => actOf.get(identifierId) ?? null,
      );
      for (const event of events) told.push({ tenant, personId: ownerOf.get(event.conversationId) ?? null, event });
    }
    return [
      ...told,
      ...gone.conversations.map(({ tenant, id }): Told => ({ tenant, personId: null, gone: id })),
      ...changedStates(written, conversationsBefore, segmentsBefore),
    ];
  }
}

const byId = (a: Person, b: Person): number => (a.id < b.id ? -1 : 1);

function timed({ tenant: _tenant, shown: _shown, segmentId: _segmentId, ...item }: StoredItem): TimedItem {
  return { ...item, identifierId: item.identifierId! };
}

/** By member of each person: the act for which the person's threads are folded anew. */
function actsOn(people: readonly Person[], marks: ThreadsTouched['marks']): Map<string, string> {
  const marked = new Map(
    marks.flatMap(({ identifierId, actId }) => (identifierId && actId ? [[identifierId, actId]] : [])),
  );
  return new Map(
    people.flatMap(({ members }) => {
      const act = members.map(({ id }) => marked.get(id)).findLast((id) => id !== undefined);
      return act === undefined ? [] : members.map(({ id }) => [id, act] as const);
    }),
  );
}

function without<T extends TenantKey>(before: readonly T[], after: readonly { id: string }[]): T[] {
  const left = new Set(after.map(({ id }) => id));
  return before.filter(({ id }) => !left.has(id));
}

function distinctConversations(segments: readonly SegmentRow[]): TenantKey[] {
  return distinct(segments.map(({ tenant, conversationId: id }) => ({ tenant, id })));
}

function distinct(keys: readonly TenantKey[]): TenantKey[] {
  return [...new Map(keys.map(({ tenant, id }) => [`${tenant} ${id}`, { tenant, id }])).values()];
}
