import { requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { epochOf, secondsOf } from '../pbx-fields.js';

/** An event of a call: seen in connectors, in no page of the vendor's. */
export interface FptPayload {
  /** target_ringing, call_established, call_ended, cdr. */
  readonly event: string;
  readonly callId: string;
  readonly direction: string | null;
  readonly caller: string | null;
  readonly callee: string | null;
  /** Who is rung for the callee. */
  readonly target: string | null;
  readonly at: number | null;
  readonly talkSeconds: number | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

const FIELDS: ReadonlySet<string> = new Set([
  'event_type',
  'call_id',
  'direction',
  'caller',
  'callee',
  'call_target',
  'time',
  'ended_time',
  'talk_duration',
]);

/** @throws MalformedPayload */
export const readFpt = (fields: Fields): FptPayload => ({
  event: requiredText(fields, 'event_type'),
  callId: requiredText(fields, 'call_id'),
  direction: textOf(fields, 'direction'),
  caller: numberIn(textOf(fields, 'caller')),
  callee: numberIn(textOf(fields, 'callee')),
  target: numberIn(textOf(fields, 'call_target')),
  at: epochOf(fields, 'time') ?? epochOf(fields, 'ended_time'),
  talkSeconds: secondsOf(fields, 'talk_duration'),
  rest: restOf(fields, FIELDS),
});

/** Of `"0900000001"<sip:0900000001@acme.example>` the first digits, but none of the domain's. */
const numberIn = (text: string | null): string | null => /\d+/.exec(text?.split('@')[0] ?? '')?.[0] ?? null;
