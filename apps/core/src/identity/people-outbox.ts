import { TOPICS, deterministicId } from '@lienmach/contracts';
import { historyRow, stateRow } from '../relay/envelope.js';
import type { OutboxRow } from '../relay/outbox.repository.js';
import type { Node, Resolution, Span, Standing } from './evidence.js';
import type { IdentityChange, MemberSet, MembershipRow } from './identity-change.js';
import { nodeKey } from './explanation.rules.js';
import { nameWithin, shownName } from './name.rules.js';
import { shownValues, valuesOf, type KeptValue } from './profile.rules.js';
import type { TenantEvidence, TenantIdentifier } from './people.repository.js';
import { classNow } from './sharing.rules.js';

/** identity.map: identifiers whose person, level or class is another than before. */
export function mapRows(
  tenant: string,
  identifiers: readonly TenantIdentifier[],
  before: readonly MembershipRow[],
  after: readonly MembershipRow[],
  standings: ReadonlyMap<string, Standing['is']>,
  rulesVersion: number,
): OutboxRow[] {
  const facts = new Map(identifiers.map((identifier) => [identifier.id, identifier]));
  const key = (row: Node): string => `${row.identifierId}:${row.epoch}`;
  const was = new Map(before.map((row) => [key(row), row]));
  const is = new Map(after.map((row) => [key(row), row]));
  const reclassed = identifiers.flatMap(({ id, standing }) => (standing === (standings.get(id) ?? null) ? [] : [id]));
  const nobodys = reclassed.map((identifierId) => ({ identifierId, epoch: 1 }));
  const nodes = new Map([...nobodys, ...before, ...after].map((node) => [key(node), node]));
  return [...nodes.keys()].sort().flatMap((name) => {
    const old = was.get(name);
    const now = is.get(name);
    const { identifierId, epoch } = nodes.get(name)!;
    // an epoch that is no more: its time is that of another one
    if (!now && epoch > 1) return [stateRow(tenant, TOPICS.identityMap, name, 'identity-map', null)];
    const same = old?.personId === now?.personId && old?.level === now?.level && sameSpan(old, now);
    if (same && !reclassed.includes(identifierId)) return [];
    const { type } = facts.get(identifierId)!;
    return [
      stateRow(tenant, TOPICS.identityMap, name, 'identity-map', {
        identifierId,
        type,
        epoch,
        personId: now?.personId ?? null,
        level: now?.level ?? null,
        class: classNow(facts.get(identifierId)!, standings.get(identifierId)),
        ...spanOf(now ?? {}),
        rulesVersion,
      }),
    ];
  });
}

const sameSpan = (a: Span = {}, b: Span = {}): boolean =>
  (a.since ?? null) === (b.since ?? null) && (a.until ?? null) === (b.until ?? null);

const spanOf = ({ since, until }: Span) => ({
  ...(since != null && { since: new Date(since).toISOString() }),
  ...(until != null && { until: new Date(until).toISOString() }),
});

/**
 * person.state: every person of the component as known now.
 * @param values that were said of the identifiers
 */
export function personRows(
  tenant: string,
  identifiers: readonly TenantIdentifier[],
  { people, standings, epochs }: Resolution,
  values: readonly KeptValue[],
  rulesVersion: number,
): OutboxRow[] {
  const facts = new Map(identifiers.map((identifier) => [identifier.id, identifier]));
  const inTurn = new Set(epochs.map(({ identifierId }) => identifierId));
  return people.map(({ id, members }) => {
    const own = members.map((member) => ({ member, identifier: facts.get(member.identifierId)! }));
    const named = own.map(({ member, identifier }) => {
      if (!inTurn.has(identifier.id)) return identifier;
      const given = values.filter(({ identifierId, field }) => identifierId === identifier.id && field === 'name');
      return { ...identifier, ...nameWithin(given, member) };
    });
    const name = shownName(named);
    const profile = shownValues(valuesOf(values, members)).map(({ field, value, source, at }) => {
      return { field, value, source, at: new Date(at).toISOString() };
    });
    return stateRow(tenant, TOPICS.personState, id, 'person-state', {
      personId: id,
      formerIds: members.map(({ personSeed }) => personSeed).filter((seed) => seed !== id),
      name,
      ...(profile.length > 0 && { profile }),
      identifiers: own.map(({ member, identifier }) => ({
        id: identifier.id,
        type: identifier.type,
        scope: identifier.scope,
        value: identifier.value,
        epoch: member.epoch,
        class: classNow(identifier, standings.find((one) => nodeKey(one) === nodeKey(member))?.is),
        level: member.level,
        ...spanOf(member),
      })),
      rulesVersion,
    });
  });
}

/** person.changes; a level is told by identity.map alone. */
export function changeRow(
  tenant: string,
  change: IdentityChange,
  identifiers: readonly TenantIdentifier[],
  evidence: readonly TenantEvidence[],
  rulesVersion: number,
  byRules: ReadonlySet<string>,
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
    cause: causeOf(change, causing, byRules),
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

/** The evidence of a change is old where the rules brought it about. */
function causeOf(change: IdentityChange, causing: readonly TenantEvidence[], byRules: ReadonlySet<string>): string {
  const members = [...change.before, ...change.after].flatMap((set) => set.members);
  if (members.some(({ identifierId }) => byRules.has(identifierId)) && causing.every(({ published }) => published)) {
    return 'rules';
  }
  if (change.kind === 'class-changed') return 'class';
  return causing.some(({ retractedBy }) => retractedBy !== null) ? 'retraction' : 'evidence';
}
