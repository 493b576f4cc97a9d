import { UNIQUE_TYPES, type IdentifierClass } from '@lienmach/contracts';
import { compare, type Claimed, type Contacted, type IdentityGraph } from './evidence-set.rules.js';
import type { IdentifierFacts, IdentityRules, Standing } from './evidence.js';

const DAY = 24 * 60 * 60 * 1000;

/**
 * Rule I7, from the raw evidence alone, so that no join that it dissolves can be the reason for it; and what the tenant's rules block.
 * - `shared`: verified evidence, or claim and contact within I5's window, to three unique ids within a year of which no two can be one person.
 * - `contested`: verified evidence to two such ids, and no agent has said whose it is.
 * @returns by node
 */
export function standingsOf(graph: IdentityGraph, rules: IdentityRules): Map<number, Standing> {
  const standings = new Map<number, Standing>();
  const different = new Set(graph.different.map(({ from, to }) => pairKey(from, to)));
  for (const [node, { type, value, class: given }] of graph.facts.entries()) {
    if ((type !== 'phone' && type !== 'email') || given !== 'personal') continue;
    const standing = rules.blocked.has(value)
      ? ({ is: 'blocked', evidenceIds: [] } as const)
      : new Holders(graph, rules, different, node).standing();
    if (standing) standings.set(node, standing);
  }
  return standings;
}

/**
 * The same by epochs (rule I13), where only what is contested is of one epoch alone.
 * @param lasting by identifier: what is so for all time
 */
export function contestedOf(
  graph: IdentityGraph,
  rules: IdentityRules,
  lasting: ReadonlyMap<string, Standing>,
): Map<number, Standing> {
  const standings = new Map<number, Standing>();
  const different = new Set(graph.different.map(({ from, to }) => pairKey(from, to)));
  for (const [node, { id, type, class: given }] of graph.facts.entries()) {
    if ((type !== 'phone' && type !== 'email') || given !== 'personal') continue;
    const standing = lasting.get(id) ?? new Holders(graph, rules, different, node).contested();
    if (standing) standings.set(node, standing);
  }
  return standings;
}

/** The class that counts: what rules I6 and I7 make of a number before what it was given. */
export function classNow(
  { class: given }: Pick<IdentifierFacts, 'class'>,
  standing: Standing['is'] | undefined,
): IdentifierClass {
  return standing === 'shared' || standing === 'blocked' ? standing : given;
}

/** The unique ids that evidence ties to one number. */
class Holders {
  private readonly claims: readonly Claimed[];
  private readonly owned: readonly Claimed[];
  private readonly contacts: readonly Contacted[];
  private representatives: ReadonlyMap<number, number> | undefined;

  constructor(
    private readonly graph: IdentityGraph,
    private readonly rules: IdentityRules,
    /** Pairs of which an agent said that they are two. */
    private readonly different: ReadonlySet<string>,
    private readonly node: number,
  ) {
    const byUnique = ({ by }: Claimed): boolean => UNIQUE_TYPES.has(graph.facts[by]!.type);
    this.claims = (graph.claimed.get(node) ?? []).filter(byUnique);
    this.owned = (graph.owned.get(node) ?? []).filter(byUnique);
    this.contacts = graph.contacted.get(node) ?? [];
  }

  standing(): Standing | null {
    const ids = new Set([...this.claims, ...this.owned].map(({ by }) => by)).size;
    const shared = ids >= this.rules.sharedBy ? this.sharedBy() : null;
    return shared ? { is: 'shared', evidenceIds: shared } : this.contested();
  }

  contested(): Standing | null {
    const contested = this.owned.length >= 2 ? this.contestedBy() : null;
    return contested && { is: 'contested', evidenceIds: contested };
  }

  /** A walk through the ties in event time; those of the last year are at hand. */
  private sharedBy(): string[] | null {
    const recent = new Map<number, Claimed>();
    for (const tie of this.ties()) {
      const oldest = tie.at - this.rules.sharedDays * DAY;
      // in order of their latest tie, so what is too old comes first
      for (const [by, { at }] of recent) {
        if (at >= oldest) break;
        recent.delete(by);
      }
      const isNew = !recent.has(tie.by);
      recent.delete(tie.by);
      recent.set(tie.by, tie);
      const others = isNew ? this.strangers(tie.by, [...recent.keys()], this.rules.sharedBy - 1) : null;
      if (others) return [...others, tie.by].map((by) => recent.get(by)!.id).sort(compare);
    }
    return null;
  }

  private contestedBy(): string[] | null {
    if (this.owned.some(({ kind }) => kind === 'same')) return null;
    const owned = this.owned.filter(({ by }) => !this.different.has(pairKey(by, this.node)));
    const ids = [...new Set(owned.map(({ by }) => by))];
    const rivals = new Set(ids.filter((id) => this.strangers(id, ids, 1)));
    return rivals.size > 0
      ? owned
          .filter(({ by }) => rivals.has(by))
          .map(({ id }) => id)
          .sort(compare)
      : null;
  }

  /** So many of the others that with `id` no two can be one person; null: there are none. */
  private strangers(id: number, others: readonly number[], count: number): number[] | null {
    if (count === 0) return [];
    const apart = others.filter((other) => this.areTwo(id, other));
    for (const [index, other] of apart.entries()) {
      const rest = this.strangers(other, apart.slice(index + 1), count - 1);
      if (rest) return [...rest, other];
    }
    return null;
  }

  /** Rule I8, and an agent's word that two ids of one page are one person. */
  private areTwo(a: number, b: number): boolean {
    if (a === b) return false;
    const [one, other] = [this.graph.facts[a]!, this.graph.facts[b]!];
    if (this.different.has(pairKey(a, b))) return true;
    if (one.type !== other.type) return false;
    if (one.type === 'crm_id') return true;
    // loyalty ids are counted whatever their scope
    const oneOfAKind = one.type === 'loyalty_id' || one.scope === other.scope;
    return oneOfAKind && this.rules.caps.unique === 1 && this.representative(a) !== this.representative(b);
  }

  /** Of the set that agents' words put a node in, were this number not there. */
  private representative(node: number): number {
    this.representatives ??= setsByAgents(this.graph, this.node);
    return this.representatives.get(node) ?? node;
  }

  /** Verified evidence, and claims that met a contact, each at the moment when it held; in order of time. */
  private *ties(): Generator<Claimed> {
    const { claims, contacts, owned } = this;
    const window = this.rules.corroborationDays * DAY;
    const waiting = new Map<number, Claimed>();
    let lastContact = -Infinity;
    let [nextClaim, nextContact, nextOwned] = [0, 0, 0];
    const next = (): number =>
      Math.min(
        claims[nextClaim]?.at ?? Infinity,
        contacts[nextContact]?.at ?? Infinity,
        owned[nextOwned]?.at ?? Infinity,
      );
    for (let now = next(); now < Infinity; now = next()) {
      const fresh: Claimed[] = [];
      while (claims[nextClaim]?.at === now) fresh.push(claims[nextClaim++]!);
      for (const claim of fresh) {
        waiting.delete(claim.by);
        waiting.set(claim.by, claim);
      }
      for (const [by, { at }] of waiting) {
        if (at >= now - window) break;
        waiting.delete(by);
      }
      const calls = contacts[nextContact]?.at === now;
      while (contacts[nextContact]?.at === now) nextContact += 1;
      if (calls) lastContact = now;
      if (lastContact >= now - window)
        for (const claim of calls ? waiting.values() : fresh) yield { ...claim, at: now };
      while (owned[nextOwned]?.at === now) yield owned[nextOwned++]!;
    }
  }
}

const pairKey = (a: number, b: number): string => `${Math.min(a, b)} ${Math.max(a, b)}`;

function setsByAgents(graph: IdentityGraph, without: number): Map<number, number> {
  const parent = new Map<number, number>();
  const find = (node: number): number => {
    let root = node;
    while (parent.has(root)) root = parent.get(root)!;
    return root;
  };
  for (const { from, to, edge } of graph.verified) {
    if (edge.kind !== 'same' || from === without || to === without) continue;
    const [left, right] = [find(from), find(to)];
    if (left !== right) parent.set(left, right);
  }
  return new Map([...parent.keys()].map((node) => [node, find(node)]));
}
