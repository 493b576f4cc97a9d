import { compare } from './evidence-set.rules.js';
import type { BegunEpoch, Conflict, Edge, Evidence, Member, Node, Resolution, ResolvedPerson } from './evidence.js';
import { pathBetween } from './explanation.rules.js';
import type { Cause, MemberSet } from './identity-change.js';

/** The edges of a person that bridge what was apart; `placeBefore` null: in nobody. */
export function causesOfJoin(person: ResolvedPerson, placeBefore: (node: Node) => string | null): Cause[] {
  return sorted(
    person.edges
      .filter(({ a, b }) => placeBefore(a) === null || placeBefore(b) === null || placeBefore(a) !== placeBefore(b))
      .map(causeOf),
  );
}

/** The edges on the members' paths that make them what they are: those as weak as the path. */
export function causesOfLevel(person: ResolvedPerson, members: readonly Member[]): Cause[] {
  const edges = members.flatMap((member) =>
    pathBetween(person.edges, person.root, member).filter(({ level }) => level === member.level),
  );
  return sorted(edges.map(causeOf));
}

/** What stands between the pieces now (conflicts), and what tied them and was retracted. */
export function causesOfSplit(pieces: readonly MemberSet[], after: Resolution, evidence: readonly Evidence[]): Cause[] {
  // of an identifier in two epochs the evidence is about either: its last place stands for it
  const piece = new Map(
    pieces.flatMap(({ members }, index) => members.map(({ identifierId }) => [identifierId, index] as const)),
  );
  const pieceOf = (identifierId: string): number | undefined => piece.get(identifierId);
  const apart = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined && b !== undefined && a !== b;
  const records = new Map(evidence.map((one) => [one.id, one]));
  const conflicts = after.conflicts
    .filter(({ a, b }) => apart(pieceOf(a.identifierId), pieceOf(b.identifierId)))
    .map((conflict): Cause => {
      const said = conflict.against.map((id) => records.get(id)).find((one) => one?.kind === 'different');
      return {
        evidenceIds: conflict.against,
        rule: ruleOf(conflict),
        actor: said?.actor ?? null,
        reason: said?.reason ?? null,
      };
    });
  const claims = evidence.filter(({ kind, a, b }) => kind === 'claim' && b !== null && apart(pieceOf(a), pieceOf(b)));
  const claimed = new Set(claims.map(({ b }) => b));
  const retracted = evidence
    .filter(({ retractedBy }) => retractedBy !== null)
    .filter(({ kind, a, b }) => {
      if (kind === 'new-owner') return piece.has(a);
      return kind === 'contact' ? claimed.has(a) : b !== null && apart(pieceOf(a), pieceOf(b));
    })
    .map(({ id, retractedBy, rule }): Cause => {
      return { evidenceIds: [id, retractedBy!], rule, actor: null, reason: null };
    });
  const epochs = after.epochs
    .filter((epoch) => piece.has(epoch.identifierId))
    .map((epoch) => causeOfEpoch(epoch, evidence));
  return sorted([...conflicts, ...retracted, ...epochs]);
}

/** Why a number is somebody else's since then (rule I13). */
export function causeOfEpoch({ evidenceIds }: BegunEpoch, evidence: readonly Evidence[]): Cause {
  const said = evidence.find(({ id, kind }) => id === evidenceIds[0] && kind === 'new-owner');
  return { evidenceIds, rule: 'I13', actor: said?.actor ?? null, reason: said?.reason ?? null };
}

function ruleOf({ because, against }: Conflict): string {
  // who is against it is known of what rule I7 made shared, not of a class that was given
  if (because === 'shared') return against.length > 0 ? 'I7' : 'I6';
  return RULES[because];
}

const RULES = {
  'cannot-link': 'I8',
  cap: 'I8',
  contested: 'I7',
  'claimed-by-several': 'I5',
  size: 'I16',
} as const;

function causeOf({ evidenceIds, rule, actor, reason }: Edge): Cause {
  return { evidenceIds, rule, actor, reason };
}

/** In a settled order, each once. */
function sorted(causes: readonly Cause[]): Cause[] {
  const byKey = new Map(causes.map((cause) => [JSON.stringify(cause), cause]));
  return [...byKey].sort(([a], [b]) => compare(a, b)).map(([, cause]) => cause);
}
