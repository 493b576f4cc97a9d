import { Injectable } from '@nestjs/common';
import { AccountDirectory } from '@lienmach/accounts';
import type { IdentifierRef } from '@lienmach/contracts';
import { normaliseIdentifier } from '@lienmach/identifiers';
import type { Access } from '../access/access.js';
import { maskingFor } from '../access/masking.js';
import { Problem } from '../api/problem.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { placeIdentifier } from '../ingest/steps/place.step.js';
import { shownName } from './name.rules.js';
import type { LookedUpDto } from './person.dto.js';
import { identifierShape, type IdentifierFields } from './person-shape.js';
import { PersonRepository, type MemberRow } from './person.repository.js';
import { LookUpRepository } from './look-up.repository.js';

@Injectable()
export class LookUpService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly people: PersonRepository,
    private readonly lookingUp: LookUpRepository,
    private readonly accounts: AccountDirectory,
  ) {}

  /** Everybody whom an identifier may be. @throws Problem 422 when it is none */
  async lookUp(access: Access, type: string, value: string, scope: string | undefined): Promise<LookedUpDto> {
    const result = normaliseIdentifier(type, scope ?? null, value);
    if (result.kind === 'invalid') throw Problem.invalid([{ field: 'identifier', detail: result.reason }]);
    const masking = maskingFor(access.role);
    return this.database.read(access.tenant, async (transaction) => {
      const known = await this.lookingUp.identifiers(transaction, result.identifier);
      const candidates = await this.lookingUp.candidates(
        transaction,
        known.map(({ id }) => id),
      );
      const membersOf = await this.membersOf(
        transaction,
        candidates.map(({ personId }) => personId),
      );
      return {
        identifier: identifierShape(known[0] ?? this.unseen(access.tenant, result.identifier), masking),
        people: candidates.map(({ personId, level, until }) => ({
          id: personId,
          name: masking.name(shownName(membersOf(personId))),
          level,
          ...(until !== null && { until: new Date(until).toISOString() }),
        })),
      };
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
    return { ...ref, id: placed.id, class: placed.class as IdentifierFields['class'], standing: null };
  }
}
