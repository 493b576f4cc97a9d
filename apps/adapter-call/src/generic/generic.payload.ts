import 'reflect-metadata';
import { plainToInstance, Transform, Type } from 'class-transformer';
import {
  IsIn,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';
import { readTime } from '../local-time.js';

/** Every value of `event`, and the type of event that it becomes. */
export const GENERIC_EVENTS = {
  ringing: 'call.ringing',
  queued: 'call.queued',
  answered: 'call.answered',
  held: 'call.held',
  unheld: 'call.unheld',
  transferred: 'call.transferred',
  ended: 'call.ended',
  missed: 'call.missed',
  recording: 'call.recorded',
  voicemail: 'voicemail.left',
  keyed: 'call.keyed',
} as const;

export type GenericEventName = keyof typeof GENERIC_EVENTS;

export const isGenericEvent = (name: string): name is GenericEventName => Object.hasOwn(GENERIC_EVENTS, name);

/** Events whose direction cannot be guessed, so that the PBX must say it. */
export const DIRECTED: ReadonlySet<string> = new Set([
  'ringing',
  'queued',
  'answered',
  'held',
  'unheld',
  'transferred',
  'ended',
] satisfies GenericEventName[]);

export const PURPOSES = ['ivr', 'survey'] as const;
export const ENDERS = ['customer', 'agent', 'system'] as const;
const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;

const IsTime = (): PropertyDecorator =>
  ValidateBy({
    name: 'isTime',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && readTime(value) !== null,
      defaultMessage: () => 'at must be an ISO 8601 time such as 2026-11-20T09:20:00+07:00',
    },
  });

/** Ids, numbers and causes that a PBX may write as JSON numbers. */
const AsText = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value));

/** An id, a number or a name. The first of these that fails is the problem that is told. */
const IsText =
  (maxLength: number): PropertyDecorator =>
  (target, property) =>
    [AsText(), IsNotEmpty(), IsString(), MaxLength(maxLength)].forEach((decorate) => decorate(target, property));

/** Durations that a PBX may write as strings. */
const AsNumber = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value,
  );

export class GenericAgent {
  @IsText(128)
  id!: string;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  name?: string | null;
}

/** One event as a PBX posts it; docs/call-door.md explains each field, docs/call-door.openapi.yaml is this class in OpenAPI. */
export class GenericCallEvent {
  @IsOptional()
  @IsText(256)
  eventId?: string | null;

  @IsText(256)
  callId!: string;

  @IsOptional()
  @IsText(256)
  legId?: string | null;

  /** Any word passes here: one that is none of GENERIC_EVENTS is readable, but of a kind that we don't know. */
  @IsString()
  @IsNotEmpty()
  event!: string;

  @IsOptional()
  @IsTime()
  at?: string | null;

  @ValidateIf((body: GenericCallEvent) => DIRECTED.has(body.event) || body.direction != null)
  @IsIn(DIRECTIONS)
  direction?: (typeof DIRECTIONS)[number] | null;

  @IsOptional()
  @IsText(128)
  customerNumber?: string | null;

  @IsOptional()
  @IsText(128)
  hotline?: string | null;

  @IsOptional()
  @ValidateNested()
  @Type(() => GenericAgent)
  agent?: GenericAgent | null;

  @IsOptional()
  @IsText(256)
  queue?: string | null;

  @IsOptional()
  @AsNumber()
  @Min(0)
  @IsNumber({}, { message: '$property must be a number of seconds' })
  durationSeconds?: number | null;

  @IsOptional()
  @AsNumber()
  @Min(0)
  @IsNumber({}, { message: '$property must be a number of seconds' })
  talkSeconds?: number | null;

  @IsOptional()
  @IsText(256)
  cause?: string | null;

  @IsOptional()
  @IsIn(ENDERS)
  endedBy?: (typeof ENDERS)[number] | null;

  @IsOptional()
  @MaxLength(2048)
  @Matches(/^https?:\/\/\S+$/, { message: 'recordingUrl must be an http or https address' })
  recordingUrl?: string | null;

  @ValidateIf((body: GenericCallEvent) => body.event === 'keyed' || body.digits != null)
  @AsText()
  @Matches(/^[0-9*#A-D]{1,64}$/i, { message: 'digits must be keys of a telephone: 0-9, *, #, A-D' })
  digits?: string | null;

  @IsOptional()
  @IsIn(PURPOSES)
  purpose?: (typeof PURPOSES)[number] | null;
}

/** Fields that we read; what else a body holds goes to `vendorData`. */
export const GENERIC_FIELDS: ReadonlySet<string> = new Set<keyof GenericCallEvent>([
  'eventId',
  'callId',
  'legId',
  'event',
  'at',
  'direction',
  'customerNumber',
  'hotline',
  'agent',
  'queue',
  'durationSeconds',
  'talkSeconds',
  'cause',
  'endedBy',
  'recordingUrl',
  'digits',
  'purpose',
]);

/** A body that was read, and what else stood in it. */
export interface GenericPayload {
  readonly event: GenericCallEvent;
  readonly extra: Record<string, unknown>;
}

/** What keeps a body from being an event of a call, in words for the integrator; and the event, where nothing does. */
export function readGeneric(body: unknown): GenericPayload | { problems: string[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { problems: ['the body must be one JSON object'] };
  }
  const given = Object.entries(body).filter(([, value]) => value !== ''); // many PBXs write empty strings for nothing
  const named = given.filter(([key]) => GENERIC_FIELDS.has(key));
  const event = plainToInstance(
    GenericCallEvent,
    Object.fromEntries(named.map(([key, value]) => [key, plain(key, value)])),
  );
  const problems = validateSync(event, { stopAtFirstError: true }).flatMap((error) => messages(error));
  if (problems.length > 0) return { problems };
  return { event, extra: Object.fromEntries(given.filter(([key]) => !GENERIC_FIELDS.has(key))) };
}

/** An object where none belongs is an empty one: class-transformer believes what it says of its constructor. */
function plain(key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (key !== 'agent' || Array.isArray(value)) return {};
  const { id, name } = value as Record<string, unknown>;
  return { id: plain('id', id), name: plain('name', name) };
}

function messages(error: ValidationError, path = ''): string[] {
  return [
    ...Object.values(error.constraints ?? {}).map((message) => path + message),
    ...(error.children ?? []).flatMap((child) => messages(child, `${path}${error.property}.`)),
  ];
}
