import { ASKED_TYPES, UnknownAccount, type ChannelEvent } from '@lienmach/contracts';
import type { EntityManager } from 'typeorm';
import type { TenantKey } from '../identity/people.repository.js';
import { IngestRepository, type ItemRow } from '../ingest/ingest.repository.js';
import { itemRow } from '../ingest/item-row.js';
import type { TenantDirectory } from '../ingest/tenant-facts.js';
import { ItemWordsRepository } from '../search/item-words.repository.js';
import { itemWords, speaks } from '../search/item-words.rules.js';

/** Items folded anew from all that is stored about them, by the function that folds them as they come. */
export class RefoldService {
  constructor(private readonly tenants: TenantDirectory) {}

  /**
   * @param live where an item's brand stands: its account had that brand when it came
   * @param place where items are written: the live tables or those beside them
   * @returns the items of which there is any event
   * @throws UnknownAccount of a tenant that is no longer set up: nobody knows how its ids are made
   */
  async refold(live: EntityManager, place: EntityManager, keys: readonly TenantKey[]): Promise<ItemRow[]> {
    const events = new Map<string, ChannelEvent[]>();
    for (const { tenant, itemId, value } of await new IngestRepository(live).formerEvents(keys, [])) {
      const name = `${tenant} ${itemId}`;
      events.set(name, [...(events.get(name) ?? []), JSON.parse(value) as ChannelEvent]);
    }
    const brands = new Map(
      (await new IngestRepository(live).knownItems(keys)).map(({ tenant, id, brand }) => [`${tenant} ${id}`, brand]),
    );
    const folded = keys.flatMap(({ tenant, id }) => {
      const own = events.get(`${tenant} ${id}`);
      if (own === undefined) return [];
      const row = itemRow(tenant, id, own, this.factsOf(tenant));
      const words = own.some(isSaid) ? itemWords(tenant, row.state) : null;
      return [{ row: { ...row, brand: brands.get(`${tenant} ${id}`) ?? row.brand }, words }];
    });
    folded.sort((a, b) => (a.row.tenant + a.row.id < b.row.tenant + b.row.id ? -1 : 1));

    await new IngestRepository(place).storeItems(folded.map(({ row }) => row));
    const words = folded.map(({ row: { tenant, id, at }, words: own }) => ({ tenant, itemId: id, at, words: own }));
    await new ItemWordsRepository(place).store(words);
    await new ItemWordsRepository(place).remove(words.filter((one) => one.words === null));
    return folded.map(({ row }) => row);
  }

  private factsOf(tenant: string) {
    const facts = this.tenants.factsOf(tenant);
    if (!facts) throw new UnknownAccount(`tenant ${tenant} has items, but is not set up`);
    return facts;
  }
}

/** A reply is found by its words once it was sent. */
const isSaid = (event: ChannelEvent): boolean => speaks(event) && !ASKED_TYPES.has(event.type);
