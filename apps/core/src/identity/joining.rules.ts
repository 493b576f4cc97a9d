import { UNIQUE_TYPES } from '@lienmach/contracts';
import { joinsNobody, type IdentityGraph, type Tie } from './evidence-set.rules.js';
import type { Conflict, IdentifierFacts, IdentityRules, Standing } from './evidence.js';

/** Why a tie may not join. */
export interface Refusal {
  readonly because: Exclude<Conflict['because'], 'claimed-by-several'>;
  /** Evidence that says so itself. */
  readonly against: readonly string[];
  /** Members on each end's side that can't be in one person: what ties them to that end stands against the tie too. */
  readonly rivals: { readonly from: readonly number[]; readonly to: readonly number[] };
}

const NO_RIVALS = { from: [], to: [] };

/** What a person may hold only so many of (rule I8). CRM and loyalty ids are counted whatever their scope. */
function capKey({ type, scope }: IdentifierFacts): string | null {
  if (type === 'phone' || type === 'email' || type === 'crm_id' || type === 'loyalty_id') return type;
  return UNIQUE_TYPES.has(type) ? `${type} ${scope ?? ''}` : null;
}

/** Union-find over the nodes that refuses what rules I6 to I8 and I16 forbid (rule I9). The order of the calls is the caller's. */
export class Joining {
  private readonly parent: number[];
  private readonly size: number[];
  /** By representative: distinct pairs that join its members. */
  private readonly pairs: number[];
  private readonly paired = new Set<string>();
  /** By representative: members by cap key. */
  private readonly held: Map<string, number[]>[];
  /** By representative: representatives it must stay apart from, with the evidence. */
  private readonly apart: Map<number, string[]>[];

  constructor(
    private readonly graph: IdentityGraph,
    private readonly rules: IdentityRules,
    private readonly standings: ReadonlyMap<number, Standing> = new Map(),
  ) {
    this.parent = graph.nodes.map((_, node) => node);
    this.size = graph.nodes.map(() => 1);
    this.pairs = graph.nodes.map(() => 0);
    this.held = graph.facts.map((facts, node) => {
      const key = capKey(facts);
      return new Map(key === null ? [] : [[key, [node]]]);
    });
    this.apart = graph.nodes.map(() => new Map<number, string[]>());
    for (const { from, to, id } of graph.different) {
      this.apart[from]!.set(to, [...(this.apart[from]!.get(to) ?? []), id]);
      this.apart[to]!.set(from, [...(this.apart[to]!.get(from) ?? []), id]);
    }
  }

  /** Representative of the set that holds a node. */
  find(node: number): number {
    let root = node;
    while (this.parent[root] !== root) root = this.parent[root]!;
    while (this.parent[node] !== root) {
      const next = this.parent[node]!;
      this.parent[node] = root;
      node = next;
    }
    return root;
  }

  /** Evidence by which an agent keeps the sets of two nodes apart. */
  keptApartBy(a: number, b: number): readonly string[] {
    return this.apart[this.find(a)]!.get(this.find(b)) ?? [];
  }

  /** True: the tie made one set of two. False: it was one already. */
  join(tie: Tie): boolean | Refusal {
    const held = this.heldBySeveral(tie);
    if (held) return held;
    const left = this.find(tie.from);
    const right = this.find(tie.to);
    const pair = `${Math.min(tie.from, tie.to)} ${Math.max(tie.from, tie.to)}`;
    if (left === right) {
      if (!this.paired.has(pair)) this.pairs[left]! += 1;
      this.paired.add(pair);
      return false;
    }
    const refusal =
      this.cannotLink(left, right) ??
      (tie.edge.kind === 'same' ? null : this.overCap(left, right)) ??
      this.tooLarge(left, right);
    if (refusal) return refusal;
    this.unite(left, right);
    this.pairs[this.find(left)]! += 1;
    this.paired.add(pair);
    return true;
  }

  /** Rules I6 and I7: an agent's word passes where it is only contested whose a number is. */
  private heldBySeveral({ from, to, edge }: Tie): Refusal | null {
    const standings = [from, to].flatMap((node) => this.standings.get(node) ?? []);
    const against = standings.flatMap(({ evidenceIds }) => evidenceIds).filter((id) => !edge.evidenceIds.includes(id));
    if (joinsNobody(this.graph.facts[from]!) || joinsNobody(this.graph.facts[to]!)) {
      return { because: 'shared', against, rivals: NO_RIVALS };
    }
    const contested = edge.kind !== 'same' && standings.some(({ is }) => is === 'contested');
    return contested ? { because: 'contested', against, rivals: NO_RIVALS } : null;
  }

  private tooLarge(left: number, right: number): Refusal | null {
    const { identifiers, pairs } = this.rules.limits;
    const fits =
      this.size[left]! + this.size[right]! <= identifiers && this.pairs[left]! + this.pairs[right]! + 1 <= pairs;
    return fits ? null : { because: 'size', against: [], rivals: NO_RIVALS };
  }

  private cannotLink(left: number, right: number): Refusal | null {
    const against = this.apart[left]!.get(right) ?? [];
    const from = this.held[left]!.get('crm_id') ?? [];
    const to = this.held[right]!.get('crm_id') ?? [];
    const twoCrmIds = from.length > 0 && to.length > 0;
    if (against.length === 0 && !twoCrmIds) return null;
    return { because: 'cannot-link', against, rivals: twoCrmIds ? { from: [...from], to: [...to] } : NO_RIVALS };
  }

  private overCap(left: number, right: number): Refusal | null {
    const { caps } = this.rules;
    for (const [key, from] of this.held[left]!) {
      const to = this.held[right]!.get(key);
      const cap = key === 'phone' || key === 'email' ? caps[key] : caps.unique;
      if (to && from.length + to.length > cap) {
        return { because: 'cap', against: [], rivals: { from: [...from], to: [...to] } };
      }
    }
    return null;
  }

  private unite(left: number, right: number): void {
    const weight = (root: number): number => this.size[root]! + this.apart[root]!.size;
    const [into, from] = weight(left) >= weight(right) ? [left, right] : [right, left];
    this.parent[from] = into;
    this.size[into]! += this.size[from]!;
    this.pairs[into]! += this.pairs[from]!;
    for (const [key, nodes] of this.held[from]!) {
      const known = this.held[into]!.get(key);
      if (known) known.push(...nodes);
      else this.held[into]!.set(key, nodes);
    }
    for (const [other, ids] of this.apart[from]!) {
      const all = [...(this.apart[into]!.get(other) ?? []), ...ids];
      this.apart[into]!.set(other, all);
      this.apart[other]!.delete(from);
      this.apart[other]!.set(into, all);
    }
  }
}
