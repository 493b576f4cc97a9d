import { diffResolutions, membershipRows } from '../identity/change.rules.js';
import type { IdentityRules } from '../identity/evidence.js';
import { resolveIdentity, type IdentityInput } from '../identity/identity.resolver.js';
import type { IdentityChange } from '../identity/identity-change.js';

const MOST_CHANGES = 100;
const MOST_PEOPLE = 10;

interface BeforeAfter {
  before: number;
  after: number;
}

/** What other rules would make of people: counts of all, and the first changes and largest people themselves. */
export class RulesComparison {
  identifiers = 0;
  readonly people: BeforeAfter = { before: 0, after: 0 };
  readonly conflicts: BeforeAfter = { before: 0, after: 0 };
  joinCount = 0;
  splitCount = 0;
  readonly joins: IdentityChange[] = [];
  readonly splits: IdentityChange[] = [];
  largest: { personId: string; identifiers: number }[] = [];

  constructor(
    private readonly now: IdentityRules,
    private readonly then: IdentityRules,
  ) {}

  /** @param components whole ones that were not added before */
  add(components: Omit<IdentityInput, 'rules'>): void {
    const before = resolveIdentity({ ...components, rules: this.now });
    const after = resolveIdentity({ ...components, rules: this.then });
    const changes = diffResolutions(membershipRows(before), after, components.evidence);
    const joined = changes.filter(({ kind }) => kind === 'linked');
    const parted = changes.filter(({ kind }) => kind === 'split');

    this.identifiers += components.identifiers.length;
    this.people.before += before.people.length;
    this.people.after += after.people.length;
    this.conflicts.before += before.conflicts.length;
    this.conflicts.after += after.conflicts.length;
    this.joinCount += joined.length;
    this.splitCount += parted.length;
    this.joins.push(...joined.slice(0, MOST_CHANGES - this.joins.length));
    this.splits.push(...parted.slice(0, MOST_CHANGES - this.splits.length));
    this.largest = [
      ...this.largest,
      ...after.people.map(({ id, members }) => ({ personId: id, identifiers: members.length })),
    ]
      .sort((a, b) => b.identifiers - a.identifiers || (a.personId < b.personId ? -1 : 1))
      .slice(0, MOST_PEOPLE);
  }
}
