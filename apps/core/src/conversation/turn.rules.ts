import { isWithin } from '../identity/evidence-set.rules.js';
import type { Span } from '../identity/evidence.js';
import { isArranging, type Act } from './timed-item.js';

/** A person by the identifiers that he has, or had in his turn (rule I13). */
export interface Holder {
  readonly members: readonly (Span & { readonly id: string })[];
}

/** By identifier whoever has it, or had it in his turn. */
export type Holders<H extends Holder> = ReadonlyMap<string, readonly H[]>;

/** Whether what happened with an identifier at that time was this person's. */
export function isOf({ members }: Holder, identifierId: string, at: number): boolean {
  return members.some((member) => member.id === identifierId && isWithin(at, member));
}

/**
 * These people, and all who had any of their identifiers before or after them, and so on: what stands in the database before a fold hangs on the identifier,
 * whosever it was.
 */
export function withOwnersInTurn<H extends Holder>(people: readonly H[], holders: Holders<H>): Set<H> {
  const found = new Set(people);
  // grows while it is walked
  for (const { members } of found) {
    for (const { id } of members) for (const other of holders.get(id) ?? []) found.add(other);
  }
  return found;
}

/** What an agent's act says of a person: of a number that several had in turn only what the agent saw in his time. Null: nothing. */
export function actOn<A extends Act & { readonly identifierIds: readonly string[] }>(
  { members }: Holder,
  act: A,
): A | null {
  const own = new Set(members.map(({ id }) => id));
  if (!act.identifierIds.some((id) => own.has(id))) return null;
  if (isArranging(act) || members.every(({ since, until }) => since == null && until == null)) return act;
  const stretches = act.stretches.filter(({ identifierId, seenAt }) => isOf({ members }, identifierId, seenAt));
  return stretches.length === 0 ? null : { ...act, stretches };
}
