import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  MinLength,
  ValidateNested,
} from 'class-validator';
import {
  IDENTIFIER_CLASSES,
  IDENTIFIER_TYPES,
  LINK_LEVELS,
  type IdentifierClass,
  type IdentifierType,
  type LinkLevel,
} from '../identifiers.js';
import { IsIsoTime } from './parts.js';
import { PROFILE_FIELDS, VALUE_SOURCES, type ProfileField, type ValueSource } from './profile.event.js';
import { CustomerRecordData } from './record.event.js';
import { ReplyData } from './reply.event.js';

/** How strong a piece of evidence is (rule I3); a suggestion never joins. */
export const EVIDENCE_STRENGTHS = ['suggestion', 'claimed', 'transport', 'verified'] as const;
export type EvidenceStrength = (typeof EVIDENCE_STRENGTHS)[number];

/** Stages of a waiting clock (rule T8). */
export const CLOCK_STAGES = ['stopped', 'running', 'warned', 'breached', 'danger'] as const;
export type ClockStage = (typeof CLOCK_STAGES)[number];

/** Why a segment belongs to its conversation (rules T1-T5, T11); null for the first one. */
export const LINK_REASONS = ['same-person', 'reference', 'call-back', 'agent'] as const;
export type LinkReason = (typeof LINK_REASONS)[number];

/**
 * `evidence.asserted`, `evidence.retracted`: what speaks for or against two identifiers being one person (rule I2).
 * Identifiers are keyed hashes, because this topic is kept for ever.
 */
export class EvidenceData {
  @IsString()
  @MinLength(1)
  evidenceId!: string;

  /** What was seen: `claim`, `contact`, `platform`, `record`, `one-time-code`, `same`, `different`, `new-owner` …; a retraction has the kind of what it takes back. */
  @IsString()
  @MinLength(1)
  kind!: string;

  @IsIn(EVIDENCE_STRENGTHS)
  strength!: EvidenceStrength;

  /** Ids of the two identifiers; of a `contact` the one that wrote or called, of a `new-owner` the number. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(2)
  @IsString({ each: true })
  pair!: string[];

  /** When it happened, not when we learnt of it. */
  @IsIsoTime()
  at!: string;

  /** Event that showed it; null when an agent or an import did. */
  @IsOptional()
  @IsString()
  sourceEventId!: string | null;

  /** Who said so; null for a rule. */
  @IsOptional()
  @IsString()
  actor!: string | null;

  /** Rule that made it, as numbered in the documentation (`I5`). */
  @IsString()
  @MinLength(1)
  rule!: string;

  @IsOptional()
  @IsString()
  reason!: string | null;

  /** Evidence that this record takes back; null when it asserts. */
  @IsOptional()
  @IsString()
  retracts!: string | null;

  /** Since when the two belong together, where a CRM's record says so. */
  @IsOptional()
  @IsIsoTime()
  validFrom?: string | null;

  /** Until when. */
  @IsOptional()
  @IsIsoTime()
  validTo?: string | null;

  @IsInt()
  rulesVersion!: number;
}

/** State: whom an identifier belongs to now. */
export class IdentityMapData {
  @IsString()
  @MinLength(1)
  identifierId!: string;

  @IsIn(IDENTIFIER_TYPES)
  type!: IdentifierType;

  /** Grows when a number is given to somebody else (rule I13). */
  @IsInt()
  epoch!: number;

  /** Null for an identifier that is known from claims alone: that is no person yet (rule I10). */
  @IsOptional()
  @IsString()
  personId!: string | null;

  /** Strongest tie to the person's id-giving member; null without a person. */
  @IsOptional()
  @IsIn(LINK_LEVELS)
  level!: LinkLevel | null;

  @IsIn(IDENTIFIER_CLASSES)
  class!: IdentifierClass;

  /** Since when the number is this person's: what happened before is another epoch's. Absent of the first epoch. */
  @IsOptional()
  @IsIsoTime()
  since?: string | null;

  /** Since when it is the next one's. Absent of the present epoch. */
  @IsOptional()
  @IsIsoTime()
  until?: string | null;

  @IsInt()
  rulesVersion!: number;
}

/** One identifier of a person. */
export class PersonIdentifier {
  @IsString()
  @MinLength(1)
  id!: string;

  @IsIn(IDENTIFIER_TYPES)
  type!: IdentifierType;

  @IsOptional()
  @IsString()
  scope!: string | null;

  @IsString()
  @MinLength(1)
  value!: string;

  @IsInt()
  epoch!: number;

  @IsIn(IDENTIFIER_CLASSES)
  class!: IdentifierClass;

  @IsIn(LINK_LEVELS)
  level!: LinkLevel;

  /** Since when a number is this person's; absent: since ever. */
  @IsOptional()
  @IsIsoTime()
  since?: string | null;

  /** Since when it is somebody else's; absent: it is not. */
  @IsOptional()
  @IsIsoTime()
  until?: string | null;
}

/** What is shown of a person: the value of the strongest source, of that the newest. */
export class ProfileValue {
  @IsIn(PROFILE_FIELDS)
  field!: ProfileField;

  @IsString()
  @MinLength(1)
  value!: string;

  @IsIn(VALUE_SOURCES)
  source!: ValueSource;

  /** Of a claim when it was heard first, of others when it was said last. */
  @IsIsoTime()
  at!: string;
}

/** State: a person as known now. */
export class PersonStateData {
  @IsString()
  @MinLength(1)
  personId!: string;

  /** Ids under which this person may have been published before. */
  @IsArray()
  @IsString({ each: true })
  formerIds!: string[];

  @IsOptional()
  @IsString()
  name!: string | null;

  /** Of every field that is known, the name included (rule I15). */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ProfileValue)
  profile?: ProfileValue[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PersonIdentifier)
  identifiers!: PersonIdentifier[];

  @IsInt()
  rulesVersion!: number;
}

/** A person as the set of identifiers that make it. */
export class PersonSet {
  @IsString()
  @MinLength(1)
  personId!: string;

  /** Ids of identifiers. */
  @IsArray()
  @IsString({ each: true })
  identifiers!: string[];

  @IsOptional()
  @IsString()
  name?: string | null;
}

/** `person.linked`, `.split`, `.renamed`, `.class-changed`, `.edited`, with everything needed to see why (rule I12). */
export class PersonChangeData {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PersonSet)
  before!: PersonSet[];

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PersonSet)
  after!: PersonSet[];

  /** `evidence`, `retraction`, `rules`, `class`; of an edit `agent`, or `undo` … */
  @IsString()
  @MinLength(1)
  cause!: string;

  /** Of an edit: fields of the profile that an agent changed. What they are now stands in the state. */
  @IsOptional()
  @IsArray()
  @IsIn(PROFILE_FIELDS, { each: true })
  fields?: ProfileField[];

  /** Of an edit. */
  @IsOptional()
  @IsString()
  reason?: string | null;

  /** Rule that decided, as numbered in the documentation (`I5`). */
  @IsString()
  @MinLength(1)
  rule!: string;

  @IsArray()
  @IsString({ each: true })
  evidenceIds!: string[];

  /** Who acted; null for a rule. */
  @IsOptional()
  @IsString()
  actor!: string | null;

  @IsInt()
  rulesVersion!: number;
}

/** One customer's stretch of a thread. */
export class ConversationSegment {
  @IsString()
  @MinLength(1)
  id!: string;

  @IsString()
  @MinLength(1)
  channel!: string;

  @IsString()
  @MinLength(1)
  account!: string;

  @IsString()
  @MinLength(1)
  thread!: string;

  @IsIsoTime()
  startedAt!: string;

  @IsOptional()
  @IsIsoTime()
  resolvedAt!: string | null;

  @IsOptional()
  @IsIn(LINK_REASONS)
  linkedBy!: LinkReason | null;

  /** Conversations that it may belong to as well (rule T6), the latest active first; absent where that is clear. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  candidates?: string[];
}

/** The waiting clock of a conversation (rule T8). */
export class ConversationClock {
  @IsOptional()
  @IsIsoTime()
  waitingSince!: string | null;

  @IsIn(CLOCK_STAGES)
  stage!: ClockStage;

  /** What stopped it last: the id of the answer, of the call or of the agent's act. */
  @IsOptional()
  @IsString()
  stoppedBy!: string | null;
}

/** State: a conversation as known now. */
export class ConversationStateData {
  @IsString()
  @MinLength(1)
  conversationId!: string;

  @IsArray()
  @IsString({ each: true })
  formerIds!: string[];

  @IsIn(['open', 'resolved'])
  state!: 'open' | 'resolved';

  /** Null when the customer is anonymous. */
  @IsOptional()
  @IsString()
  personId!: string | null;

  @IsArray()
  @IsString({ each: true })
  channels!: string[];

  /** It might belong to another conversation as well (rule T6). */
  @IsBoolean()
  ambiguous!: boolean;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ConversationSegment)
  segments!: ConversationSegment[];

  @ValidateNested()
  @Type(() => ConversationClock)
  clock!: ConversationClock;

  @IsInt()
  rulesVersion!: number;
}

/** `conversation.opened`, `.linked`, `.unlinked`, `.channel-switched`, `.waiting`, `.replied`, `.resolved`, `.reopened`. */
export class ConversationEventData {
  @IsString()
  @MinLength(1)
  conversationId!: string;

  @IsOptional()
  @IsString()
  personId!: string | null;

  /** Segments that came, went or are meant. */
  @IsArray()
  @IsString({ each: true })
  segmentIds!: string[];

  /** Of `conversation.linked`: conversations that the segment may belong to as well (rule T6); absent where that is clear. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  candidates?: string[];

  /** Item that caused it; null when an agent or a change of people did. */
  @IsOptional()
  @IsString()
  itemId!: string | null;

  /** Channel left, of a switch. */
  @IsOptional()
  @IsString()
  from!: string | null;

  /** Channel entered, of a switch; channel of the item otherwise. */
  @IsOptional()
  @IsString()
  to!: string | null;

  /** `item`, `reference`, `call-back`, `silence`, `agent`, `people-changed` … */
  @IsString()
  @MinLength(1)
  cause!: string;

  /** Rule that decided, as numbered in the documentation (`T5`). */
  @IsString()
  @MinLength(1)
  rule!: string;

  /** Who acted; null for a rule. */
  @IsOptional()
  @IsString()
  actor!: string | null;

  @IsInt()
  rulesVersion!: number;
}

/** `target.started`, `.warned`, `.breached`, `.endangered`, `.stopped`: one run of a waiting clock. */
export class TargetEventData {
  @IsString()
  @MinLength(1)
  conversationId!: string;

  /** Id of this run of the clock: the same from its start to its stop. */
  @IsString()
  @MinLength(1)
  clock!: string;

  @IsIsoTime()
  startedAt!: string;

  @IsOptional()
  @IsIsoTime()
  stoppedAt!: string | null;

  @IsIn(CLOCK_STAGES)
  stage!: ClockStage;

  /** Milliseconds of the tenant's working time since the start. */
  @IsInt()
  workingMs!: number;

  /** Milliseconds by the calendar since the start. */
  @IsInt()
  wallMs!: number;

  /** What stopped it: `message`, `call`, `resolve`. */
  @IsOptional()
  @IsString()
  stoppedBy!: string | null;

  /** The stage had passed before we learnt of it: entered without alarm. */
  @IsOptional()
  @IsBoolean()
  late?: boolean;
}

/** The class of `data` of every family of core's own: those that it publishes, and the customers' records that it takes in. */
export const CORE_DATA = {
  evidence: EvidenceData,
  'identity-map': IdentityMapData,
  'person-state': PersonStateData,
  'person-change': PersonChangeData,
  'conversation-state': ConversationStateData,
  'conversation-event': ConversationEventData,
  'target-event': TargetEventData,
  reply: ReplyData,
  'customer-record': CustomerRecordData,
} as const;

export type CoreFamily = keyof typeof CORE_DATA;

/** The family of every type of core's own events; state topics carry no type. */
export const CORE_EVENT_TYPES = {
  'evidence.asserted': 'evidence',
  'evidence.retracted': 'evidence',
  'person.linked': 'person-change',
  'person.split': 'person-change',
  'person.renamed': 'person-change',
  'person.class-changed': 'person-change',
  'person.edited': 'person-change',
  'conversation.opened': 'conversation-event',
  'conversation.linked': 'conversation-event',
  'conversation.unlinked': 'conversation-event',
  'conversation.channel-switched': 'conversation-event',
  'conversation.waiting': 'conversation-event',
  'conversation.replied': 'conversation-event',
  'conversation.resolved': 'conversation-event',
  'conversation.reopened': 'conversation-event',
  'target.started': 'target-event',
  'target.warned': 'target-event',
  'target.breached': 'target-event',
  'target.endangered': 'target-event',
  'target.stopped': 'target-event',
  'reply.requested': 'reply',
  'customer.recorded': 'customer-record',
} as const satisfies Record<string, CoreFamily>;

export type CoreEventType = keyof typeof CORE_EVENT_TYPES;
