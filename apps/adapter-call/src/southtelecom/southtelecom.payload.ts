import { isObject, requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { epochOf, localTimeOf, secondsOf } from '../pbx-fields.js';

/** A state of a call: seen in connectors, in no page of the vendor's. */
export interface SouthtelecomCall {
  readonly kind: 'call';
  /** Start, Dialing, DialAnswer, Trim, HangUp, CDR, LocalSIPCDR and others. */
  readonly status: string;
  readonly callId: string;
  /** Set while one extension of several is rung: the call is the parent's, `callId` a leg of it. */
  readonly parentId: string | null;
  readonly direction: string | null;
  readonly caller: string | null;
  readonly callee: string | null;
  readonly hotline: string | null;
  readonly disposition: string | null;
  readonly at: number | null;
  readonly durationSeconds: number | null;
  readonly talkSeconds: number | null;
  /** A name, no address. */
  readonly recordingFile: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What came of a call that was dialled by a machine. */
export interface SouthtelecomAutoCall {
  readonly kind: 'auto-call';
  readonly callId: string;
  readonly isAnswered: boolean;
  readonly talkSeconds: number | null;
  readonly key: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

export type SouthtelecomPayload = SouthtelecomCall | SouthtelecomAutoCall;

const CALL: ReadonlySet<string> = new Set([
  'callstatus',
  'calluuid',
  'parentcalluuid',
  'direction',
  'callernumber',
  'destinationnumber',
  'src',
  'dst',
  'dnis',
  'did_number',
  'disposition',
  'starttime',
  'endtime',
  'calldate',
  'totalduration',
  'billduration',
  'monitorfilename',
]);
const AUTO_CALL: ReadonlySet<string> = new Set([
  'type',
  'ua_uuid',
  'acs_lastcall_status',
  'acs_call_duration',
  'useraction',
]);

/** @throws MalformedPayload */
export function readSouthtelecom(fields: Fields): SouthtelecomPayload {
  if (textOf(fields, 'type') === 'AutoCall') return readAutoCall(fields);
  const status = requiredText(fields, 'callstatus');
  return {
    kind: 'call',
    status,
    callId: requiredText(fields, 'calluuid'),
    parentId: textOf(fields, 'parentcalluuid'),
    direction: textOf(fields, 'direction'),
    caller: textOf(fields, 'callernumber') ?? textOf(fields, 'src'),
    callee: textOf(fields, 'destinationnumber') ?? textOf(fields, 'dst'),
    hotline: textOf(fields, 'dnis') ?? textOf(fields, 'did_number'),
    disposition: textOf(fields, 'disposition'),
    at: timeOf(fields, status),
    durationSeconds: secondsOf(fields, 'totalduration'),
    talkSeconds: secondsOf(fields, 'billduration'),
    recordingFile: textOf(fields, 'monitorfilename'),
    rest: restOf(fields, CALL),
  };
}

function timeOf(fields: Fields, status: string): number | null {
  if (status === 'LocalSIPCDR') return epochOf(fields, 'calldate');
  return localTimeOf(fields, status === 'CDR' || status === 'HangUp' ? 'endtime' : 'starttime');
}

function readAutoCall(fields: Fields): SouthtelecomAutoCall {
  const action = fields['useraction'];
  return {
    kind: 'auto-call',
    callId: requiredText(fields, 'ua_uuid'),
    isAnswered: textOf(fields, 'acs_lastcall_status') === 'Answer',
    talkSeconds: secondsOf(fields, 'acs_call_duration'),
    key: isObject(action) ? textOf(action, 'key') : null,
    rest: restOf(fields, AUTO_CALL),
  };
}
