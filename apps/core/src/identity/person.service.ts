import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { maskingFor } from '../access/masking.js';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { explain } from './explanation.rules.js';
import type { IdentifierDto, PersonDto, WhyDto } from './person.dto.js';
import { epochShapes, identifierShape, personShape, rejectedShape, stepShape } from './person-shape.js';
import { PersonRepository } from './person.repository.js';

@Injectable()
export class PersonService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly people: PersonRepository,
  ) {}

  /** The person that an id leads to now. @throws Problem 404 */
  async present(transaction: Transaction, id: string): Promise<string> {
    const found = isUuid(id) ? await this.people.present(transaction, id) : undefined;
    if (found === undefined) throw Problem.notFound('There is no such person');
    return found;
  }

  get(access: Access, id: string): Promise<PersonDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const personId = await this.present(transaction, id);
      const members = await this.people.members(transaction, [personId]);
      const conversations = await this.people.conversations(transaction, personId);
      const values = await this.people.values(transaction, personId);
      return personShape(personId, { members, conversations, values }, maskingFor(access.role));
    });
  }

  why(access: Access, id: string): Promise<WhyDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const personId = await this.present(transaction, id);
      const members = (await this.people.members(transaction, [personId])).map((row) => ({
        ...row,
        identifierId: row.id,
      }));
      const root = (await this.people.root(transaction, personId)) ?? members[0]!;
      const { joins, rejected } = await this.people.ties(
        transaction,
        members.map(({ identifierId }) => identifierId),
      );
      const person = { id: personId, root, members, edges: joins };
      const explanation = explain({ people: [person], conflicts: rejected }, personId);
      const { steps = [], rejected: refused = [] } = explanation ?? {};
      const named = await this.named(transaction, access, [...steps, ...refused]);
      return {
        steps: steps.map((edge) => stepShape(edge, named)),
        rejected: refused.map((conflict) => rejectedShape(conflict, named)),
        epochs: epochShapes(members, maskingFor(access.role)),
      };
    });
  }

  /** The identifiers that the ends of edges name. */
  async named(
    transaction: Transaction,
    access: Access,
    edges: readonly { a: { identifierId: string }; b: { identifierId: string } }[],
  ): Promise<(id: string) => IdentifierDto> {
    const ids = new Set(edges.flatMap(({ a, b }) => [a.identifierId, b.identifierId]));
    const rows = ids.size > 0 ? await this.people.identifiers(transaction, [...ids]) : [];
    const masking = maskingFor(access.role);
    const known = new Map(rows.map((row) => [row.id, identifierShape(row, masking)]));
    return (id) => known.get(id)!;
  }
}
