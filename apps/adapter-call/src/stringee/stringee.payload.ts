import { MalformedPayload } from '@lienmach/contracts';

/** One end of a call; `number` is a telephone number when external, a user id when internal. */
export interface StringeeParty {
  readonly number: string | null;
  /** What the other side is shown: the hotline, towards an agent. */
  readonly alias: string | null;
  readonly internal: boolean;
}

/**
 * A body of the event URL, of an `input` action's or of a `record` action's.
 * https://developer.stringee.com/docs/server/call-events; recordings and digits: seen in integrations, not on that page.
 */
export interface StringeePayload {
  /** Null where the body is about no call at all. */
  readonly callId: string | null;
  readonly status: string | null;
  readonly time: number | null;
  readonly from: StringeeParty;
  readonly to: StringeeParty;
  readonly createdReason: string | null;
  readonly endCause: string | null;
  readonly endedBy: string | null;
  readonly duration: number | null;
  readonly answerDuration: number | null;
  readonly recordingUrl: string | null;
  readonly startTime: number | null;
  readonly endTime: number | null;
  /** Null: not the answer of an `input` action; empty: nothing was pressed. */
  readonly digits: string | null;
  readonly customField: string | null;
  /** What none of the fields above holds. */
  readonly rest: Record<string, unknown>;
}

const FIELDS: ReadonlySet<string> = new Set([
  'call_id',
  'call_status',
  'timestamp_ms',
  'time',
  'from',
  'to',
  'callCreatedReason',
  'endCallCause',
  'endedBy',
  'duration',
  'answerDuration',
  'recording_url',
  'start_time',
  'end_time',
  'dtmf',
  'customField',
]);

/** Reads a body; throws MalformedPayload, naming the field that breaks the vendor's shape. */
export function readStringee(body: unknown): StringeePayload {
  if (!isObject(body)) throw new MalformedPayload('the body must be one JSON object');
  const payload = {
    callId: text(body, 'call_id'),
    status: text(body, 'call_status'),
    time: number(body, 'timestamp_ms') ?? number(body, 'time'),
    from: party(body, 'from'),
    to: party(body, 'to'),
    createdReason: text(body, 'callCreatedReason'),
    endCause: text(body, 'endCallCause'),
    endedBy: text(body, 'endedBy'),
    duration: number(body, 'duration'),
    answerDuration: number(body, 'answerDuration'),
    recordingUrl: text(body, 'recording_url'),
    startTime: number(body, 'start_time'),
    endTime: number(body, 'end_time'),
    digits: body['dtmf'] === undefined ? null : (text(body, 'dtmf') ?? ''),
    customField: text(body, 'customField'),
    rest: Object.fromEntries(Object.entries(body).filter(([key]) => !FIELDS.has(key))),
  };
  const isOfCall = payload.status !== null || payload.recordingUrl !== null || payload.digits !== null;
  if (isOfCall && payload.callId === null) throw new MalformedPayload('call_id is missing');
  return payload;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty strings stand for nothing in these bodies. */
function text(body: Record<string, unknown>, field: string): string | null {
  const value = body[field];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new MalformedPayload(`${field} must be a string`);
}

/** Numbers come as strings too (`time` of an input action). */
function number(body: Record<string, unknown>, field: string): number | null {
  const value = text(body, field);
  if (value === null) return null;
  const read = Number(value);
  if (Number.isFinite(read)) return read;
  throw new MalformedPayload(`${field} must be a number`);
}

function party(body: Record<string, unknown>, field: string): StringeeParty {
  const value = body[field];
  if (value === undefined || value === null) return { number: null, alias: null, internal: false };
  if (!isObject(value)) throw new MalformedPayload(`${field} must be an object`);
  return { number: text(value, 'number'), alias: text(value, 'alias'), internal: value['type'] === 'internal' };
}
