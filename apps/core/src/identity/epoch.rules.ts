import { deterministicId, UNIQUE_TYPES } from '@lienmach/contracts';
import type { BegunEpoch, Evidence, IdentifierFacts, IdentityRules } from './evidence.js';

const DAY = 24 * 60 * 60 * 1000;

/** A time in which a number belongs to one customer. The first one of a number began nobody knows when, and is not listed. */
export interface Epoch {
  /** Milliseconds; until the next one begins. */
  readonly since: number;
  /** A CRM's record of another customer, an agent's word, or a contact after long silence with a claim. */
  readonly because: BegunEpoch['because'];
  /** The first is the one that names the epoch. */
  readonly evidenceIds: readonly string[];
  /** Of `silence`: who claimed the number anew, and from when on their claims are about this epoch though it begins later. */
  readonly heralds: ReadonlySet<string>;
  readonly heraldsFrom: number;
}

/** Further epochs by identifier, in order of time; most identifiers have none. */
export type Epochs = ReadonlyMap<string, readonly Epoch[]>;

export const NO_EPOCHS: Epochs = new Map();

/**
 * Rule I13. Each thing is held against the epoch in which it happens: a record of another customer than those whom records named in it, silence since the last
 * contact in it.
 * - A record gives the number away unless the CRM says that both have it: by records of one moment, or by a `validTo` that is not over. Then it is contested (I7).
 * - A claim begins no epoch, and neither does a contact after silence that nobody new claims.
 * @param evidence live, in order of (time, id)
 */
export function epochsOf(
  identifiers: ReadonlyMap<string, IdentifierFacts>,
  evidence: readonly Evidence[],
  rules: IdentityRules,
): Epochs {
  const lives = new Map<string, Life>();
  const lifeOf = (id: string | null): Life | undefined => {
    const facts = id === null ? undefined : identifiers.get(id);
    if (facts?.type !== 'phone' || facts.class !== 'personal') return undefined;
    const life = lives.get(facts.id) ?? new Life(rules);
    lives.set(facts.id, life);
    return life;
  };
  for (const one of evidence) {
    if (one.kind === 'contact' && one.strength !== 'claimed') lifeOf(one.a)?.take(one, 'contacts');
    else if (one.kind === 'new-owner') lifeOf(one.a)?.take(one, 'words');
    else if (one.b !== null) {
      for (const [number, other] of [
        [one.b, one.a],
        [one.a, one.b],
      ] as const) {
        const type = identifiers.get(other)?.type;
        if (type === undefined || !UNIQUE_TYPES.has(type)) continue;
        // who is claimed by a number is no claimant of it
        if (one.kind === 'claim' ? number === one.b : one.strength === 'verified') lifeOf(number)?.tie(one, other);
        if (one.kind === 'record' && type === 'crm_id') lifeOf(number)?.take({ ...one, a: other }, 'records');
      }
    }
  }
  const found = [...lives].map(([id, life]) => [id, life.epochs()] as const);
  return new Map(found.filter(([, epochs]) => epochs.length > 0));
}

/** The epoch in which something about a number happened, counted from 1. */
export function epochAt(epochs: readonly Epoch[], at: number, claimant?: string): number {
  const begun = epochs.findLastIndex(({ since }) => since <= at) + 1;
  const next = epochs[begun];
  const announces = claimant !== undefined && next?.heralds.has(claimant) === true && at >= next.heraldsFrom;
  return (announces ? begun + 1 : begun) + 1;
}

/** The id of a person whom this epoch of a number gives his id: of what began it, so that an epoch found later before it changes nothing. */
export function epochSeed(personSeed: string, { evidenceIds: [cause] }: Epoch): string {
  return deterministicId('derived', 'person', personSeed, cause!);
}

interface Moment {
  readonly contacts: Evidence[];
  readonly words: Evidence[];
  /** `a` is the customer's number. */
  readonly records: Evidence[];
}

const NO_HERALDS: Pick<Epoch, 'heralds' | 'heraldsFrom'> = { heralds: new Set(), heraldsFrom: Infinity };

/** All that was said of one number, in order of time. */
class Life {
  private readonly moments = new Map<number, Moment>();
  /** By unique id that claimed the number or is tied to it: its claims, and when the first of all was. */
  private readonly tied = new Map<string, { readonly first: number; readonly claims: Evidence[] }>();
  /** Whom records named in the present epoch, and until when they said so. */
  private owners = new Map<string, number>();
  private lastContact: number | null = null;

  constructor(private readonly rules: IdentityRules) {}

  take(one: Evidence, kind: keyof Moment): void {
    const moment = this.moments.get(one.at) ?? { contacts: [], words: [], records: [] };
    moment[kind].push(one);
    this.moments.set(one.at, moment);
  }

  tie(one: Evidence, other: string): void {
    const known = this.tied.get(other) ?? { first: one.at, claims: [] };
    if (one.kind === 'claim') known.claims.push(one);
    this.tied.set(other, known);
  }

  epochs(): Epoch[] {
    const epochs: Epoch[] = [];
    for (const [now, moment] of [...this.moments].sort(([a], [b]) => a - b)) {
      const begun = this.beginning(now, moment);
      if (begun) {
        epochs.push(begun);
        this.owners = new Map();
      }
      for (const { a, validTo } of moment.records) {
        this.owners.set(a, Math.max(this.owners.get(a) ?? -Infinity, validTo ?? -Infinity));
      }
      if (moment.contacts.length > 0) this.lastContact = now;
      else if (begun) this.lastContact = null;
    }
    return epochs;
  }

  private beginning(now: number, { contacts, words, records }: Moment): Epoch | null {
    const evidenceIds = (from: readonly Evidence[]): string[] => from.map(({ id }) => id);
    if (words.length > 0) return { since: now, because: 'agent', evidenceIds: evidenceIds(words), ...NO_HERALDS };
    const given = this.givenAway(now, records);
    if (given.length > 0) return { since: now, because: 'record', evidenceIds: evidenceIds(given), ...NO_HERALDS };
    const [contact] = contacts;
    return contact && this.lastContact !== null ? this.heralded(now, contact, this.lastContact) : null;
  }

  private givenAway(now: number, records: readonly Evidence[]): Evidence[] {
    const others = records.filter(({ a }) => !this.owners.has(a));
    const bothHaveIt = others.length < records.length || [...this.owners.values()].some((until) => until > now);
    return this.owners.size === 0 || bothHaveIt ? [] : others;
  }

  /** Claims in a window around the contact, of ids that were never heard of with this number before; not from before the silence. */
  private heralded(now: number, contact: Evidence, lastContact: number): Epoch | null {
    if (now - lastContact < this.rules.silentDays * DAY) return null;
    const window = this.rules.newOwnerDays * DAY;
    const from = Math.max(now - window, lastContact + 1);
    const heralds = [...this.tied].flatMap(([id, { first, claims }]) => {
      const claim = claims.find(({ at }) => at >= from && at <= now + window);
      return first >= from && claim ? [{ id, claim }] : [];
    });
    if (heralds.length === 0) return null;
    const claims = heralds.map(({ claim }) => claim).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    return {
      since: now,
      because: 'silence',
      evidenceIds: [contact.id, claims[0]!.id],
      heralds: new Set(heralds.map(({ id }) => id)),
      heraldsFrom: from,
    };
  }
}
