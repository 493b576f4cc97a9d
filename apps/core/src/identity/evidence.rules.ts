import { deterministicId, type AuthorKind, type Direction, type IdentifierType } from '@lienmach/contracts';
import type { Evidence, EvidenceKind, EvidenceStrength } from './evidence.js';

/** What a channel event says of its customer, every identifier by its id. */
export interface EventFacts {
  readonly eventId: string;
  /** Key of the item that the event belongs to; all events of one call share it. */
  readonly itemId: string;
  /** `data.kind` of the event. */
  readonly kind: string;
  /** Event time, milliseconds. */
  readonly at: number;
  readonly direction: Direction;
  readonly authorKind: AuthorKind;
  /** The customer's identifiers as the vendor names them, the first being the one the item hangs on. */
  readonly customer: readonly { readonly id: string; readonly type: IdentifierType }[];
  /** Identifiers that the customer's text, form or card names. */
  readonly claims: readonly { readonly id: string }[];
}

/** Types that prove themselves by being used (rule I3): a number that calls or texts, an address that writes a mail that authenticates. */
const CONTACT_STRENGTH: Partial<Record<IdentifierType, EvidenceStrength>> = { phone: 'transport', email: 'verified' };

/** Kinds of a telephone call: the agent's events of an inbound call too show that the customer called in. */
const CALL_KINDS = new Set(['call', 'recording', 'keypress', 'voicemail']);

/**
 * Evidence that one channel event gives: claims, the contact itself, the vendor's own mapping of several identifiers of one author.
 *
 * A contact's id is that of the item and the identifier, not of the event: every event of one call gives the same record and only its time differs. A
 * vendor's mapping, which may come with every message, is one record per pair likewise. Whoever stores them keeps the least time
 * (`at = least(at, excluded.at)`), so that the order of arrival leaves no trace.
 */
export function evidenceOf(facts: EventFacts): Evidence[] {
  const [own, ...others] = facts.customer;
  const isCall = CALL_KINDS.has(facts.kind);
  if (!own) return [];
  const found: Evidence[] = [];
  // whom it reached, the vendor knows of what the business sends as well
  for (const other of distinct(others, own.id)) {
    const [first, second] = own.id < other ? [own.id, other] : [other, own.id];
    found.push(record('platform', 'platform', 'verified', first, second, facts.at));
  }
  if (facts.direction !== 'inbound' || (facts.authorKind !== 'customer' && !isCall)) return found;
  const contact = CONTACT_STRENGTH[own.type];
  if (contact && (isCall || facts.kind === 'message')) {
    found.push(record(facts.itemId, 'contact', contact, own.id, null, facts.at));
  }
  for (const claimed of distinct(facts.claims, own.id)) {
    found.push(record(facts.eventId, 'claim', 'claimed', own.id, claimed, facts.at));
  }
  return found;
}

/** An agent's act, as far as its evidence needs it. */
export interface AgentWord {
  /** Id of the act: the evidence's id is made of it. */
  readonly actId: string;
  readonly actor: string;
  readonly reason: string;
  /** Milliseconds. */
  readonly at: number;
}

/** An identifier as an agent means it: in its epoch of that moment (rule I13), milliseconds; absent or null: in the one in which he speaks. */
export interface Meant {
  readonly id: string;
  readonly at?: number | null;
}

/** An agent's "same person": one pair, both people's id-giving members. */
export function sameEvidence(word: AgentWord, a: Meant, b: Meant): Evidence {
  return saidOf(word, 'same', a, b);
}

/** An agent's "different person": every pair across the two sets as seen (an identifier: `[it]` and the other members). */
export function differentEvidence(word: AgentWord, left: readonly Meant[], right: readonly Meant[]): Evidence[] {
  return left.flatMap((a) =>
    right.filter((b) => b.id !== a.id || (b.at ?? null) !== (a.at ?? null)).map((b) => saidOf(word, 'different', a, b)),
  );
}

function saidOf({ actId, actor, reason, at }: AgentWord, kind: 'same' | 'different', a: Meant, b: Meant): Evidence {
  const said = record([actId, a.at ?? '', b.at ?? ''].join(' ').trim(), kind, 'verified', a.id, b.id, at);
  return { ...said, actor, reason, aAt: a.at ?? null, bAt: b.at ?? null };
}

/** An agent's "new owner": from that time on the number is somebody else's (rule I13). @param since milliseconds */
export function newOwnerEvidence(word: AgentWord, number: string, since: number): Evidence {
  return {
    ...record(word.actId, 'new-owner', 'verified', number, null, since),
    actor: word.actor,
    reason: word.reason,
  };
}

/** What a CRM's record says of a pair, as far as its evidence needs it; times in milliseconds. */
export interface RecordFacts {
  readonly tenant: string;
  readonly actor: string;
  readonly at: number;
  readonly validFrom: number | null;
  readonly validTo: number | null;
}

/** A CRM's or a till's record of one customer that names both: one piece of evidence a pair and validity, whoever brings it and how often. */
export function recordEvidence(
  { tenant, actor, at, validFrom, validTo }: RecordFacts,
  one: string,
  other: string,
): Evidence {
  const [first, second] = one < other ? [one, other] : [other, one];
  const source = ['record', tenant, validFrom ?? '', validTo ?? ''].join(' ');
  return { ...record(source, 'record', 'verified', first, second, at), actor, validFrom, validTo };
}

/**
 * The customer behind `claimant` typed the code that was sent to `proven`.
 * @param source the confirmation and the event of the customer's message
 * @param at when he typed it, milliseconds
 */
export function oneTimeCodeEvidence(
  source: { readonly confirmationId: string; readonly eventId: string },
  claimant: string,
  proven: string,
  at: number,
): Evidence {
  return record(`${source.confirmationId} ${source.eventId}`, 'one-time-code', 'verified', claimant, proven, at);
}

const RULES: Record<EvidenceKind, string> = {
  claim: 'I3',
  contact: 'I3',
  platform: 'I3',
  record: 'I3',
  'one-time-code': 'I3',
  same: 'I3',
  different: 'I8',
  'new-owner': 'I13',
};

function record(
  source: string,
  kind: EvidenceKind,
  strength: EvidenceStrength,
  a: string,
  b: string | null,
  at: number,
): Evidence {
  return {
    id: deterministicId('evidence', source, kind, a, b ?? ''),
    kind,
    strength,
    a,
    b,
    at,
    actor: null,
    rule: RULES[kind],
    reason: null,
    retractedBy: null,
  };
}

function distinct(identifiers: readonly { readonly id: string }[], own: string): Set<string> {
  const ids = new Set(identifiers.map(({ id }) => id));
  ids.delete(own);
  return ids;
}
