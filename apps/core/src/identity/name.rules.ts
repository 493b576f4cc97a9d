/** The name to show of a person: the newest that a channel gave (rule I15, as far as names come from channels alone). */
export function shownName(
  identifiers: readonly { name: string | null; nameAt: number | null; id: string }[],
): string | null {
  const named = identifiers.filter(({ name }) => name !== null);
  named.sort((a, b) => (b.nameAt ?? 0) - (a.nameAt ?? 0) || (a.id < b.id ? -1 : 1));
  return named[0]?.name ?? null;
}
