import { IDENTIFIER_TYPES } from '@lienmach/contracts';
import type { Masking } from '../access/masking.js';
import type { Conflict, Edge } from './evidence.js';
import { shownName } from './name.rules.js';
import type {
  IdentifierDto,
  MemberDto,
  NewOwnersDto,
  PersonDto,
  PersonSummaryDto,
  ProfileValueDto,
  RejectedDto,
  StepDto,
} from './person.dto.js';
import type { ConversationLink, IdentifierRow, MemberRow, ValueRow } from './person.repository.js';
import { shownValues } from './profile.rules.js';
import { classNow } from './sharing.rules.js';

export type IdentifierFields = Pick<IdentifierRow, 'id' | 'type' | 'scope' | 'value' | 'class' | 'standing'>;

export function identifierShape(row: IdentifierFields, masking: Masking): IdentifierDto {
  const { id, type, scope, value } = row;
  return {
    id,
    type,
    scope,
    value: masking.identifier(type, value),
    class: classNow(row, row.standing ?? undefined),
    ...(row.standing === 'contested' && { contested: true }),
  };
}

export function summaryShape(id: string, members: readonly MemberRow[], masking: Masking): PersonSummaryDto {
  const sorted = [...members].sort(
    (a, b) => IDENTIFIER_TYPES.indexOf(a.type) - IDENTIFIER_TYPES.indexOf(b.type) || (a.value < b.value ? -1 : 1),
  );
  return {
    id,
    name: masking.name(shownName(members)),
    identifiers: sorted.map((row): MemberDto => memberShape(row, masking)),
  };
}

/** What is contested is so now: of a former epoch it says nothing. */
function memberShape(row: MemberRow, masking: Masking): MemberDto {
  const { contested, ...shape } = identifierShape(row, masking);
  return {
    ...shape,
    ...(contested && row.until === null && { contested }),
    level: row.level,
    ...(row.since !== null && { since: new Date(row.since).toISOString() }),
    ...(row.until !== null && { until: new Date(row.until).toISOString() }),
  };
}

/** Numbers that are a person's only since some time (rule I13). */
export function epochShapes(members: readonly MemberRow[], masking: Masking): NewOwnersDto[] {
  return members.flatMap(({ begun, since, until, ...row }): NewOwnersDto[] => {
    if (begun === null || since === null) return [];
    const identifier = identifierShape(row, masking);
    const end = until === null ? {} : { until: new Date(until).toISOString() };
    const { because, evidenceIds } = begun;
    return [
      { identifier, since: new Date(since).toISOString(), ...end, because, evidenceIds: [...evidenceIds], rule: 'I13' },
    ];
  });
}

const MOST_NAMES = 100;

function profileShape(values: readonly ValueRow[], masking: Masking): ProfileValueDto[] {
  const shown = new Set(shownValues(values));
  return values.map((row) => {
    const { field, value, source, at, actor, editId } = row;
    return {
      field,
      value: maskedValue(field, value, masking),
      source,
      at: new Date(at).toISOString(),
      shown: shown.has(row),
      actor,
      editId,
    };
  });
}

function maskedValue(field: ValueRow['field'], value: string, masking: Masking): string | null {
  if (field === 'name') return masking.name(value);
  return field === 'birthday' || field === 'address' ? masking.whole(value) : value;
}

export function personShape(
  id: string,
  {
    members,
    conversations,
    values,
  }: { members: readonly MemberRow[]; conversations: readonly ConversationLink[]; values: readonly ValueRow[] },
  masking: Masking,
): PersonDto {
  const formerIds = members.map(({ personSeed }) => personSeed).filter((seed) => seed !== id);
  return {
    ...summaryShape(id, members, masking),
    names: values
      .filter(({ field }) => field === 'name')
      .slice(0, MOST_NAMES)
      .map(({ value, source, at }) => ({ value: masking.name(value)!, source, at: new Date(at).toISOString() })),
    profile: profileShape(values, masking),
    formerIds: formerIds.sort(),
    conversations: [...conversations],
  };
}

/** Strength of the evidence itself (rule I3): what a customer typed stays a claim, however well it is corroborated. */
const STRENGTHS = {
  same: 'verified',
  platform: 'verified',
  record: 'verified',
  'one-time-code': 'verified',
  'claim-then-call': 'claimed',
  claim: 'claimed',
} as const;

export function stepShape(edge: Edge, identifier: (id: string) => IdentifierDto): StepDto {
  return {
    from: identifier(edge.a.identifierId),
    to: identifier(edge.b.identifierId),
    kind: edge.kind,
    strength: STRENGTHS[edge.kind],
    level: edge.level,
    at: new Date(edge.at).toISOString(),
    evidenceId: edge.evidenceIds[0]!,
    evidenceIds: [...edge.evidenceIds],
    rule: edge.rule,
    actor: edge.actor,
    reason: edge.reason,
  };
}

export function rejectedShape(conflict: Conflict, identifier: (id: string) => IdentifierDto): RejectedDto {
  return { ...stepShape(conflict, identifier), because: conflict.because, against: [...conflict.against] };
}
