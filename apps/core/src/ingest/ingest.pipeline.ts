import { MalformedPayload, UnknownAccount, threadKey, type ChannelEvent } from '@lienmach/contracts';
import type { KafkaRecord } from '@lienmach/kafka';
import type { EntityManager } from 'typeorm';
import { ItemWordsRepository } from '../search/item-words.repository.js';
import { itemWords, speaks } from '../search/item-words.rules.js';
import { AliasRepository, type AbsorbedItem } from './alias.repository.js';
import { IngestRepository, type DirtyRow, type ItemRow } from './ingest.repository.js';
import type { Pipeline, Read, Rejected, Stored } from './ingest.service.js';
import { itemRow, sameTiming } from './item-row.js';
import { learn } from './learning.service.js';
import type { PlacedEvent } from './placed-event.js';
import { aliasKey, aliasesTaught, namesIn, withAliases } from './steps/alias.step.js';
import {
  distinctEvents,
  eventRows,
  givenNames,
  givenValues,
  identifierRows,
  targetRows,
  threadRows,
} from './steps/collect.step.js';
import { decode } from './steps/decode.step.js';
import { place } from './steps/place.step.js';
import { validate } from './steps/validate.step.js';
import type { TenantDirectory, TenantFacts } from './tenant-facts.js';
import { proveByCodes } from './typed-code.service.js';

/**
 * From records to rows (transaction 1). Reading is pure and tells which records are beyond help;
 * storing is one list of steps in one transaction, to which the caller adds the offset.
 */
export class IngestPipeline implements Pipeline<PlacedEvent> {
  constructor(private readonly tenants: TenantDirectory) {}

  read(records: readonly KafkaRecord[]): Read<PlacedEvent> {
    const placed: PlacedEvent[] = [];
    const rejected: Rejected[] = [];
    for (const record of records) {
      let stage = 'decode';
      try {
        const { event, text } = decode(record.value);
        stage = 'validate';
        validate(event);
        stage = 'place';
        placed.push(place(event, text, this.factsOf(event)));
      } catch (error) {
        if (!(error instanceof MalformedPayload || error instanceof UnknownAccount)) throw error;
        rejected.push({ record, stage, error });
      }
    }
    return { placed, rejected };
  }

  /** @returns what became of each stretch */
  async store(
    manager: EntityManager,
    stretches: readonly (readonly PlacedEvent[])[],
    searchable = true,
  ): Promise<Stored[]> {
    const repository = new IngestRepository(manager);
    const { batch, absorbed } = await this.alias(manager, distinctEvents(stretches.flat()));
    const { events, fresh } =
      batch.length > 0 ? await this.dedup(repository, batch) : { events: [], fresh: new Set<string>() };
    const dirty = events.length > 0 ? await this.storeEvents(manager, events, fresh, absorbed, searchable) : 0;
    return stretches.map((placed): Stored => {
      const own = placed.filter(({ event }) => fresh.delete(event.id)).length;
      return { fresh: own, repeated: placed.length - own, dirty };
    });
  }

  /** @returns how many marks that leaves */
  private async storeEvents(
    manager: EntityManager,
    events: readonly PlacedEvent[],
    fresh: ReadonlySet<string>,
    absorbed: readonly AbsorbedItem[],
    searchable: boolean,
  ): Promise<number> {
    const repository = new IngestRepository(manager);
    await repository.storeTargets(targetRows(events));
    await repository.storeThreads(threadRows(events));
    const proven = await proveByCodes(manager, events, (tenant) => this.factsOfTenant(tenant).secret);
    const said = events.flatMap(({ event: { tenant, id }, evidence: own }) =>
      own.map((one) => ({ ...one, tenant, sourceEvent: id })),
    );
    const people = await learn(manager, {
      identifiers: identifierRows(events),
      names: givenNames(events),
      values: givenValues(events),
      evidence: [...said, ...proven.evidence],
    });
    for (const id of proven.disproven) people.add(id);
    const { items, known, changed, left } = await this.foldItems(repository, events);
    await repository.storeItems(items);
    if (searchable) await this.storeWords(new ItemWordsRepository(manager), events, items, known);

    const marks = [...dirtyMarks(events, fresh, people, changed), ...absorptionMarks([...absorbed, ...left])];
    await repository.markDirty(marks);
    return marks.length;
  }

  /** Stores a reply that is asked for as if it came from a topic. It is found by its words once it was sent: the API may not see that table. */
  async storeOwn(manager: EntityManager, event: ChannelEvent): Promise<void> {
    await this.store(manager, [[place(event, JSON.stringify(event), this.factsOf(event))]], false);
  }

  /** Events by the ids of their items that count: a reply has ours and the vendor's. */
  private async alias(
    manager: EntityManager,
    events: readonly PlacedEvent[],
  ): Promise<{ batch: PlacedEvent[]; absorbed: AbsorbedItem[] }> {
    const repository = new AliasRepository(manager);
    const known = new Map((await repository.known(namesIn(events))).map((row) => [aliasKey(row), row.itemId] as const));
    const { asked, given } = aliasesTaught(events, known);
    await repository.store([...asked, ...given]);
    const absorbed = await repository.absorb(given);
    const naming = await repository.naming([...asked, ...given]);
    for (const row of [...asked, ...given]) known.set(aliasKey(row), row.itemId);
    return {
      batch: withAliases(events, known),
      absorbed: [...absorbed, ...naming.map((one) => ({ ...one, shown: true }))],
    };
  }

  /** Events that say something new: never seen, or seen only by a later repeat. */
  private async dedup(
    repository: IngestRepository,
    batch: readonly PlacedEvent[],
  ): Promise<{ events: PlacedEvent[]; fresh: Set<string> }> {
    const stored = await repository.storeEvents(eventRows(batch));
    const ids = new Set(stored.map(({ id }) => id));
    return {
      events: batch.filter(({ event }) => ids.has(event.id)),
      fresh: new Set(stored.filter((row) => row.fresh).map(({ id }) => id)),
    };
  }

  private async foldItems(
    repository: IngestRepository,
    events: readonly PlacedEvent[],
  ): Promise<{
    items: ItemRow[];
    known: ReadonlySet<string>;
    changed: Map<string, { refold: boolean }>;
    left: AbsorbedItem[];
  }> {
    const keys = new Map<string, { tenant: string; id: string }>();
    const eventsOf = new Map<string, ChannelEvent[]>();
    for (const { event, itemIds } of events) {
      for (const id of itemIds) {
        keys.set(id, { tenant: event.tenant, id });
        eventsOf.set(id, [...(eventsOf.get(id) ?? []), event]);
      }
    }
    if (keys.size === 0) return { items: [], known: new Set(), changed: new Map(), left: [] };
    const wanted = [...keys.values()];
    const known = new Map((await repository.knownItems(wanted)).map((row) => [row.id, row]));
    // an item that nobody knows has no former events: most are such
    const former = await repository.formerEvents(
      wanted.filter(({ id }) => known.has(id)),
      events.map(({ event }) => event.id),
    );
    for (const { itemId, value } of former) eventsOf.get(itemId)!.push(JSON.parse(value) as ChannelEvent);

    const items = wanted
      .map(({ tenant, id }) => itemRow(tenant, id, eventsOf.get(id)!, this.factsOfTenant(tenant)))
      .sort((a, b) => (a.tenant + a.id < b.tenant + b.id ? -1 : 1));
    const changed = new Map<string, { refold: boolean }>();
    for (const item of items) {
      const old = known.get(item.id);
      // A new item is appended to what is known; one whose place or weight changed makes its person's threads be folded again.
      if (!old) changed.set(item.id, { refold: false });
      else if (!sameTiming(old, item)) changed.set(item.id, { refold: old.shown });
    }
    // what turned out to be another identifier's is missing where it was
    const left = items.flatMap(({ tenant, id, owned, identifierId }): AbsorbedItem[] => {
      const old = known.get(id);
      return old?.owned && owned && old.identifierId !== identifierId ? [{ ...old, tenant }] : [];
    });
    return { items, known: new Set(known.keys()), changed, left };
  }

  /** What the items are found by. Most events of an item that is known (receipts, reactions) say nothing of its words. */
  private async storeWords(
    repository: ItemWordsRepository,
    events: readonly PlacedEvent[],
    items: readonly ItemRow[],
    known: ReadonlySet<string>,
  ): Promise<void> {
    const spoken = new Set(events.flatMap(({ event, itemIds }) => (speaks(event) ? itemIds : [])));
    const rows = items
      .filter(({ id }) => spoken.has(id))
      .map(({ tenant, id, at, state }) => ({ tenant, itemId: id, at, words: itemWords(tenant, state) }));
    await repository.store(rows);
    await repository.remove(
      rows
        .filter(({ itemId, words }) => words === null && known.has(itemId))
        .map(({ tenant, itemId }) => ({ tenant, itemId })),
    );
  }

  private factsOf(event: ChannelEvent): TenantFacts {
    const facts = this.tenants.factsOf(event.tenant);
    if (!facts) throw new UnknownAccount(`no tenant ${event.tenant}`);
    return facts;
  }

  private factsOfTenant(tenant: string): TenantFacts {
    return this.factsOf({ tenant } as ChannelEvent);
  }
}

/** What was shown as an item of its own makes its person's threads be folded again. */
function absorptionMarks(absorbed: readonly AbsorbedItem[]): DirtyRow[] {
  return absorbed.flatMap(({ tenant, identifierId, shown }) =>
    shown && identifierId !== null
      ? [
          {
            tenant,
            identifierId,
            threadId: null,
            threadKey: null,
            itemId: null,
            eventId: null,
            at: Date.now(),
            identity: false,
            refold: true,
          },
        ]
      : [],
  );
}

/** One mark an event: what transaction 2 has to thread and to publish. */
function dirtyMarks(
  events: readonly PlacedEvent[],
  fresh: ReadonlySet<string>,
  people: ReadonlySet<string>,
  changed: ReadonlyMap<string, { refold: boolean }>,
): DirtyRow[] {
  const marks: DirtyRow[] = [];
  const told = new Set<string>();
  for (const { event, at, threadId, identifierId, itemIds } of events) {
    const touched = itemIds.filter((id) => changed.has(id));
    const { tenant, channel, account } = event;
    const base = {
      tenant,
      threadId,
      threadKey: threadKey(tenant, channel, account, event.data.thread),
      identifierId,
      at,
    };
    const eventId = fresh.has(event.id) ? event.id : null;
    const identity = identifierId !== null && people.has(identifierId);
    if (identifierId) told.add(identifierId);
    for (const [index, itemId] of (touched.length > 0 ? touched : [itemIds[0] ?? null]).entries()) {
      marks.push({
        ...base,
        itemId,
        eventId: index === 0 ? eventId : null,
        identity,
        refold: itemId !== null && (changed.get(itemId)?.refold ?? false),
      });
    }
  }
  // Identifiers that only evidence speaks of: a claimed number.
  for (const { event, at, identifiers } of events) {
    for (const { id } of identifiers) {
      if (!people.has(id) || told.has(id)) continue;
      told.add(id);
      marks.push({
        tenant: event.tenant,
        identifierId: id,
        threadId: null,
        threadKey: null,
        itemId: null,
        eventId: null,
        at,
        identity: true,
        refold: false,
      });
    }
  }
  return marks;
}
