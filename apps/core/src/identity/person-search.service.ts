import { Injectable } from '@nestjs/common';
import { AccountDirectory } from '@lienmach/accounts';
import type { IdentifierRef } from '@lienmach/contracts';
import { normaliseEmail, normaliseIdentifier, normalisePhone } from '@lienmach/identifiers';
import type { Access } from '../access/access.js';
import { maskingFor } from '../access/masking.js';
import { decodeCursor, encodeCursor, isTime, page } from '../api/cursor.js';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { placeIdentifier } from '../ingest/steps/place.step.js';
import { foldName, shownName } from './name.rules.js';
import type { LookedUpDto, PeopleDto, PeopleQuery } from './person.dto.js';
import { identifierShape, summaryShape, type IdentifierFields } from './person-shape.js';
import { PersonRepository, type MemberRow } from './person.repository.js';
import { PersonSearchRepository, type Found } from './person-search.repository.js';

const LIST = 'people';
/** One letter is in every name. */
const SHORTEST_NAME = 2;

@Injectable()
export class PersonSearchService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly people: PersonRepository,
    private readonly searching: PersonSearchRepository,
    private readonly accounts: AccountDirectory,
  ) {}

  /** Everybody whom an identifier may be. @throws Problem 422 when it is none */
  async lookUp(access: Access, type: string, value: string, scope: string | undefined): Promise<LookedUpDto> {
    const result = normaliseIdentifier(type, scope ?? null, value);
    if (result.kind === 'invalid') throw Problem.invalid([{ field: 'identifier', detail: result.reason }]);
    const masking = maskingFor(access.role);
    return this.database.read(access.tenant, async (transaction) => {
      const known = await this.searching.identifiers(transaction, result.identifier);
      const candidates = await this.searching.candidates(
        transaction,
        known.map(({ id }) => id),
      );
      const membersOf = await this.membersOf(
        transaction,
        candidates.map(({ personId }) => personId),
      );
      return {
        identifier: identifierShape(known[0] ?? this.unseen(access.tenant, result.identifier), masking),
        people: candidates.map(({ personId, level }) => ({
          id: personId,
          name: masking.name(shownName(membersOf(personId))),
          level,
        })),
      };
    });
  }

  search(access: Access, { q, cursor, limit }: PeopleQuery): Promise<PeopleDto> {
    const after = decodeCursor(LIST, cursor, [
      (part) => part === '-infinity' || isTime(part),
      (part) => typeof part === 'string' && isUuid(part),
    ]);
    const position = after && { lastAt: time(after[0]!), id: String(after[1]) };
    return this.database.read(access.tenant, async (transaction) => {
      const found = await this.searching.people(transaction, wanted(q), position, limit + 1);
      const { items, next } = page(found, limit, (last: Found) =>
        encodeCursor(LIST, last.lastAt ?? '-infinity', last.personId),
      );
      const membersOf = await this.membersOf(
        transaction,
        items.map(({ personId }) => personId),
      );
      const masking = maskingFor(access.role);
      return { items: items.map(({ personId }) => summaryShape(personId, membersOf(personId), masking)), next };
    });
  }

  private async membersOf(transaction: Transaction, people: readonly string[]): Promise<(id: string) => MemberRow[]> {
    const rows = people.length > 0 ? await this.people.members(transaction, people) : [];
    return (id) => rows.filter(({ personId }) => personId === id);
  }

  /** An identifier that nobody has used yet, as it will be. */
  private unseen(tenant: string, ref: IdentifierRef): IdentifierFields {
    const secret = this.accounts.tenantSecret(tenant);
    if (!secret) throw Problem.notFound('The tenant is no longer set up');
    const placed = placeIdentifier({ secret, ownNumbers: this.accounts.ownNumbers(tenant) }, ref, null, false);
    return { ...ref, id: placed.id, class: placed.class as IdentifierFields['class'] };
  }
}

/** What a search text may be: an identifier as it stands or normalised, and a part of a name. */
function wanted(q: string): { values: string[]; name: string | null } {
  const text = q.trim();
  const phone = normalisePhone(text);
  const values = new Set([text, normaliseEmail(text) ?? text, phone.kind === 'invalid' ? text : phone.value]);
  const name = foldName(text);
  return { values: [...values], name: name.length >= SHORTEST_NAME && /\p{L}/u.test(name) ? name : null };
}

const time = (part: string | number): string => (typeof part === 'number' ? new Date(part).toISOString() : part);
