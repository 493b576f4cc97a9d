import { epochAt, epochSeed, NO_EPOCHS, type Epochs } from './epoch.rules.js';
import type { Edge, Evidence, IdentifierFacts, Node, Span } from './evidence.js';

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
  /** Sorted by identifier id and epoch. */
  readonly nodes: readonly (Node & Span)[];
  /** Facts of each node's identifier, as far as they are of its epoch. */
  readonly facts: readonly IdentifierFacts[];
  /** Verified `same`, `platform`, `record` and `one-time-code`: one tie per pair and kind. */
  readonly verified: readonly Tie[];
  /** One tie per claimant and claimed node. */
  readonly claims: readonly Tie[];
  /** By claimed node, each in order of (time, id). */
  readonly claimed: ReadonlyMap<number, readonly Claimed[]>;
  readonly contacted: ReadonlyMap<number, readonly Contacted[]>;
  /** Verified evidence by each of its ends, in order of (time, id). */
  readonly owned: ReadonlyMap<number, readonly Claimed[]>;
  readonly different: readonly { readonly from: number; readonly to: number; readonly id: string }[];
  /** Epochs that an agent's word began: verified evidence of their own. */
  readonly begun: readonly { readonly node: number; readonly at: number; readonly hash: string }[];
}

/** What a claimant of a number did: of a number that is about to be his, it is about his epoch. */
const BY_CLAIMANT: ReadonlySet<Evidence['kind']> = new Set<Evidence['kind']>(['claim', 'one-time-code']);

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

/** @param live evidence as `liveEvidence` leaves it */
export function graphOf(
  identifiers: readonly IdentifierFacts[],
  live: readonly Evidence[],
  epochs: Epochs = NO_EPOCHS,
): IdentityGraph {
  const given = [...new Map(identifiers.map((one) => [one.id, one])).values()].sort((a, b) => compare(a.id, b.id));
  const first = new Map<string, number>();
  const facts: IdentifierFacts[] = [];
  const nodes: (Node & Span)[] = [];
  for (const one of given) {
    first.set(one.id, nodes.length);
    for (const life of livesOf(one, epochs, live)) {
      facts.push(life.facts);
      nodes.push(life.node);
    }
  }
  /** Undefined: an erased identifier leaves its evidence behind, as keyed hashes that tie nobody. */
  const position = (id: string | null, at: number, claimant?: string): number | undefined => {
    const start = id === null ? undefined : first.get(id);
    const later = start === undefined ? undefined : epochs.get(id!);
    return later === undefined ? start : start! + epochAt(later, at, claimant) - 1;
  };
  const claimed = new Map<number, Claimed[]>();
  const contacted = new Map<number, Contacted[]>();
  const owned = new Map<number, Claimed[]>();
  const different: { from: number; to: number; id: string }[] = [];
  const verified = new Map<string, Between>();
  const claims = new Map<string, Between>();

  const begun: { node: number; at: number; hash: string }[] = [];
  for (const one of live) {
    const from = position(one.a, one.aAt ?? one.at);
    if (from === undefined) continue;
    if (one.kind === 'new-owner') {
      // where rule I6 or I7 leaves the number no epochs, the word says nothing
      if (epochs.has(one.a)) begun.push({ node: from, at: one.at, hash: one.id });
      continue;
    }
    if (one.kind === 'contact') {
      if (one.strength !== 'claimed') append(contacted, from, { id: one.id, at: one.at });
      continue;
    }
    const to = position(one.b, one.bAt ?? one.at, BY_CLAIMANT.has(one.kind) ? one.a : undefined);
    if (to === undefined || to === from) continue;
    if (one.kind === 'claim') {
      between(claims, `${from} ${to}`, { from, to }, one);
      append(claimed, to, { id: one.id, kind: one.kind, at: one.at, by: from });
    } else if (one.kind === 'different') {
      different.push({ from, to, id: one.id });
    } else if (one.strength === 'verified') {
      between(verified, `${one.kind} ${Math.min(from, to)} ${Math.max(from, to)}`, { from, to }, one);
      append(owned, from, { id: one.id, kind: one.kind, at: one.at, by: to });
      append(owned, to, { id: one.id, kind: one.kind, at: one.at, by: from });
    }
  }

  const tieOf = ({ from, to, records }: Between): Tie => {
    const { kind, at, id, rule, actor, reason } = records[0]!;
    const edge: Edge = {
      a: nodeOf(nodes[from]!),
      b: nodeOf(nodes[to]!),
      level: kind === 'claim' ? 'claimed' : 'verified',
      kind: kind as 'same' | 'platform' | 'record' | 'one-time-code' | 'claim',
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
    begun,
  };
}

/** A node without its span, as edges name it. */
export function nodeOf({ identifierId, epoch }: Node): Node {
  return { identifierId, epoch };
}

/** An identifier's nodes, the first epoch first, each with what it did itself in its time. */
function livesOf(
  facts: IdentifierFacts,
  epochs: Epochs,
  live: readonly Evidence[],
): { node: Node & Span; facts: IdentifierFacts }[] {
  const later = epochs.get(facts.id);
  if (later === undefined) return [{ node: { identifierId: facts.id, epoch: 1 }, facts }];
  const contacts = live.filter(
    ({ kind, strength, a }) => kind === 'contact' && strength !== 'claimed' && a === facts.id,
  );
  const own = [facts.firstOwn, ...contacts.map(({ at, id }) => ({ at, hash: id }))];
  return [null, ...later].map((epoch, index) => {
    const since = epoch?.since ?? null;
    const until = later[index]?.since ?? null;
    const within = own.filter((one) => one !== null && isWithin(one.at, { since, until })) as NonNullable<
      (typeof own)[0]
    >[];
    within.sort((a, b) => a.at - b.at || compare(a.hash, b.hash));
    return {
      node: { identifierId: facts.id, epoch: index + 1, since, until },
      facts: {
        ...facts,
        firstOwn: within[0] ?? null,
        personSeed: epoch === null ? facts.personSeed : epochSeed(facts.personSeed, epoch),
      },
    };
  });
}

/** Whether a moment lies within a span. */
export function isWithin(moment: number, { since = null, until = null }: Span): boolean {
  return (since === null || moment >= since) && (until === null || moment < until);
}

interface Between {
  readonly from: number;
  readonly to: number;
  readonly records: Evidence[];
}

/** The ends are those of the first record: the same pair may be named either way round. */
function between(ties: Map<string, Between>, key: string, ends: { from: number; to: number }, one: Evidence): void {
  const known = ties.get(key);
  if (known) known.records.push(one);
  else ties.set(key, { ...ends, records: [one] });
}

/** In order of (time, id); repeats collapse to their least time; what was retracted, in any copy, was never asserted. */
export function liveEvidence(evidence: readonly Evidence[]): Evidence[] {
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
