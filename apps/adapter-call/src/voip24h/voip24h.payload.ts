import { isObject, requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { localTimeOf, secondsOf } from '../pbx-fields.js';

/** A body: seen in connectors, in no page of the vendor's. */
export type Voip24hPayload = Voip24hState | Voip24hMissed | Voip24hAutoCall;

interface Body {
  readonly callId: string;
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface Voip24hState extends Body {
  readonly kind: 'state';
  /** Ring, Ringing, Up, Hangup, Cdr. */
  readonly state: string;
  readonly direction: string | null;
  readonly extension: string | null;
  readonly phone: string | null;
  readonly hotline: string | null;
  /** The caller's own channel, told beside the extension's. */
  readonly isEcho: boolean;
  readonly sums: {
    readonly endedAt: number | null;
    readonly durationSeconds: number | null;
    readonly talkSeconds: number | null;
  };
}

export interface Voip24hMissed extends Body {
  readonly kind: 'missed';
  readonly caller: string | null;
  readonly extension: string | null;
  readonly hotline: string | null;
  readonly at: number | null;
  readonly durationSeconds: number | null;
}

export interface Voip24hAutoCall extends Body {
  readonly kind: 'auto-call';
  readonly isAnswered: boolean;
  readonly talkSeconds: number | null;
  readonly key: string | null;
}

const STATE: ReadonlySet<string> = new Set([
  'state',
  'type',
  'direction',
  'callid',
  'extend',
  'phone',
  'did',
  'note',
  'cdr',
]);
const MISSED: ReadonlySet<string> = new Set([
  'type',
  'linkedid',
  'callid',
  'src',
  'dst',
  'did',
  'calldate',
  'duration',
]);
const AUTO_CALL: ReadonlySet<string> = new Set(['espeakid', 'cdr', 'dtmf']);

/** @throws MalformedPayload */
export function readVoip24h(fields: Fields): Voip24hPayload {
  if (textOf(fields, 'type') === 'MissedCallEvent') return readMissed(fields);
  const autoCall = textOf(fields, 'espeakid');
  return autoCall === null ? readState(fields) : readAutoCall(fields, autoCall);
}

function readState(fields: Fields): Voip24hState {
  const cdr = inner(fields, 'cdr');
  return {
    kind: 'state',
    callId: requiredText(fields, 'callid'),
    state: requiredText(fields, 'state'),
    direction: textOf(fields, 'direction') ?? textOf(fields, 'type'),
    extension: textOf(fields, 'extend'),
    phone: textOf(fields, 'phone'),
    hotline: textOf(fields, 'did'),
    isEcho: textOf(fields, 'note') === 'caller',
    sums: {
      endedAt: localTimeOf(cdr, 'endtime'),
      durationSeconds: secondsOf(cdr, 'duration'),
      talkSeconds: secondsOf(cdr, 'billsec'),
    },
    rest: restOf(fields, STATE),
  };
}

const readMissed = (fields: Fields): Voip24hMissed => ({
  kind: 'missed',
  callId: textOf(fields, 'linkedid') ?? requiredText(fields, 'callid'),
  caller: textOf(fields, 'src'),
  extension: textOf(fields, 'dst'),
  hotline: textOf(fields, 'did'),
  at: localTimeOf(fields, 'calldate'),
  durationSeconds: secondsOf(fields, 'duration'),
  rest: restOf(fields, MISSED),
});

function readAutoCall(fields: Fields, callId: string): Voip24hAutoCall {
  const cdr = inner(fields, 'cdr');
  return {
    kind: 'auto-call',
    callId,
    isAnswered: textOf(cdr, 'disposition') === 'ANSWERED',
    talkSeconds: secondsOf(cdr, 'duration'),
    key: textOf(inner(fields, 'dtmf'), 'digit'),
    rest: restOf(fields, AUTO_CALL),
  };
}

function inner(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isObject(value) ? value : {};
}
