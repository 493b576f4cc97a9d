import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { changeShape, endsOf } from '../identity/change-shape.js';
import { PeopleRepository } from '../identity/people.repository.js';
import { PersonService } from '../identity/person.service.js';
import type { RulesPreviewDto } from './rule-set.dto.js';
import { ruleSetOf, type Rules } from './rule-set.js';
import { ruleSetsOf } from './rule-sets.service.js';
import { RulesPreviewRepository } from './rules-preview.repository.js';
import { RulesComparison } from './rules-preview.rules.js';

/** Identifiers read at once, with all that hangs on them. */
const STEP = 500;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** What other rules would do to a tenant's people: the resolver's own answer over every one of them. Writes nothing. */
@Injectable()
export class RulesPreviewService {
  private readonly repository = new RulesPreviewRepository();

  constructor(
    private readonly database: TenantDatabase,
    private readonly people: PersonService,
  ) {}

  preview(access: Access, rules: Rules): Promise<RulesPreviewDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const comparison = await this.compare(transaction, rules);
      const { joins, splits } = comparison;
      const named = await this.people.named(transaction, access, endsOf([...joins, ...splits]));
      const { identifiers, people, conflicts, joinCount, splitCount, largest } = comparison;
      return {
        identifiers,
        people,
        conflicts,
        joinCount,
        splitCount,
        joins: joins.map((change) => changeShape(change, named)),
        splits: splits.map((change) => changeShape(change, named)),
        largest,
      };
    });
  }

  private async compare(transaction: Transaction, rules: Rules): Promise<RulesComparison> {
    const { manager, tenant } = transaction;
    const now = (await ruleSetsOf(manager, [tenant]))(tenant);
    const comparison = new RulesComparison(now.identity, ruleSetOf(now.version + 1, rules).identity);
    const repository = new PeopleRepository(manager);
    const seen = new Set<string>();
    for (let after = FIRST; ;) {
      const ids = await this.repository.tied(transaction, after, STEP);
      if (ids.length === 0) return comparison;
      after = ids.at(-1)!;
      const asked = ids.filter((id) => !seen.has(id)).map((id) => ({ tenant, id }));
      if (asked.length === 0) continue;
      const keys = await repository.component(asked);
      for (const { id } of keys) seen.add(id);
      comparison.add({
        identifiers: await repository.identifiers(keys),
        evidence: await repository.evidence(keys),
      });
    }
  }
}
