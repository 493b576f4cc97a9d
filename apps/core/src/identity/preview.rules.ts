import { diffResolutions, membershipRows } from './change.rules.js';
import type { Conflict, Evidence } from './evidence.js';
import type { Preview } from './identity-change.js';
import { resolveIdentity, type IdentityInput } from './identity.resolver.js';

/** What an agent's "same person" would do; the input must hold the components of both ends. */
export function previewSame(input: IdentityInput, added: Evidence): Preview {
  return preview(input, [...input.evidence, added]);
}

/** What an agent's "new owner" would do. */
export function previewNewOwner(input: IdentityInput, added: Evidence): Preview {
  return preview(input, [...input.evidence, added]);
}

/** What an agent's "different person" would do. */
export function previewDifferent(input: IdentityInput, added: readonly Evidence[]): Preview {
  return preview(input, [...input.evidence, ...added]);
}

/** What retracting a record would do; ids that the input does not hold change nothing. */
export function previewRetract(input: IdentityInput, evidenceId: string, retractionId: string): Preview {
  return preview(
    input,
    input.evidence.map((one) => (one.id === evidenceId ? { ...one, retractedBy: retractionId } : one)),
  );
}

function preview(input: IdentityInput, evidence: readonly Evidence[]): Preview {
  const before = resolveIdentity(input);
  const after = resolveIdentity({ ...input, evidence });
  const changes = diffResolutions(membershipRows(before), after, evidence);
  const known = new Set(before.conflicts.map(conflictKey));
  return {
    after,
    joins: changes.filter(({ kind }) => kind === 'linked'),
    splits: changes.filter(({ kind }) => kind === 'split'),
    changes,
    conflicts: after.conflicts.filter((conflict) => !known.has(conflictKey(conflict))),
  };
}

/** A pair that is in conflict already is so anew when somebody says it again. */
function conflictKey({ because, evidenceIds }: Conflict): string {
  return `${because} ${evidenceIds.join(' ')}`;
}
