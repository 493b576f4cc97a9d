import type { EntityManager } from 'typeorm';
import type { Evidence } from '../identity/evidence.js';
import { distinctValues, isNewName, type GivenName, type GivenValue } from '../identity/name.rules.js';
import { LearningRepository, type IdentifierRow } from './learning.repository.js';
import { NameRepository } from './name.repository.js';
import { ProfileRepository } from './profile.repository.js';
import { learnt } from './steps/collect.step.js';

export type ToldEvidence = Evidence & { readonly tenant: string; readonly sourceEvent: string | null };

/** What a batch tells of people. */
export interface Told {
  /** Sorted by key; the identifiers of all names, values and evidence are among them. */
  readonly identifiers: readonly IdentifierRow[];
  readonly names: readonly GivenName[];
  readonly values: readonly GivenValue[];
  readonly evidence: readonly ToldEvidence[];
}

/**
 * Stores identifiers, names, other values and evidence, in any order and as often as they are told.
 * @returns ids of identifiers whose person has to be computed anew
 */
export async function learn(
  manager: EntityManager,
  { identifiers, names, values, evidence }: Told,
): Promise<Set<string>> {
  const repository = new LearningRepository(manager);
  const known = identifiers.length > 0 ? await repository.knownIdentifiers(identifiers) : [];
  const knownById = new Map(known.map((row) => [`${row.tenant} ${row.id}`, row]));
  const newNames = distinctValues(names).filter((one) =>
    isNewName(one, knownById.get(`${one.tenant} ${one.identifierId}`)),
  );
  const named = new Set(newNames.map(({ tenant, identifierId }) => `${tenant} ${identifierId}`));
  const news = learnt(identifiers, known);
  const touched = new Set(news.map(({ id }) => id));
  // rows of the named ones are locked by it
  await repository.storeIdentifiers(
    identifiers.filter(({ tenant, id }) => touched.has(id) || named.has(`${tenant} ${id}`)),
  );
  for (const id of await new NameRepository(manager).store(newNames)) touched.add(id);
  for (const id of await new ProfileRepository(manager).store(distinctValues(values))) touched.add(id);

  const distinct = new Map<string, ToldEvidence>();
  for (const one of evidence) {
    const other = distinct.get(one.id);
    if (!other || precedes(one, other)) distinct.set(one.id, one);
  }
  const sorted = [...distinct.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const stored = new Set(await repository.storeEvidence(sorted));
  for (const { id, a } of sorted) if (stored.has(id)) touched.add(a);
  return touched;
}

/** Of the same evidence told twice that with the least (time, actor) counts, as in the database. */
function precedes(one: ToldEvidence, other: ToldEvidence): boolean {
  return one.at < other.at || (one.at === other.at && (one.actor ?? '') < (other.actor ?? ''));
}
