import { VALUE_SOURCES, type ProfileField, type ValueSource } from '@lienmach/contracts';
import { isWithin } from './evidence-set.rules.js';
import type { Span } from './evidence.js';

/** Who gave a name, the weakest first (rule I15). */
export const NAME_SOURCES = VALUE_SOURCES;
export type NameSource = ValueSource;

/** An identifier's own best name. */
export interface Named {
  readonly id: string;
  readonly name: string | null;
  /** Null without a name, and of names from before sources were kept: those were claims. */
  readonly nameSource: NameSource | null;
  /** Milliseconds; null without a name. */
  readonly nameAt: number | null;
}

/** A name that somebody gave of the customer behind an identifier. */
export interface GivenName {
  readonly tenant: string;
  readonly identifierId: string;
  readonly source: NameSource;
  readonly value: string;
  /** Milliseconds. */
  readonly at: number;
}

/** The same of another field of the profile. */
export interface GivenValue extends GivenName {
  readonly field: Exclude<ProfileField, 'name'>;
}

/** The name to show of a person: the strongest source's, of that the newest (rule I15). */
export function shownName(identifiers: readonly Named[]): string | null {
  const named = identifiers.filter(({ name }) => name !== null);
  named.sort((a, b) => rank(b) - rank(a) || (b.nameAt ?? 0) - (a.nameAt ?? 0) || (a.id < b.id ? -1 : 1));
  return named[0]?.name ?? null;
}

/** The best of the names that were given within a span: of a number that several had in turn each has his own (rule I13). */
export function nameWithin(
  names: readonly (Omit<GivenName, 'tenant'> & { readonly heldAt?: number })[],
  span: Span,
): Pick<Named, 'name' | 'nameSource' | 'nameAt'> {
  const [best] = names
    .filter(({ at: given, heldAt = given }) => isWithin(heldAt, span))
    .sort(
      (a, b) =>
        NAME_SOURCES.indexOf(b.source) - NAME_SOURCES.indexOf(a.source) || b.at - a.at || (a.value < b.value ? -1 : 1),
    );
  return { name: best?.value ?? null, nameSource: best?.source ?? null, nameAt: best?.at ?? null };
}

/** Each name, or value, of a source once, sorted by key. Of a claim the time at which it was heard first counts, of others the last. */
export function distinctValues<T extends GivenName & { readonly field?: string }>(names: readonly T[]): T[] {
  const kept = new Map<string, T>();
  for (const one of names) {
    const key = `${one.tenant} ${one.identifierId} ${one.field ?? ''} ${one.source} ${one.value}`;
    const known = kept.get(key);
    if (!known || saysMore(one, known.at)) kept.set(key, one);
  }
  return [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Whether a name is news where the best one of its identifier is known. */
export function isNewName(given: GivenName, known: Named | undefined): boolean {
  if (!known || known.name !== given.value || (known.nameSource ?? 'claim') !== given.source) return true;
  return known.nameAt === null || saysMore(given, known.nameAt);
}

function saysMore({ source, at }: GivenName, known: number): boolean {
  return source === 'claim' ? at < known : at > known;
}

function rank({ nameSource }: Named): number {
  return NAME_SOURCES.indexOf(nameSource ?? 'claim');
}
