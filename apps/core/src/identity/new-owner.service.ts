import { Injectable } from '@nestjs/common';
import { deterministicId } from '@lienmach/contracts';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import { SettlementService } from '../api/settlement.service.js';
import { isUuid } from '../api/uuid.js';
import { DirtyRepository } from '../database/dirty.repository.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import type { NewOwnerDto, PreviewDto } from './evidence.dto.js';
import type { Evidence } from './evidence.js';
import { EvidencePreviewService } from './evidence-preview.service.js';
import { EvidenceRepository } from './evidence.repository.js';
import { newOwnerEvidence } from './evidence.rules.js';
import { PersonRepository, type IdentifierRow } from './person.repository.js';
import { classNow } from './sharing.rules.js';

/** An agent's word that a number is somebody else's since some time (rule I13). */
@Injectable()
export class NewOwnerService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly people: PersonRepository,
    private readonly evidence: EvidenceRepository,
    private readonly preview: EvidencePreviewService,
    private readonly dirty: DirtyRepository,
    private readonly settlement: SettlementService,
  ) {}

  /**
   * @param since ISO; undefined: now
   * @throws Problem 404, 409 where the number joins nobody, 422
   */
  async say(access: Access, id: string, since: string | undefined, reason: string): Promise<NewOwnerDto> {
    const { tenant } = access;
    const { word, marks } = await this.database.write(tenant, async (transaction) => {
      const said = await this.word(transaction, access, id, since, reason);
      if (typeof said === 'string') return { word: said, marks: [] };
      const added = await this.evidence.insert(transaction, said.id, [said]);
      const why = { at: new Date(said.at), identity: true, refold: false };
      const news = added.map(() => ({ identifierId: said.a, ...why }));
      return { word: said.id, marks: await this.dirty.mark(transaction, news) };
    });
    await this.settlement.settled(tenant, marks);
    const personId = await this.database.read(tenant, (transaction) => this.people.begunBy(transaction, id, word));
    return { evidenceId: word, personId: personId ?? null };
  }

  tell(access: Access, id: string, since: string | undefined, reason: string): Promise<PreviewDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const word = await this.word(transaction, access, id, since, reason);
      if (typeof word === 'string') return { joins: [], splits: [], conflicts: [] };
      return this.preview.newOwner(transaction, access, word);
    });
  }

  /** The record, or the id of the one that says it already: said again before the new owner did anything, it is the same. */
  private async word(
    transaction: Transaction,
    { tenant, actor }: Access,
    id: string,
    since: string | undefined,
    reason: string,
  ): Promise<Evidence | string> {
    const [number] = isUuid(id) ? await this.people.identifiers(transaction, [id]) : [];
    if (!number) throw Problem.notFound('There is no such identifier');
    mayHaveAnother(number);
    const now = Date.now();
    const at = since === undefined ? now : Date.parse(since);
    if (at > now) throw Problem.invalid([{ field: 'since', detail: 'must not be in the future' }]);
    const before = since === undefined ? await this.people.awaitedOwner(transaction, number.id) : undefined;
    if (before !== undefined) return before;
    const times = await this.evidence.retractedBefore(transaction, 'new-owner', number.id, null);
    const actId = deterministicId('evidence', tenant, 'new-owner', number.id, String(at), String(times));
    return newOwnerEvidence({ actId, actor, reason, at: now }, number.id, at);
  }
}

function mayHaveAnother(number: IdentifierRow): void {
  if (number.type !== 'phone') {
    throw Problem.invalid([{ field: 'id', detail: 'is no telephone number: only these are given to somebody else' }]);
  }
  const is = classNow(number, number.standing ?? undefined);
  if (is !== 'personal') throw Problem.conflict('The number is nobody’s own: it has no owner', { class: is });
}
