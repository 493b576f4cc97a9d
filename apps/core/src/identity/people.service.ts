import { TOPICS, deterministicId, joinKey } from '@lienmach/contracts';
import type { EntityManager } from 'typeorm';
import { historyRow, stateRow } from '../relay/envelope.js';
import type { OutboxRow } from '../relay/outbox.repository.js';
import { diffResolutions, membershipRows } from './change.rules.js';
import { DEFAULT_IDENTITY_RULES, type IdentityRules, type Resolution } from './evidence.js';
import type { IdentityChange, MemberSet, MembershipRow } from './identity-change.js';
import { resolveIdentity } from './identity.resolver.js';
import {
  PeopleRepository,
  type ConflictRow,
  type EdgeRow,
  type TenantEvidence,
  type TenantIdentifier,
  type TenantKey,
} from './people.repository.js';

export interface PeopleChanged {
  /** People whose members are others than before: their conversations have to be folded anew. */
  readonly refold: ReadonlySet<string>;
  readonly outbox: OutboxRow[];
}

/** Computes the people of components from their evidence, and tells what that changed. Runs within transaction 2, everything locked. */
export class PeopleService {
  constructor(private readonly rules: IdentityRules = DEFAULT_IDENTITY_RULES) {}

  /** @param keys whole components: closed under evidence and under the people as they stand */
  async recompute(manager: EntityManager, keys: readonly TenantKey[]): Promise<PeopleChanged> {
    const repository = new PeopleRepository(manager);
    const identifiers = await repository.identifiers(keys);
    const evidence = await repository.evidence(keys);
    const before = await repository.memberships(keys);

    const outbox: OutboxRow[] = [];
    const refold = new Set<string>();
    const after: (MembershipRow & { tenant: string })[] = [];
    const people: Parameters<PeopleRepository['storePeople']>[0][number][] = [];
    const gone: TenantKey[] = [];
    const edges: EdgeRow[] = [];
    const conflicts: ConflictRow[] = [];

    for (const tenant of new Set(keys.map((key) => key.tenant))) {
      const mine = <T extends { tenant: string }>(rows: readonly T[]): T[] =>
        rows.filter((row) => row.tenant === tenant);
      const known = mine(identifiers);
      const resolution = resolveIdentity({ identifiers: known, evidence: mine(evidence), rules: this.rules });
      const changes = diffResolutions(mine(before), resolution, mine(evidence));
      const rows = membershipRows(resolution);
      const ids = new Set(resolution.people.map(({ id }) => id));
      const goneHere = [...new Set(mine(before).map(({ personId }) => personId))].filter((id) => !ids.has(id));

      for (const row of rows) after.push({ ...row, tenant });
      for (const { id, root } of resolution.people) {
        people.push({ tenant, id, rootIdentifierId: root.identifierId, rootEpoch: root.epoch });
      }
      for (const id of goneHere) gone.push({ tenant, id });
      for (const change of changes) {
        if (change.kind === 'level-changed') continue;
        for (const { personId } of change.after) if (personId) refold.add(personId);
      }
      edges.push(...edgeRows(tenant, resolution));
      conflicts.push(...conflictRows(tenant, resolution));
      outbox.push(
        ...mapRows(tenant, known, mine(before), rows, this.rules.version),
        ...goneHere.map((id) => stateRow(tenant, TOPICS.personState, id, 'person-state', null)),
        ...personRows(tenant, known, resolution, this.rules.version),
        ...changes.flatMap((change) => changeRow(tenant, change, known, mine(evidence), this.rules.version)),
      );
    }

    await repository.storeMemberships(keys, after);
    await repository.storePeople(people, gone);
    if (evidence.length > 0) await repository.storeEdges(keys, edges, conflicts);
    outbox.push(...(await this.tellEvidence(repository, evidence)));
    return { refold, outbox };
  }

  /** Evidence and retractions that no topic has told yet. */
  private async tellEvidence(repository: PeopleRepository, evidence: readonly TenantEvidence[]): Promise<OutboxRow[]> {
    const untold = evidence.filter(({ published }) => !published);
    const retracted = evidence.filter(({ retractedBy }) => retractedBy !== null);
    const retractions = retracted.length > 0 ? await repository.untoldRetractions(retracted) : [];
    await repository.markTold('evidence', untold);
    await repository.markTold('retraction', retractions);
    const byId = new Map(evidence.map((one) => [one.id, one]));
    const told = (
      one: TenantEvidence,
      at: number,
      own: { id: string; actor: string | null; reason: string | null },
    ) => ({
      tenant: one.tenant,
      topic: TOPICS.identityEvidence,
      key: joinKey(one.a, one.b ?? one.a),
      id: own.id,
      at,
      subject: one.a,
      data: {
        evidenceId: own.id,
        kind: one.kind,
        strength: one.strength,
        pair: one.b === null ? [one.a] : [one.a, one.b],
        at: new Date(at).toISOString(),
        sourceEventId: one.sourceEvent,
        actor: own.actor,
        rule: one.rule,
        reason: own.reason,
        retracts: own.id === one.id ? null : one.id,
        rulesVersion: this.rules.version,
      },
    });
    return [
      ...untold.map((one) => historyRow({ ...told(one, one.at, one), type: 'evidence.asserted' })),
      ...retractions.map((retraction) =>
        historyRow({
          ...told(byId.get(retraction.evidenceId)!, retraction.at, retraction),
          type: 'evidence.retracted',
        }),
      ),
    ];
  }
}

function edgeRows(tenant: string, { people, claims }: Resolution): EdgeRow[] {
  const row = (edge: EdgeRow['edge'], joins: boolean, position: number): EdgeRow => ({
    tenant,
    id: deterministicId('derived', 'edge', tenant, edge.kind, edge.hash, edge.a.identifierId, edge.b.identifierId),
    a: edge.a.identifierId,
    b: edge.b.identifierId,
    joins,
    position,
    edge,
  });
  const rows = [
    ...people.flatMap(({ edges }) => edges.map((edge, position) => row(edge, true, position))),
    ...claims.map((edge, position) => row(edge, false, position)),
  ];
  return [...new Map(rows.map((one) => [one.id, one])).values()];
}

function conflictRows(tenant: string, { conflicts }: Resolution): ConflictRow[] {
  const rows = conflicts.map((edge) => ({
    tenant,
    id: deterministicId(
      'derived',
      'conflict',
      tenant,
      edge.because,
      edge.hash,
      edge.a.identifierId,
      edge.b.identifierId,
    ),
    a: edge.a.identifierId,
    b: edge.b.identifierId,
    edge,
  }));
  return [...new Map(rows.map((one) => [one.id, one])).values()];
}

/** identity.map: identifiers whose person or level is another than before. */
function mapRows(
  tenant: string,
  identifiers: readonly TenantIdentifier[],
  before: readonly MembershipRow[],
  after: readonly MembershipRow[],
  rulesVersion: number,
): OutboxRow[] {
  const facts = new Map(identifiers.map((identifier) => [identifier.id, identifier]));
  const key = (row: MembershipRow): string => `${row.identifierId}:${row.epoch}`;
  const was = new Map(before.map((row) => [key(row), row]));
  const is = new Map(after.map((row) => [key(row), row]));
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
    const old = was.get(name);
    const now = is.get(name);
    if (old && now && old.personId === now.personId && old.level === now.level) return [];
    const { identifierId, epoch } = (now ?? old)!;
    const { type, class: identifierClass } = facts.get(identifierId)!;
    return [
      stateRow(tenant, TOPICS.identityMap, name, 'identity-map', {
        identifierId,
        type,
        epoch,
        personId: now?.personId ?? null,
        level: now?.level ?? null,
        class: identifierClass,
        rulesVersion,
      }),
    ];
  });
}

function personRows(
  tenant: string,
  identifiers: readonly TenantIdentifier[],
  { people }: Resolution,
  rulesVersion: number,
): OutboxRow[] {
  const facts = new Map(identifiers.map((identifier) => [identifier.id, identifier]));
  return people.map(({ id, root, members }) => {
    const own = members.map((member) => ({ member, identifier: facts.get(member.identifierId)! }));
    return stateRow(tenant, TOPICS.personState, id, 'person-state', {
      personId: id,
      formerIds: own.map(({ identifier }) => identifier.personSeed).filter((seed) => seed !== id),
      name:
        facts.get(root.identifierId)?.name ?? own.find(({ identifier }) => identifier.name)?.identifier.name ?? null,
      identifiers: own.map(({ member, identifier }) => ({
        id: identifier.id,
        type: identifier.type,
        scope: identifier.scope,
        value: identifier.value,
        epoch: member.epoch,
        class: identifier.class,
        level: member.level,
      })),
      rulesVersion,
    });
  });
}

/** person.changes; a level is told by identity.map alone. */
function changeRow(
  tenant: string,
  change: IdentityChange,
  identifiers: readonly TenantIdentifier[],
  evidence: readonly TenantEvidence[],
  rulesVersion: number,
): OutboxRow[] {
  if (change.kind === 'level-changed') return [];
  const evidenceIds = [...new Set(change.causes.flatMap((cause) => cause.evidenceIds))].sort();
  const causing = evidence.filter(({ id }) => evidenceIds.includes(id));
  const first = Math.min(...identifiers.flatMap(({ firstOwn }) => (firstOwn ? [firstOwn.at] : [])));
  const sets = (list: readonly MemberSet[]) =>
    list.flatMap(({ personId, members }) =>
      personId === null ? [] : [{ personId, identifiers: members.map(({ identifierId }) => identifierId) }],
    );
  const data = {
    before: sets(change.before),
    after: sets(change.after),
    cause: causing.some(({ retractedBy }) => retractedBy !== null) ? 'retraction' : 'evidence',
    rule: change.causes[0]?.rule ?? 'I10',
    evidenceIds,
    actor:
      change.causes.find(({ actor }) => actor !== null)?.actor ??
      causing.find(({ retractedActor }) => retractedActor !== null)?.retractedActor ??
      null,
    rulesVersion,
  };
  return [
    historyRow({
      tenant,
      topic: TOPICS.personChanges,
      key: change.personId,
      type: `person.${change.kind}`,
      id: deterministicId('derived', change.kind, tenant, change.personId, JSON.stringify(data)),
      at: causing.length > 0 ? Math.max(...causing.map(({ at }) => at)) : Number.isFinite(first) ? first : 0,
      subject: change.personId,
      data,
    }),
  ];
}
