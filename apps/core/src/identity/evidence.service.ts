import { Injectable } from '@nestjs/common';
import { deterministicId } from '@lienmach/contracts';
import type { Access } from '../access/access.js';
import { Problem } from '../api/problem.js';
import { isUuid } from '../api/uuid.js';
import { SettlementService } from '../api/settlement.service.js';
import { DirtyRepository } from '../database/dirty.repository.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import type { AssertedDto, PreviewDto, RetractedDto } from './evidence.dto.js';
import { EvidenceRepository, type EvidenceEnds } from './evidence.repository.js';
import { EvidencePreviewService } from './evidence-preview.service.js';
import { differentEvidence, sameEvidence, type AgentWord } from './evidence.rules.js';
import type { Evidence } from './evidence.js';
import { PersonRepository, type MeantIdentifier } from './person.repository.js';
import { PersonService } from './person.service.js';

/** What an agent says, translated from people to identifiers, which never change. */
interface Word {
  readonly actId: string;
  readonly evidence: readonly Evidence[];
}

export interface Other {
  readonly personId?: string;
  readonly identifierId?: string;
}

/** Agents' words about who is who (rules I8, I11). */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly people: PersonService,
    private readonly members: PersonRepository,
    private readonly evidence: EvidenceRepository,
    private readonly preview: EvidencePreviewService,
    private readonly dirty: DirtyRepository,
    private readonly settlement: SettlementService,
  ) {}

  async sameAs(access: Access, id: string, otherId: string, reason: string): Promise<AssertedDto> {
    return this.assert(access, id, async (transaction) => {
      const word = await this.same(transaction, access, id, otherId, reason);
      await this.preview.refuseIfItCannotJoin(transaction, access, word.evidence[0]!);
      return word;
    });
  }

  previewSameAs(access: Access, id: string, otherId: string, reason: string): Promise<PreviewDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const { evidence } = await this.same(transaction, access, id, otherId, reason);
      return this.preview.same(transaction, access, evidence[0]!);
    });
  }

  differentFrom(access: Access, id: string, other: Other, reason: string): Promise<AssertedDto> {
    return this.assert(access, id, (transaction) => this.different(transaction, access, id, other, reason));
  }

  previewDifferentFrom(access: Access, id: string, other: Other, reason: string): Promise<PreviewDto> {
    return this.database.read(access.tenant, async (transaction) => {
      const { evidence } = await this.different(transaction, access, id, other, reason);
      return this.preview.different(transaction, access, evidence);
    });
  }

  async retract(access: Access, id: string, reason: string): Promise<RetractedDto> {
    const { tenant } = access;
    const marks = await this.database.write(tenant, async (transaction) => {
      const named = isUuid(id) ? await this.evidence.withSiblings(transaction, id) : [];
      if (named.length === 0) throw Problem.notFound('There is no such evidence');
      const rows = named.map((one) => ({ id: retractionOf(tenant, one.id), evidenceId: one.id }));
      const by = { at: Date.now(), actor: access.actor, reason };
      const done = new Set(await this.evidence.retract(transaction, rows, by));
      return this.mark(
        transaction,
        named.filter((one) => done.has(one.id)),
        by.at,
      );
    });
    await this.settlement.settled(tenant, marks);
    return { evidenceId: retractionOf(tenant, id.toLowerCase()), retracts: id.toLowerCase() };
  }

  private async assert(
    access: Access,
    id: string,
    say: (transaction: Transaction) => Promise<Word>,
  ): Promise<AssertedDto> {
    const { word, marks } = await this.database.write(access.tenant, async (transaction) => {
      const said = await say(transaction);
      const added = new Set(await this.evidence.insert(transaction, said.actId, said.evidence));
      const changed = said.evidence.filter((one) => added.has(one.id));
      return { word: said, marks: await this.mark(transaction, changed, said.evidence[0]!.at) };
    });
    await this.settlement.settled(access.tenant, marks);
    const personId = await this.database.read(access.tenant, (transaction) => this.people.present(transaction, id));
    return { evidenceId: word.evidence[0]!.id, personId };
  }

  /** One pair: both people's id-giving members; within one person the members whose ids were named, which makes their tie verified. */
  private async same(
    transaction: Transaction,
    access: Access,
    id: string,
    otherId: string,
    reason: string,
  ): Promise<Word> {
    const [one, other] = [await this.people.present(transaction, id), await this.people.present(transaction, otherId)];
    const pair =
      one === other
        ? [await this.memberNamed(transaction, id), await this.memberNamed(transaction, otherId)]
        : [await this.root(transaction, one), await this.root(transaction, other)];
    const [a, b] = pair.sort(byName) as [MeantIdentifier, MeantIdentifier];
    if (nameOf(a) === nameOf(b))
      throw Problem.invalid([{ field: 'personId', detail: 'names the same person by the same member' }]);
    const word = await this.word(transaction, access, 'same', [a], [b], reason);
    return { actId: word.actId, evidence: [sameEvidence(word, a, b)] };
  }

  /** Every pair across the two sets as they are seen now. */
  private async different(
    transaction: Transaction,
    access: Access,
    id: string,
    other: Other,
    reason: string,
  ): Promise<Word> {
    if ((other.personId === undefined) === (other.identifierId === undefined)) {
      throw Problem.invalid([{ field: 'personId', detail: 'name either personId or identifierId' }]);
    }
    const person = await this.people.present(transaction, id);
    const against = await this.against(transaction, person, id, other);
    const members = await this.membersOf(transaction, person);
    const named = new Set(against.map(nameOf));
    const left = members.filter((member) => !named.has(nameOf(member))).sort(byName);
    const right = [...against].sort(byName);
    if (left.length === 0) {
      throw Problem.invalid([
        { field: other.personId ? 'personId' : 'identifierId', detail: 'is all that this person is' },
      ]);
    }
    const word = await this.word(transaction, access, 'different', left, right, reason);
    return { actId: word.actId, evidence: differentEvidence(word, left, right) };
  }

  private async against(
    transaction: Transaction,
    person: string,
    id: string,
    other: Other,
  ): Promise<MeantIdentifier[]> {
    if (other.identifierId !== undefined) {
      const known = isUuid(other.identifierId) ? await this.members.identifiers(transaction, [other.identifierId]) : [];
      if (known.length === 0) throw Problem.notFound('There is no such identifier');
      // of a number that several had in turn his own is meant, if it is among them
      const own = (await this.membersOf(transaction, person)).filter((member) => member.id === known[0]!.id);
      return own.length > 0 ? own : [await this.members.presently(transaction, known[0]!.id)];
    }
    const otherPerson = await this.people.present(transaction, other.personId!);
    if (otherPerson !== person) return this.membersOf(transaction, otherPerson);
    // both ids lead to one person: what is meant is the member whose id is a former one
    const named = other.personId!.toLowerCase() === person ? id : other.personId!;
    return [await this.memberNamed(transaction, named)];
  }

  private membersOf(transaction: Transaction, personId: string): Promise<MeantIdentifier[]> {
    return this.members.meant(transaction, personId);
  }

  private async root(transaction: Transaction, personId: string): Promise<MeantIdentifier> {
    const root = await this.members.root(transaction, personId);
    const members = root ? await this.membersOf(transaction, personId) : [];
    const found = members.find((member) => member.id === root?.identifierId && member.epoch === root.epoch);
    return found ?? this.memberNamed(transaction, personId);
  }

  private async memberNamed(transaction: Transaction, personId: string): Promise<MeantIdentifier> {
    const found = await this.members.identifierOfSeed(transaction, personId);
    if (found === undefined) throw Problem.notFound('There is no such person');
    return found;
  }

  /** The same word about the same members is the same record, until it is retracted. */
  private async word(
    transaction: Transaction,
    access: Access,
    kind: 'same' | 'different',
    left: readonly MeantIdentifier[],
    right: readonly MeantIdentifier[],
    reason: string,
  ): Promise<AgentWord> {
    const times = await this.evidence.retractedBefore(transaction, kind, left[0]!.id, right[0]!.id);
    const [one, other] = [left, right].map((side) => side.map(nameOf).join(' ')) as [string, string];
    const actId = deterministicId('evidence', access.tenant, kind, one, other, String(times));
    return { actId, actor: access.actor, reason, at: Date.now() };
  }

  private mark(transaction: Transaction, evidence: readonly EvidenceEnds[], at: number): Promise<string[]> {
    const touched = new Set(evidence.flatMap(({ a, b }) => (b === null ? [a] : [a, b])));
    const marks = [...touched].map((identifierId) => ({
      identifierId,
      at: new Date(at),
      identity: true,
      refold: false,
    }));
    return this.dirty.mark(transaction, marks);
  }
}

/** An identifier by its epoch too, so that a word about another one is another word. */
const nameOf = ({ id, since }: MeantIdentifier): string => (since === null ? id : `${id} ${since}`);
const byName = (a: MeantIdentifier, b: MeantIdentifier): number => (nameOf(a) < nameOf(b) ? -1 : 1);

const retractionOf = (tenant: string, evidenceId: string): string =>
  deterministicId('evidence', tenant, 'retraction', evidenceId);
