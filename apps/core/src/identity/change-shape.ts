import type { ChangeDto, MemberSetDto } from './evidence.dto.js';
import type { IdentityChange, MemberSet } from './identity-change.js';
import type { IdentifierDto } from './person.dto.js';

type Named = (id: string) => IdentifierDto;

/** The identifiers that a change names, as ends of edges. */
export function endsOf(changes: readonly IdentityChange[]) {
  const nodes = changes.flatMap(({ before, after }) => [...before, ...after]).flatMap(({ members }) => members);
  return nodes.map((node) => ({ a: node, b: node }));
}

export const changeShape = ({ personId, before, after }: IdentityChange, named: Named): ChangeDto => ({
  personId,
  before: before.map((set) => setShape(set, named)),
  after: after.map((set) => setShape(set, named)),
});

const setShape = ({ personId, members }: MemberSet, named: Named): MemberSetDto => ({
  personId,
  identifiers: members.map(({ identifierId }) => named(identifierId)),
});
