import { causeOfEpoch } from './cause.rules.js';
import { compare, isWithin } from './evidence-set.rules.js';
import type { Evidence, Resolution } from './evidence.js';
import { nodeKey } from './explanation.rules.js';
import type { Cause, IdentityChange, MemberSet, MembershipRow } from './identity-change.js';

/**
 * Numbers that are somebody else's since some time, and were one person's all along before this was known: `split`. The other way round, a time that turned out
 * to be no other owner's: `linked`.
 * @param is memberships after, by node
 */
export function epochChanges(
  before: readonly MembershipRow[],
  is: ReadonlyMap<string, MembershipRow>,
  after: Resolution,
  evidence: readonly Evidence[],
): IdentityChange[] {
  const was = new Map(before.map((row) => [nodeKey(row), row]));
  const begun = after.epochs.flatMap((epoch): IdentityChange[] => {
    const own = is.get(nodeKey(epoch));
    const former = before.find((row) => row.identifierId === epoch.identifierId && isWithin(epoch.since, row));
    if (was.has(nodeKey(epoch)) || !own || !former || former.personId === own.personId) return [];
    const now = is.get(nodeKey(former));
    const left = now && now.personId !== own.personId ? [setOf(now)] : [];
    const causes = [causeOfEpoch(epoch, evidence)];
    const sets = [...left, setOf(own)].sort(byPerson);
    return [{ kind: 'split', personId: former.personId, before: [setOf(former)], after: sets, causes }];
  });
  const ended = before.flatMap((row): IdentityChange[] => {
    if (row.epoch === 1 || is.has(nodeKey(row))) return [];
    const now = [...is.values()].find((one) => one.identifierId === row.identifierId && isWithin(row.since!, one));
    const other = now && was.get(nodeKey(now));
    if (!now || !other || other.personId === row.personId) return [];
    const causes = takenBack(row, evidence);
    return [
      {
        kind: 'linked',
        personId: now.personId,
        before: [setOf(other), setOf(row)].sort(byPerson),
        after: [setOf(now)],
        causes,
      },
    ];
  });
  return [...begun, ...ended];
}

/** What had begun the epoch, as far as it was taken back. */
function takenBack({ identifierId, since }: MembershipRow, evidence: readonly Evidence[]): Cause[] {
  return evidence
    .filter((one) => one.retractedBy !== null && one.at === since && [one.a, one.b].includes(identifierId))
    .map(({ id, retractedBy }) => ({ evidenceIds: [id, retractedBy!], rule: 'I13', actor: null, reason: null }))
    .sort((a, b) => compare(a.evidenceIds[0]!, b.evidenceIds[0]!));
}

function setOf({ personId, identifierId, epoch, level }: MembershipRow): MemberSet {
  return { personId, members: [{ identifierId, epoch, level }] };
}

const byPerson = (a: MemberSet, b: MemberSet): number => compare(a.personId ?? '', b.personId ?? '');
