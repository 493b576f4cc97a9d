import type { EntityManager } from 'typeorm';
import type { Evidence } from '../identity/evidence.js';
import { LearningRepository, type IdentifierRow } from './learning.repository.js';
import { learnt } from './steps/collect.step.js';

export type ToldEvidence = Evidence & { readonly tenant: string; readonly sourceEvent: string | null };

/**
 * Stores identifiers and evidence, in any order and as often as they are told.
 * @param identifiers sorted by key
 * @returns ids of identifiers whose person has to be computed anew
 */
export async function learn(
  manager: EntityManager,
  identifiers: readonly IdentifierRow[],
  evidence: readonly ToldEvidence[],
): Promise<Set<string>> {
  const repository = new LearningRepository(manager);
  const news = learnt(identifiers, identifiers.length > 0 ? await repository.knownIdentifiers(identifiers) : []);
  await repository.storeIdentifiers(news);

  const distinct = new Map<string, ToldEvidence>();
  for (const one of evidence) {
    const known = distinct.get(one.id);
    if (!known || precedes(one, known)) distinct.set(one.id, one);
  }
  const sorted = [...distinct.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const stored = new Set(await repository.storeEvidence(sorted));

  const touched = new Set(news.map(({ id }) => id));
  for (const { id, a } of sorted) if (stored.has(id)) touched.add(a);
  return touched;
}

/** Of the same evidence told twice that with the least (time, actor) counts, as in the database. */
function precedes(one: ToldEvidence, other: ToldEvidence): boolean {
  return one.at < other.at || (one.at === other.at && (one.actor ?? '') < (other.actor ?? ''));
}
