import { randomUUID } from 'node:crypto';
import { PROFILE_FIELDS, TOPICS, deterministicId, type ProfileField } from '@lienmach/contracts';
import { Injectable } from '@nestjs/common';
import type { Access } from '../access/access.js';
import { Problem, type FieldError } from '../api/problem.js';
import { SettlementService } from '../api/settlement.service.js';
import { isUuid } from '../api/uuid.js';
import { DirtyRepository } from '../database/dirty.repository.js';
import { TenantDatabase, type Transaction } from '../database/tenant-database.js';
import { historyRow } from '../relay/envelope.js';
import { OUTBOX_CHANNEL, OutboxRepository } from '../relay/outbox.repository.js';
import { ruleSetsOf } from '../rules/rule-sets.service.js';
import { PersonRepository, type MeantIdentifier } from './person.repository.js';
import { PersonService } from './person.service.js';
import type { PersonDto } from './person.dto.js';
import { ProfileEditRepository, type ProfileEdit, type Said } from './profile-edit.repository.js';
import type { EditPersonDto, EditUndoneDto } from './profile-edit.dto.js';
import { wrongWith } from './profile.rules.js';

/** What came and what went by one word of an agent. */
interface Edited {
  readonly personId: string;
  readonly cause: 'agent' | 'undo';
  readonly edits: readonly Pick<ProfileEdit, 'id' | 'identifierId' | 'field'>[];
}

/** Agents' words about what customers are called and where they live (rule I15): records that no channel overwrites, and that are undone like any. */
@Injectable()
export class ProfileEditService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly people: PersonService,
    private readonly members: PersonRepository,
    private readonly edits: ProfileEditRepository,
    private readonly dirty: DirtyRepository,
    private readonly settlement: SettlementService,
  ) {}

  /** @throws Problem 404, 422 */
  async edit(access: Access, id: string, { reason, ...fields }: EditPersonDto): Promise<PersonDto> {
    const wanted = wantedOf(fields);
    const marks = await this.database.write(access.tenant, async (transaction) => {
      const personId = await this.people.present(transaction, id);
      const members = await this.members.meant(transaction, personId);
      await this.edits.lock(
        transaction,
        members.map((member) => member.id),
      );
      const said = { at: Date.now(), actor: access.actor, reason };
      const taken = await this.takeBack(transaction, personId, wanted, said);
      const given = await this.give(transaction, personId, members, wanted, said);
      return [
        ...(await this.tell(transaction, { personId, cause: 'undo', edits: taken }, said)),
        ...(await this.tell(transaction, { personId, cause: 'agent', edits: given }, said)),
      ];
    });
    await this.settlement.settled(access.tenant, marks);
    return this.people.get(access, id);
  }

  /** @throws Problem 404 */
  async undo(access: Access, id: string, reason: string): Promise<EditUndoneDto> {
    const { undone, marks } = await this.database.write(access.tenant, async (transaction) => {
      const edit = isUuid(id) ? await this.edits.find(transaction, id) : undefined;
      if (!edit) throw Problem.notFound('There is no such edit');
      await this.edits.lock(transaction, [edit.identifierId]);
      const said = { at: Date.now(), actor: access.actor, reason };
      const done = await this.edits.undo(transaction, [edit.id], said);
      const personId = await this.edits.personAt(transaction, edit.identifierId, edit.meantAt ?? edit.at);
      const edits = done.length > 0 ? [edit] : [];
      return {
        undone: { undoes: edit.id, personId: personId ?? null },
        marks: await this.tell(transaction, { personId: personId ?? edit.identifierId, cause: 'undo', edits }, said),
      };
    });
    await this.settlement.settled(access.tenant, marks);
    return undone;
  }

  /** Of the fields that are null everything that agents said and that stands. */
  private async takeBack(
    transaction: Transaction,
    personId: string,
    wanted: ReadonlyMap<ProfileField, string | null>,
    said: Said,
  ): Promise<Edited['edits']> {
    const values = await this.members.values(transaction, personId);
    const standing = values.flatMap(({ editId, identifierId, field }) =>
      editId !== null && wanted.get(field) === null ? [{ id: editId, identifierId, field }] : [],
    );
    if (standing.length === 0) return [];
    const done = new Set(
      await this.edits.undo(
        transaction,
        standing.map((one) => one.id),
        said,
      ),
    );
    return standing.filter((one) => done.has(one.id));
  }

  /** What agents said last, said again, is no other record. */
  private async give(
    transaction: Transaction,
    personId: string,
    members: readonly MeantIdentifier[],
    wanted: ReadonlyMap<ProfileField, string | null>,
    said: Said,
  ): Promise<ProfileEdit[]> {
    const root = await this.members.root(transaction, personId);
    const meant =
      members.find((member) => member.id === root?.identifierId && member.epoch === root.epoch) ?? members[0]!;
    const before = (await this.members.values(transaction, personId)).filter(({ editId }) => editId !== null);
    const edits = [...wanted].flatMap(([field, value]): ProfileEdit[] => {
      const latest = before.find((one) => one.field === field);
      if (value === null || latest?.value === value) return [];
      // whose clock is behind comes after what he saw all the same
      const at = Math.max(said.at, (latest?.at ?? 0) + 1);
      return [{ id: randomUUID(), identifierId: meant.id, meantAt: meant.at, field, value, at }];
    });
    await this.edits.insert(transaction, edits, said);
    return edits;
  }

  /** Chooses names again, publishes the word, and leaves marks for whoever publishes the state. @returns the marks */
  private async tell(transaction: Transaction, { personId, cause, edits }: Edited, said: Said): Promise<string[]> {
    if (edits.length === 0) return [];
    const { tenant, manager } = transaction;
    const named = edits.filter(({ field }) => field === 'name').map(({ identifierId }) => identifierId);
    await this.edits.chooseNames(transaction, [...new Set(named)]);
    const ids = edits.map(({ id }) => id).sort();
    const identifiers = (await this.members.meant(transaction, personId)).map(({ id }) => id);
    const set = { personId, identifiers: [...new Set(identifiers)].sort() };
    const change = historyRow({
      tenant,
      topic: TOPICS.personChanges,
      key: personId,
      type: 'person.edited',
      id: deterministicId('derived', 'person.edited', tenant, cause, ...ids),
      at: said.at,
      subject: personId,
      data: {
        before: [set],
        after: [set],
        cause,
        fields: PROFILE_FIELDS.filter((field) => edits.some((one) => one.field === field)),
        rule: 'I15',
        evidenceIds: ids,
        actor: said.actor,
        reason: said.reason,
        rulesVersion: (await ruleSetsOf(manager, [tenant]))(tenant).version,
      },
    });
    await new OutboxRepository(manager).append([change]);
    await transaction.query('SELECT pg_notify($1, $2)', [OUTBOX_CHANNEL, '']);
    const touched = [...new Set(edits.map(({ identifierId }) => identifierId))];
    const why = { at: new Date(said.at), identity: true, refold: false };
    return this.dirty.mark(
      transaction,
      touched.map((identifierId) => ({ identifierId, ...why })),
    );
  }
}

/** The fields that are asked for. @throws Problem 422 */
function wantedOf(fields: Omit<EditPersonDto, 'reason'>): Map<ProfileField, string | null> {
  const wanted = new Map<ProfileField, string | null>();
  const errors: FieldError[] = [];
  for (const field of PROFILE_FIELDS) {
    const value = fields[field];
    if (value === undefined) continue;
    const text = value === null ? null : value.trim();
    const wrong = text === null ? null : wrongWith(field, text);
    if (wrong !== null) errors.push({ field, detail: wrong });
    wanted.set(field, text);
  }
  if (errors.length > 0) throw Problem.invalid(errors);
  return wanted;
}
