import type { LinkLevel } from '@lienmach/contracts';
import type { Conflict, Edge, Node, Resolution, Span } from './evidence.js';

/** One row of what is known of people before a recomputation; identifiers that were in nobody have no row. */
export interface MembershipRow extends Node, Span {
  readonly personId: string;
  readonly level: LinkLevel;
}

/** Members of one person, before or after; `personId` null: they are, or were, in nobody. */
export interface MemberSet {
  readonly personId: string | null;
  /** Sorted by identifier id, then epoch. */
  readonly members: readonly (Node & { readonly level: LinkLevel | null })[];
}

/** What brought a change about. */
export interface Cause {
  readonly evidenceIds: readonly string[];
  readonly rule: string;
  readonly actor: string | null;
  readonly reason: string | null;
}

/**
 * A change of people for I12's events.
 * - `linked`: members that were apart are one person, or a number has an epoch less; `personId` is the person after.
 * - `split`: members that were one person are apart, or a number is somebody else's since some time; `personId` is the person before.
 * - `renamed`: another member gives the id now, and it was nobody's id before; `personId` is the new id, `before` names the old one.
 * - `level-changed`: members stayed in the person, their level did not; `personId` is the person after.
 * - `class-changed`: rule I7 makes another thing of a member than before; `personId` is the person after.
 */
export interface IdentityChange {
  readonly kind: 'linked' | 'split' | 'renamed' | 'level-changed' | 'class-changed';
  readonly personId: string;
  /** Sorted by person id, nobody last. */
  readonly before: readonly MemberSet[];
  readonly after: readonly MemberSet[];
  /** Sorted; empty when no evidence caused it but a class, a rule set or an older first interaction. */
  readonly causes: readonly Cause[];
}

/** Why these are one person. */
export interface Explanation {
  /** From the id-giving member outwards, in joining order among neighbours; `a` is always the nearer end. */
  readonly steps: readonly Edge[];
  /** Conflicts that touch a member. */
  readonly rejected: readonly Conflict[];
}

/** What a hypothetical record would do. */
export interface Preview {
  readonly after: Resolution;
  readonly joins: readonly IdentityChange[];
  readonly splits: readonly IdentityChange[];
  /** Every change, joins and splits included. */
  readonly changes: readonly IdentityChange[];
  /** Conflicts that stand after and did not before. */
  readonly conflicts: readonly Conflict[];
}
