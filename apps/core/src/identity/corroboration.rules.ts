import { deterministicId, UNIQUE_TYPES } from '@lienmach/contracts';
import {
  compare,
  joinsNobody,
  nodeOf,
  type Claimed,
  type Contacted,
  type IdentityGraph,
  type Tie,
} from './evidence-set.rules.js';
import type { IdentityRules } from './evidence.js';

const DAY = 24 * 60 * 60 * 1000;
/** Of a crowd of claimants so many are named in a conflict: a number that 500 typed would fill 500 conflicts with 499 ids each. */
const CLAIMANTS_NAMED = 5;

export interface Corroboration {
  readonly holds: readonly Tie[];
  /** Pairs that came together while several had claimed the number. */
  readonly crowded: readonly { readonly tie: Tie; readonly against: readonly string[] }[];
}

/**
 * Rule I5: which claims were corroborated, and at which earliest moment.
 * @param verifiedSet representative of the set that verified evidence alone puts a node in: such claimants count as one
 */
export function corroborate(
  graph: IdentityGraph,
  rules: IdentityRules,
  verifiedSet: (node: number) => number,
): Corroboration {
  const holds: Tie[] = [];
  const crowded: { tie: Tie; against: readonly string[] }[] = [];
  for (const [target, claims] of graph.claimed) {
    const contacts = graph.contacted.get(target);
    if (!contacts || graph.facts[target]!.class !== 'personal') continue;
    const found = new Sweep(graph, rules, verifiedSet, target).run(claims, contacts);
    holds.push(...found.holds);
    crowded.push(...found.crowded);
  }
  return { holds, crowded };
}

/** One walk through the life of one claimed identifier, in event time. */
class Sweep {
  private readonly holds: Tie[] = [];
  private readonly crowded: { tie: Tie; against: readonly string[] }[] = [];
  private readonly crowd: Crowd;
  /** Claims in order; those before `oldest` have left the window of `claimantDays`. */
  private readonly recent: Claimed[] = [];
  private oldest = 0;
  /** Last claim of each claimant that waits for a contact, and which of them are in no recorded conflict yet. */
  private readonly waiting = new Map<number, Claimed>();
  private readonly unrecorded = new Set<number>();
  private readonly recorded = new Set<number>();
  private readonly settled = new Set<number>();
  private lastContact: Contacted | null = null;

  constructor(
    private readonly graph: IdentityGraph,
    private readonly rules: IdentityRules,
    verifiedSet: (node: number) => number,
    private readonly target: number,
  ) {
    this.crowd = new Crowd(graph, verifiedSet);
  }

  run(claims: readonly Claimed[], contacts: readonly Contacted[]): Corroboration {
    const claimants = claims.filter(({ by }) => !joinsNobody(this.graph.facts[by]!));
    let nextClaim = 0;
    let nextContact = 0;
    while (nextClaim < claimants.length || nextContact < contacts.length) {
      const now = Math.min(claimants[nextClaim]?.at ?? Infinity, contacts[nextContact]?.at ?? Infinity);
      const claimsNow: Claimed[] = [];
      const contactsNow: Contacted[] = [];
      while (claimants[nextClaim]?.at === now) claimsNow.push(claimants[nextClaim++]!);
      while (contacts[nextContact]?.at === now) contactsNow.push(contacts[nextContact++]!);
      this.moment(now, claimsNow, contactsNow[0]);
    }
    return { holds: this.holds, crowded: this.crowded };
  }

  private moment(now: number, claims: readonly Claimed[], contact: Contacted | undefined): void {
    // all of one moment count before any is judged: the order within it is nobody's
    for (const claim of claims) this.take(claim, now);
    this.forget(now - this.rules.claimantDays * DAY);
    if (contact) this.lastContact = contact;
    if (!this.lastContact || this.lastContact.at < this.earliestPartner(now)) return;
    if (!contact) this.judge(new Set(claims.map(({ by }) => by)), now, this.lastContact);
    else this.judge(new Set(this.crowd.several ? this.unrecorded : this.waiting.keys()), now, contact);
  }

  private earliestPartner(now: number): number {
    return now - this.rules.corroborationDays * DAY;
  }

  private take(claim: Claimed, now: number): void {
    this.recent.push(claim);
    this.crowd.add(claim.by);
    if (this.settled.has(claim.by) || this.waiting.get(claim.by)?.at === now) return;
    this.waiting.set(claim.by, claim);
    if (!this.recorded.has(claim.by)) this.unrecorded.add(claim.by);
  }

  private forget(before: number): void {
    while (this.oldest < this.recent.length && this.recent[this.oldest]!.at < before) {
      this.crowd.remove(this.recent[this.oldest]!.by);
      this.oldest += 1;
    }
  }

  /** The last claims of these claimants meet the contact now. */
  private judge(claimants: ReadonlySet<number>, now: number, contact: Contacted): void {
    const rivals = this.crowd.several && claimants.size > 0 ? this.firstOfTheCrowd() : [];
    for (const claimant of claimants) {
      const claim = this.waiting.get(claimant);
      if (!claim) continue;
      if (claim.at < this.earliestPartner(now)) {
        this.waiting.delete(claimant);
        this.unrecorded.delete(claimant);
      } else if (!this.crowd.several) {
        this.holds.push(this.tie(claim, contact, now));
        this.settled.add(claimant);
        this.waiting.delete(claimant);
        this.unrecorded.delete(claimant);
      } else if (!this.recorded.has(claimant)) {
        const against = rivals.filter(({ by }) => !this.crowd.isOne(by, claimant)).slice(0, CLAIMANTS_NAMED);
        this.crowded.push({ tie: this.tie(claim, contact, now), against: against.map(({ id }) => id) });
        this.recorded.add(claimant);
        this.unrecorded.delete(claimant);
      }
    }
  }

  /** First claim of each of the first claimants in the window: one more than is named, since nobody stands against himself. */
  private firstOfTheCrowd(): Claimed[] {
    const found: Claimed[] = [];
    for (let index = this.oldest; index < this.recent.length && found.length <= CLAIMANTS_NAMED; index += 1) {
      const claim = this.recent[index]!;
      if (!this.crowd.isCrowded(claim.by) || found.some(({ by }) => this.crowd.isOne(by, claim.by))) continue;
      found.push(claim);
    }
    return found;
  }

  private tie(claim: Claimed, contact: Contacted, at: number): Tie {
    const { nodes } = this.graph;
    return {
      from: claim.by,
      to: this.target,
      edge: {
        a: nodeOf(nodes[claim.by]!),
        b: nodeOf(nodes[this.target]!),
        level: 'corroborated',
        kind: 'claim-then-call',
        rule: 'I5',
        at,
        hash: deterministicId('evidence', ...[claim.id, contact.id].sort(compare)),
        evidenceIds: [claim.id, contact.id],
        actor: null,
        reason: null,
      },
    };
  }
}

/** Unique ids that claimed within the window, counted per (type, scope). */
class Crowd {
  private readonly scopes = new Map<string, Map<number, number>>();
  private crowdedScopes = 0;

  constructor(
    private readonly graph: IdentityGraph,
    private readonly verifiedSet: (node: number) => number,
  ) {}

  /** More than one unique id of one (type, scope) claimed it. */
  get several(): boolean {
    return this.crowdedScopes > 0;
  }

  isCrowded(claimant: number): boolean {
    return (this.scopes.get(this.scope(claimant) ?? '')?.size ?? 0) > 1;
  }

  isOne(a: number, b: number): boolean {
    return this.verifiedSet(a) === this.verifiedSet(b);
  }

  add(claimant: number): void {
    const scope = this.scope(claimant);
    if (scope === null) return;
    const counts = this.scopes.get(scope) ?? new Map<number, number>();
    this.scopes.set(scope, counts);
    const set = this.verifiedSet(claimant);
    counts.set(set, (counts.get(set) ?? 0) + 1);
    if (counts.size === 2 && counts.get(set) === 1) this.crowdedScopes += 1;
  }

  remove(claimant: number): void {
    const scope = this.scope(claimant);
    if (scope === null) return;
    const counts = this.scopes.get(scope)!;
    const set = this.verifiedSet(claimant);
    const left = counts.get(set)! - 1;
    if (left > 0) {
      counts.set(set, left);
    } else {
      counts.delete(set);
      if (counts.size === 1) this.crowdedScopes -= 1;
    }
  }

  private scope(claimant: number): string | null {
    const { type, scope } = this.graph.facts[claimant]!;
    return UNIQUE_TYPES.has(type) ? `${type} ${scope ?? ''}` : null;
  }
}
