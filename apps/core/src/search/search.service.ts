import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { maskingFor } from '../access/masking.js';
import { decodeCursor, encodeCursor, isTime, page } from '../api/cursor.js';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { summaryShape } from '../identity/person-shape.js';
import { PersonRepository } from '../identity/person.repository.js';
import { itemEntry } from '../timeline/timeline-entry.js';
import { TimelineRepository } from '../timeline/timeline.repository.js';
import type { PeopleDto, SearchDto, SearchQuery } from './search.dto.js';
import { BEFORE_ALL, SearchRepository, type Place } from './search.repository.js';
import { SHORTEST_QUERY, wantedOf, type Wanted } from './words.rules.js';

const PEOPLE = 'people';
const ITEMS = 'search';
/** Those beside messages. */
const FEW_PEOPLE = 10;
/** Of people without an interaction. */
const NEVER = '-infinity';

@Injectable()
export class SearchService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly searching: SearchRepository,
    private readonly persons: PersonRepository,
    private readonly timeline: TimelineRepository,
  ) {}

  /** @throws Problem 422 when there is too little to search for */
  people(access: Access, { q, cursor, limit }: SearchQuery): Promise<PeopleDto> {
    const wanted = wantedOrProblem(access.tenant, q);
    const after = placeOf(PEOPLE, cursor);
    return this.database.read(access.tenant, (transaction) =>
      this.peoplePage(transaction, access, wanted, after, limit),
    );
  }

  /** @throws Problem 422 when there is too little to search for */
  everything(access: Access, { q, cursor, limit }: SearchQuery): Promise<SearchDto> {
    const wanted = wantedOrProblem(access.tenant, q);
    const after = placeOf(ITEMS, cursor);
    return this.database.read(access.tenant, async (transaction) => {
      const people =
        cursor === undefined ? await this.peoplePage(transaction, access, wanted, BEFORE_ALL, FEW_PEOPLE) : null;
      const found = await this.searching.items(transaction, wanted, after, limit + 1);
      const { items, next } = page(found, limit, (last) => encodeCursor(ITEMS, last.at, last.id));
      const rows = await this.timeline.itemsById(
        transaction,
        items.map(({ id }) => id),
      );
      const byId = new Map(rows.map((row) => [row.id, row]));
      const masking = maskingFor(access.role);
      return { people: people?.items ?? [], items: items.map(({ id }) => itemEntry(byId.get(id)!, masking)), next };
    });
  }

  private async peoplePage(
    transaction: Transaction,
    access: Access,
    wanted: Wanted,
    after: Place,
    limit: number,
  ): Promise<PeopleDto> {
    const found = await this.searching.people(transaction, wanted, after, limit + 1);
    const { items, next } = page(found, limit, (last) => encodeCursor(PEOPLE, last.lastAt ?? NEVER, last.id));
    const members = await this.persons.members(
      transaction,
      items.map(({ id }) => id),
    );
    const masking = maskingFor(access.role);
    const summary = (id: string) =>
      summaryShape(
        id,
        members.filter(({ personId }) => personId === id),
        masking,
      );
    return { items: items.map(({ id }) => summary(id)), next };
  }
}

function wantedOrProblem(tenant: string, q: string): Wanted {
  const wanted = wantedOf(tenant, q);
  if (!wanted)
    throw Problem.invalid([{ field: 'q', detail: `must hold at least ${SHORTEST_QUERY} letters or digits` }]);
  return wanted;
}

/** @throws Problem 422 when the cursor is of another list */
function placeOf(list: string, cursor: string | undefined): Place {
  const parts = decodeCursor(list, cursor, [
    (part) => isTime(part) || (list === PEOPLE && part === NEVER),
    (part) => typeof part === 'string' && isUuid(part),
  ]);
  if (!parts) return BEFORE_ALL;
  const [at, id] = parts;
  return { at: typeof at === 'number' ? new Date(at).toISOString() : NEVER, id: String(id) };
}
