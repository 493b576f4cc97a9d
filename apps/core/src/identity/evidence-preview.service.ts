import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import type { Transaction } from '../database/tenant-database.js';
import { ruleSetsOf } from '../rules/rule-sets.service.js';
import type { Evidence } from './evidence.js';
import { changeShape, endsOf } from './change-shape.js';
import type { PreviewDto } from './evidence.dto.js';
import type { Preview } from './identity-change.js';
import type { IdentityInput } from './identity.resolver.js';
import { rejectedShape } from './person-shape.js';
import { PeopleRepository } from './people.repository.js';
import { PersonService } from './person.service.js';
import { previewDifferent, previewNewOwner, previewSame } from './preview.rules.js';

/** What an agent's word would do: the resolver's own answer, over everything that the word touches. */
@Injectable()
export class EvidencePreviewService {
  constructor(private readonly people: PersonService) {}

  async same(transaction: Transaction, access: Access, added: Evidence): Promise<PreviewDto> {
    return this.shape(transaction, access, previewSame(await this.input(transaction, [added]), added));
  }

  async different(transaction: Transaction, access: Access, added: readonly Evidence[]): Promise<PreviewDto> {
    return this.shape(transaction, access, previewDifferent(await this.input(transaction, added), added));
  }

  async newOwner(transaction: Transaction, access: Access, added: Evidence): Promise<PreviewDto> {
    return this.shape(transaction, access, previewNewOwner(await this.input(transaction, [added]), added));
  }

  /** An agent's word passes the caps, never a cannot-link. @throws Problem 409 naming what to retract first */
  async refuseIfItCannotJoin(transaction: Transaction, access: Access, added: Evidence): Promise<void> {
    const preview = previewSame(await this.input(transaction, [added]), added);
    const refused = preview.conflicts.find(({ evidenceIds }) => evidenceIds.includes(added.id));
    if (!refused) return;
    const named = await this.people.named(transaction, access, [refused]);
    throw Problem.conflict(
      refused.because === 'size'
        ? 'The person would grow over the limit'
        : 'Evidence says that they are two: retract what `against` names first',
      { against: refused.against, conflict: rejectedShape(refused, named) },
    );
  }

  private async input(transaction: Transaction, added: readonly Evidence[]): Promise<IdentityInput> {
    const people = new PeopleRepository(transaction.manager);
    const ends = new Set(added.flatMap(({ a, b }) => (b === null ? [a] : [a, b])));
    const keys = await people.component([...ends].map((id) => ({ tenant: transaction.tenant, id })));
    const [identifiers, evidence] = [await people.identifiers(keys), await people.evidence(keys)];
    const rulesOf = await ruleSetsOf(transaction.manager, [transaction.tenant]);
    return { identifiers, evidence, rules: rulesOf(transaction.tenant).identity };
  }

  private async shape(transaction: Transaction, access: Access, preview: Preview): Promise<PreviewDto> {
    const named = await this.people.named(transaction, access, [...endsOf(preview.changes), ...preview.conflicts]);
    return {
      joins: preview.joins.map((change) => changeShape(change, named)),
      splits: preview.splits.map((change) => changeShape(change, named)),
      conflicts: preview.conflicts.map((conflict) => rejectedShape(conflict, named)),
    };
  }
}
