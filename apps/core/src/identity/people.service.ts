import { TOPICS, deterministicId, joinKey } from '@lienmach/contracts';
import type { EntityManager } from 'typeorm';
import { historyRow, stateRow } from '../relay/envelope.js';
import type { OutboxRow } from '../relay/outbox.repository.js';
import { diffResolutions, membershipRows, presentStandings, standingChanges } from './change.rules.js';
import type { RuleSetOf } from '../rules/rule-sets.service.js';
import type { Resolution } from './evidence.js';
import { nodeKey } from './explanation.rules.js';
import type { MembershipRow } from './identity-change.js';
import { resolveIdentity } from './identity.resolver.js';
import { changeRow, mapRows, personRows } from './people-outbox.js';
import {
  PeopleRepository,
  type ConflictRow,
  type EdgeRow,
  type PersonNameRow,
  type StoredMembership,
  type TenantEvidence,
  type TenantKey,
} from './people.repository.js';

export interface PeopleChanged {
  /** People whose members are others than before: their conversations have to be folded anew. */
  readonly refold: ReadonlySet<string>;
  /** Unions newly refused because the person would grow over the limit (rule I16): somebody has to look at them. */
  readonly tooLarge: readonly ConflictRow[];
  readonly outbox: OutboxRow[];
}

/** Computes the people of components from their evidence, and tells what that changed. Runs within transaction 2, everything locked. */
export class PeopleService {
  /**
   * @param keys whole components: closed under evidence and under the people as they stand
   * @param byRules identifiers that a change of the rules brought here
   */
  async recompute(
    manager: EntityManager,
    keys: readonly TenantKey[],
    rulesOf: RuleSetOf,
    byRules: ReadonlySet<string> = new Set(),
  ): Promise<PeopleChanged> {
    const repository = new PeopleRepository(manager);
    const identifiers = await repository.identifiers(keys);
    const evidence = await repository.evidence(keys);
    const before = await repository.memberships(keys);
    const values = await repository.values(keys);

    const outbox: OutboxRow[] = [];
    const refold = new Set<string>();
    const after: StoredMembership[] = [];
    const named: PersonNameRow[] = [];
    const people: Parameters<PeopleRepository['storePeople']>[0][number][] = [];
    const gone: TenantKey[] = [];
    const edges: EdgeRow[] = [];
    const conflicts: ConflictRow[] = [];
    const standings: Parameters<PeopleRepository['storeStandings']>[0][number][] = [];

    for (const tenant of new Set(keys.map((key) => key.tenant))) {
      const mine = <T extends { tenant: string }>(rows: readonly T[]): T[] =>
        rows.filter((row) => row.tenant === tenant);
      const known = mine(identifiers);
      const rules = rulesOf(tenant).identity;
      const resolution = resolveIdentity({ identifiers: known, evidence: mine(evidence), rules });
      const was = new Map(known.flatMap(({ id, standing }) => (standing ? [[id, standing] as const] : [])));
      const is = new Map([...presentStandings(resolution)].map(([id, standing]) => [id, standing.is]));
      const changes = [
        ...diffResolutions(mine(before), resolution, mine(evidence)),
        ...standingChanges(was, resolution),
      ];
      const rows = membershipRows(resolution);
      const ids = new Set(resolution.people.map(({ id }) => id));
      const goneHere = [...new Set(mine(before).map(({ personId }) => personId))].filter((id) => !ids.has(id));

      const begun = new Map(resolution.epochs.map((epoch) => [nodeKey(epoch), epoch]));
      for (const row of rows) {
        const { because, evidenceIds, personSeed } = begun.get(nodeKey(row)) ?? {};
        const own = personSeed === undefined ? null : { because: because!, evidenceIds: evidenceIds!, personSeed };
        after.push({ ...row, tenant, since: row.since ?? null, until: row.until ?? null, begun: own });
      }
      for (const { personSeed, identifierId, since } of resolution.epochs) {
        named.push({ tenant, id: personSeed, identifierId, at: since });
      }
      for (const { id, root } of resolution.people) {
        people.push({ tenant, id, rootIdentifierId: root.identifierId, rootEpoch: root.epoch });
      }
      for (const id of goneHere) gone.push({ tenant, id });
      for (const change of changes) {
        if (change.kind === 'level-changed' || change.kind === 'class-changed') continue;
        for (const { personId } of change.after) if (personId) refold.add(personId);
      }
      for (const personId of ownersInTurnAnew(mine(before), rows)) refold.add(personId);
      for (const { id, standing } of known) {
        const now = is.get(id) ?? null;
        if (now !== standing) standings.push({ tenant, id, standing: now });
      }
      edges.push(...edgeRows(tenant, resolution));
      conflicts.push(...conflictRows(tenant, resolution));
      outbox.push(
        ...mapRows(tenant, known, mine(before), rows, is, rules.version),
        ...goneHere.map((id) => stateRow(tenant, TOPICS.personState, id, 'person-state', null)),
        ...personRows(tenant, known, resolution, mine(values), rules.version),
        ...changes.flatMap((change) => changeRow(tenant, change, known, mine(evidence), rules.version, byRules)),
      );
    }

    await repository.storeMemberships(keys, after);
    await repository.storePeople(people, gone);
    await repository.storePersonNames(named);
    await repository.storeStandings(standings);
    const refused = conflicts.filter(({ edge }) => edge.because === 'size');
    const known = await repository.knownConflicts(refused);
    if (evidence.length > 0) await repository.storeEdges(keys, edges, conflicts);
    outbox.push(...(await this.tellEvidence(repository, evidence, rulesOf)));
    return { refold, outbox, tooLarge: refused.filter(({ id }) => !known.has(id)) };
  }

  /** Evidence and retractions that no topic has told yet. */
  private async tellEvidence(
    repository: PeopleRepository,
    evidence: readonly TenantEvidence[],
    rulesOf: RuleSetOf,
  ): Promise<OutboxRow[]> {
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
        ...(one.validFrom != null && { validFrom: new Date(one.validFrom).toISOString() }),
        ...(one.validTo != null && { validTo: new Date(one.validTo).toISOString() }),
        rulesVersion: rulesOf(one.tenant).version,
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

/** Who has or had a number of which it is now another one's at some time than before: its items are shared out anew. */
function ownersInTurnAnew(before: readonly MembershipRow[], after: readonly MembershipRow[]): Set<string> {
  const turns = (rows: readonly MembershipRow[]): Map<string, string> => {
    const spans = new Map<string, string[]>();
    for (const { identifierId, epoch, since, until } of rows) {
      if (since == null && until == null) continue;
      spans.set(identifierId, [...(spans.get(identifierId) ?? []), `${epoch} ${since ?? ''} ${until ?? ''}`]);
    }
    return new Map([...spans].map(([id, own]) => [id, own.sort().join()]));
  };
  const [was, is] = [turns(before), turns(after)];
  return new Set(
    after.flatMap(({ identifierId, personId }) => (was.get(identifierId) === is.get(identifierId) ? [] : [personId])),
  );
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
