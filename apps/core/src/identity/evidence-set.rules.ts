import type { Edge, Evidence, IdentifierFacts, Node } from './evidence.js';

/** An `Edge` whose ends are positions in `IdentityGraph.nodes`. */
export interface Tie {
  readonly from: number;
  readonly to: number;
  readonly edge: Edge;
}

/** A moment in the life of one node: of a claim on it, of verified evidence about it, or of a contact by it. */
export interface Claimed {
  readonly id: string;
  readonly kind: Evidence['kind'];
  readonly at: number;
  readonly by: number;
}
export interface Contacted {
  readonly id: string;
  readonly at: number;
}

/** The evidence set by what the rules ask of it. Nothing here depends on the order of the input. */
export interface IdentityGraph {
  /** Sorted by identifier id. Where rule I13 will put further epochs of a number. */
  readonly nodes: readonly Node[];
  /** Facts of each node's identifier. */
  readonly facts: readonly IdentifierFacts[];
  /** Verified `same`, `platform` and `record`: one tie per pair and kind. */
  readonly verified: readonly Tie[];
  /** One tie per claimant and claimed node. */
  readonly claims: readonly Tie[];
  /** By claimed node, each in order of (time, id). */
  readonly claimed: ReadonlyMap<number, readonly Claimed[]>;
  readonly contacted: ReadonlyMap<number, readonly Contacted[]>;
  /** Verified evidence by each of its ends, in order of (time, id). */
  readonly owned: ReadonlyMap<number, readonly Claimed[]>;
  readonly different: readonly { readonly from: number; readonly to: number; readonly id: string }[];
}

/** Blocked and shared identifiers join nobody (rule I6). */
export function joinsNobody(facts: IdentifierFacts): boolean {
  return facts.class === 'blocked' || facts.class === 'shared';
}

export function byTimeThenId(a: { at: number; id: string }, b: { at: number; id: string }): number {
  return a.at - b.at || compare(a.id, b.id);
}

/** Order of code units: a locale's order differs between machines. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function graphOf(identifiers: readonly IdentifierFacts[], evidence: readonly Evidence[]): IdentityGraph {
  const facts = [...new Map(identifiers.map((one) => [one.id, one])).values()].sort((a, b) => compare(a.id, b.id));
  const nodes = facts.map(({ id }): Node => ({ identifierId: id, epoch: 1 }));
  const position = new Map(facts.map(({ id }, index) => [id, index]));
  const claimed = new Map<number, Claimed[]>();
  const contacted = new Map<number, Contacted[]>();
  const owned = new Map<number, Claimed[]>();
  const different: { from: number; to: number; id: string }[] = [];
  const verified = new Map<string, Evidence[]>();
  const claims = new Map<string, Evidence[]>();

  for (const one of liveEvidence(evidence)) {
    const from = position.get(one.a);
    // an erased identifier leaves its evidence behind, as keyed hashes that tie nobody
    if (from === undefined) continue;
    if (one.kind === 'contact') {
      if (one.strength !== 'claimed') append(contacted, from, { id: one.id, at: one.at });
      continue;
    }
    const to = one.b === null ? undefined : position.get(one.b);
    if (to === undefined || to === from) continue;
    if (one.kind === 'claim') {
      append(claims, `${from} ${to}`, one);
      append(claimed, to, { id: one.id, kind: one.kind, at: one.at, by: from });
    } else if (one.kind === 'different') {
      different.push({ from, to, id: one.id });
    } else if (one.strength === 'verified') {
      append(verified, `${one.kind} ${Math.min(from, to)} ${Math.max(from, to)}`, one);
      append(owned, from, { id: one.id, kind: one.kind, at: one.at, by: to });
      append(owned, to, { id: one.id, kind: one.kind, at: one.at, by: from });
    }
  }

  const tieOf = (records: readonly Evidence[]): Tie => {
    const { a, b, kind, at, id, rule, actor, reason } = records[0]!;
    const from = position.get(a)!;
    const to = position.get(b!)!;
    const edge: Edge = {
      a: nodes[from]!,
      b: nodes[to]!,
      level: kind === 'claim' ? 'claimed' : 'verified',
      kind: kind as 'same' | 'platform' | 'record' | 'claim',
      rule,
      at,
      hash: id,
      evidenceIds: records.map((record) => record.id),
      actor,
      reason,
    };
    return { from, to, edge };
  };
  return {
    nodes,
    facts,
    verified: [...verified.values()].map(tieOf),
    claims: [...claims.values()].map(tieOf),
    claimed,
    contacted,
    owned,
    different,
  };
}

/** In order of (time, id); repeats collapse to their least time; what was retracted, in any copy, was never asserted. */
function liveEvidence(evidence: readonly Evidence[]): Evidence[] {
  const byId = new Map<string, Evidence>();
  const dead = new Set<string>();
  for (const one of evidence) {
    if (one.retractedBy !== null) dead.add(one.id);
    const known = byId.get(one.id);
    if (!known || one.at < known.at) byId.set(one.id, one);
  }
  return [...byId.values()].filter((one) => !dead.has(one.id) && one.strength !== 'suggestion').sort(byTimeThenId);
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
