import type { IdentifierClass, IdentifierType, LinkLevel } from '@lienmach/contracts';

/**
 * What a record says (rule I2). Records name identifiers, never epochs or people: those are computed.
 * - `claim`: the customer behind `a` typed `b` (a phone, an e-mail).
 * - `contact`: `a` itself called, texted or wrote in; `b` is null.
 * - `platform`: the vendor itself ties `a` and `b`.
 * - `record`: a CRM's or a till's record of one customer names both.
 * - `one-time-code`: the customer behind `a` typed the code that was sent to `b`.
 * - `same` / `different`: an agent's word.
 * - `new-owner`: an agent's word that the number `a` is somebody else's since then; `b` is null.
 */
export const EVIDENCE_KINDS = [
  'claim',
  'contact',
  'platform',
  'record',
  'one-time-code',
  'same',
  'different',
  'new-owner',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** Rule I3; `suggestion` never joins. */
export type EvidenceStrength = 'verified' | 'transport' | 'claimed' | 'suggestion';

export interface Evidence {
  /** Deterministic, of the source event, the kind and the pair; it is the hash that breaks ties. */
  readonly id: string;
  readonly kind: EvidenceKind;
  readonly strength: EvidenceStrength;
  /** Identifier ids. */
  readonly a: string;
  readonly b: string | null;
  /** Event time, milliseconds. */
  readonly at: number;
  /** Agent or import that said so; null when an event speaks for itself. */
  readonly actor: string | null;
  readonly rule: string;
  readonly reason: string | null;
  /** Id of the retraction that undid it. */
  readonly retractedBy: string | null;
  /** Of a `record`: since when and until when it says so, milliseconds; absent or null: it does not. */
  readonly validFrom?: number | null;
  readonly validTo?: number | null;
  /** A moment in the epoch (rule I13) of `a`, or of `b`, that is meant; absent or null: that of `at`. */
  readonly aAt?: number | null;
  readonly bAt?: number | null;
}

/** An identifier as the resolver sees it. */
export interface IdentifierFacts {
  readonly id: string;
  readonly type: IdentifierType;
  readonly scope: string | null;
  /** Normalised. */
  readonly value: string;
  readonly class: IdentifierClass;
  /** First interaction of its own: event time and event id; null when it is known only from claims (rule I10). */
  readonly firstOwn: { readonly at: number; readonly hash: string } | null;
  /** The id that a person has whose id-giving member this is; of later epochs one is made of it. */
  readonly personSeed: string;
}

/** A node of the graph: identifiers get a new epoch when a number is recycled (rule I13). */
export interface Node {
  readonly identifierId: string;
  readonly epoch: number;
}

/** A tie between two identifiers, with the evidence that makes it. */
export interface Edge {
  readonly a: Node;
  readonly b: Node;
  readonly level: LinkLevel;
  /** `same`, `platform`, `record`, `one-time-code`, `claim-then-call` (I5, either order) or `claim`. */
  readonly kind: 'same' | 'platform' | 'record' | 'one-time-code' | 'claim-then-call' | 'claim';
  readonly rule: string;
  /** Event time of the evidence; of I5 the later of claim and contact. Milliseconds. */
  readonly at: number;
  /** Breaks ties; of I5 that of both evidence ids. */
  readonly hash: string;
  readonly evidenceIds: readonly string[];
  readonly actor: string | null;
  readonly reason: string | null;
}

/** Why an edge may not join: rules I8 (`cannot-link`, `cap`), I6 and I7 (`shared`, `contested`), I5 (`claimed-by-several`), I16 (`size`). */
export const REFUSALS = ['cannot-link', 'cap', 'shared', 'contested', 'claimed-by-several', 'size'] as const;

/** An edge that was not allowed to join, and why. */
export interface Conflict extends Edge {
  readonly because: (typeof REFUSALS)[number];
  /** Evidence ids of what stands against it (the `different`, the other claims). */
  readonly against: readonly string[];
}

/** When a node is what its identifier means (rule I13), milliseconds; absent or null: since, or until, ever. */
export interface Span {
  readonly since?: number | null;
  /** The first moment that is not in it. */
  readonly until?: number | null;
}

export interface Member extends Node, Span {
  /** Strongest path to the id-giving member, which itself is `verified`. */
  readonly level: LinkLevel;
  /** The id that the person would have if this member gave it: former ids are looked up by it (rule I10). */
  readonly personSeed: string;
}

export interface ResolvedPerson {
  readonly id: string;
  /** Member that gives the id (rule I10). */
  readonly root: Node;
  /** Sorted by identifier id. */
  readonly members: readonly Member[];
  /** Edges that join the members: a spanning forest in joining order. */
  readonly edges: readonly Edge[];
}

/** What rule I7 makes of a number or an address that several hold, and the evidence that makes it so; or that the tenant's rules block it (I6). */
export interface Standing {
  readonly is: 'blocked' | 'shared' | 'contested';
  readonly evidenceIds: readonly string[];
}

export interface Resolution {
  /** Sorted by id. Identifiers without an own interaction and without verified evidence are in nobody (rule I10). */
  readonly people: readonly ResolvedPerson[];
  /** Claims that tie without joining: the banner "có thể là …". */
  readonly claims: readonly Edge[];
  readonly conflicts: readonly Conflict[];
  /** What rules I6 and I7 make of numbers. Sorted by identifier id and epoch. */
  readonly standings: readonly (Node & Standing)[];
  /** Epochs after the first, of numbers that have several (rule I13). Sorted by identifier id and epoch. */
  readonly epochs: readonly BegunEpoch[];
}

/** An epoch of a number, and what began it. */
export interface BegunEpoch extends Node, Span {
  readonly since: number;
  readonly because: 'record' | 'agent' | 'silence';
  readonly evidenceIds: readonly string[];
  /** The id of a person whose id-giving member it is. */
  readonly personSeed: string;
}

/** A tenant's thresholds, versioned. */
export interface IdentityRules {
  readonly version: number;
  /** I5: claim and contact lie within so many days. */
  readonly corroborationDays: number;
  /** I5: other claimants count so many days back. */
  readonly claimantDays: number;
  /** I8 caps of automatic joins. */
  readonly caps: { readonly phone: number; readonly email: number; readonly unique: number };
  /** I7: so many unique ids that can't be one person make a number shared, tied within so many days. */
  readonly sharedBy: number;
  readonly sharedDays: number;
  /** I13: a contact after so many days without one is a new owner's if somebody new claims the number within so many days of it. */
  readonly silentDays: number;
  readonly newOwnerDays: number;
  /** I16: a person's members, and the distinct pairs that join them, are at most so many. */
  readonly limits: { readonly identifiers: number; readonly pairs: number };
  /** I6: numbers and addresses that join nobody, whatever class they were given. */
  readonly blocked: ReadonlySet<string>;
}

export const DEFAULT_IDENTITY_RULES: IdentityRules = {
  version: 1,
  corroborationDays: 30,
  claimantDays: 365,
  caps: { phone: 5, email: 5, unique: 1 },
  sharedBy: 3,
  sharedDays: 365,
  silentDays: 365,
  newOwnerDays: 30,
  limits: { identifiers: 200, pairs: 500 },
  blocked: new Set(),
};
