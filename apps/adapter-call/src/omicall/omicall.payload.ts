import { requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { epochOf, secondsOf } from '../pbx-fields.js';
import { readPbxState, untimed, type PbxState } from '../pbx-state.payload.js';

/** A call that is over. https://api.omicall.com/omicall-api/call-transaction/v2; its `time_…` are seconds, its `…_date` milliseconds. */
export interface OmicallHistory {
  readonly kind: 'history';
  readonly callId: string;
  /** answered, cancelled. */
  readonly disposition: string;
  readonly direction: string | null;
  readonly customer: string | null;
  readonly hotline: string | null;
  readonly agent: string | null;
  readonly startedAt: number | null;
  readonly rangAt: number | null;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly durationSeconds: number | null;
  readonly talkSeconds: number | null;
  readonly recordedSeconds: number | null;
  readonly recordingUrl: string | null;
  readonly endedBy: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** A call that is over, or a state as connectors have seen them: no page of the vendor's shows one. */
export type OmicallPayload = OmicallHistory | (PbxState & { readonly kind: 'state' });

const STATE = {
  callId: 'call_uuid',
  state: 'state',
  direction: 'direction',
  from: 'from_number',
  to: 'to_number',
  hotline: 'hotline',
  durationSeconds: 'duration',
  talkSeconds: 'bill_sec',
  recordingUrl: 'recording_file',
};

const HISTORY: ReadonlySet<string> = new Set([
  'transaction_id',
  'disposition',
  'direction',
  'phone_number',
  'sip_number',
  'hotline',
  'sip_user',
  'time_start_call',
  'time_ringing_start',
  'time_start_to_answer',
  'time_end_call',
  'duration',
  'bill_sec',
  'record_seconds',
  'recording_file_url',
  'endby_name',
]);

/** @throws MalformedPayload */
export function readOmicall(fields: Fields): OmicallPayload {
  const disposition = textOf(fields, 'disposition');
  if (disposition !== null) return readHistory(fields, disposition);
  return { kind: 'state', ...readPbxState(fields, STATE, untimed) };
}

const readHistory = (fields: Fields, disposition: string): OmicallHistory => ({
  kind: 'history',
  // `call_uuid` may be null here; where it is not, it is the id of the states
  callId: textOf(fields, 'call_uuid') ?? requiredText(fields, 'transaction_id'),
  disposition,
  direction: textOf(fields, 'direction'),
  customer: textOf(fields, 'phone_number'),
  hotline: textOf(fields, 'hotline') ?? textOf(fields, 'sip_number'),
  agent: textOf(fields, 'sip_user'),
  startedAt: epochOf(fields, 'time_start_call'),
  rangAt: epochOf(fields, 'time_ringing_start'),
  answeredAt: epochOf(fields, 'time_start_to_answer'),
  endedAt: epochOf(fields, 'time_end_call'),
  durationSeconds: secondsOf(fields, 'duration'),
  talkSeconds: secondsOf(fields, 'bill_sec'),
  recordedSeconds: secondsOf(fields, 'record_seconds'),
  recordingUrl: textOf(fields, 'recording_file_url'),
  endedBy: textOf(fields, 'endby_name'),
  rest: restOf(fields, HISTORY),
});
