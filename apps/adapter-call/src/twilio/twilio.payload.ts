import { fieldsOf, requiredText, restOf, textOf, type DoorRequest, type Fields } from '@lienmach/adapter-kit';
import { secondsOf } from '../pbx-fields.js';

/**
 * A request of Twilio Voice: a question what to do with a call, what has become of a leg, a recording, pressed keys.
 * https://www.twilio.com/docs/voice/twiml, https://www.twilio.com/docs/voice/api/call-resource#statuscallback,
 * https://www.twilio.com/docs/voice/api/recording#recordingstatuscallback
 */
export interface TwilioPayload {
  readonly callSid: string;
  /** Set on a leg that another call has dialled. */
  readonly parentCallSid: string | null;
  readonly status: string | null;
  readonly direction: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly time: number | null;
  /** It tells what happened, and wants no instruction. */
  readonly isProgress: boolean;
  /** `CallDuration`, seconds; `Duration` counts minutes. */
  readonly seconds: number | null;
  /** Null: no `<Gather>`; empty: nothing was pressed. */
  readonly digits: string | null;
  readonly recording: TwilioRecording | null;
  /** How the `<Dial>` before ended. */
  readonly dial: { readonly status: string; readonly callSid: string | null; readonly seconds: number | null } | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface TwilioRecording {
  readonly sid: string;
  readonly url: string | null;
  /** Null in the action of a `<Record>`, which asks what comes next. */
  readonly status: string | null;
  readonly seconds: number | null;
  readonly startedAt: number | null;
  readonly source: string | null;
}

const READ: ReadonlySet<string> = new Set([
  'CallSid',
  'ParentCallSid',
  'CallStatus',
  'Direction',
  'From',
  'To',
  'Timestamp',
  'CallbackSource',
  'CallDuration',
  'Digits',
  'RecordingUrl',
  'RecordingStatus',
  'RecordingDuration',
  'RecordingStartTime',
  'RecordingSource',
  'DialCallStatus',
  'DialCallSid',
  'DialCallDuration',
]);

/** @throws MalformedPayload */
export function readTwilio(request: DoorRequest): TwilioPayload {
  const fields = fieldsOf(request);
  const dialled = textOf(fields, 'DialCallStatus');
  return {
    callSid: requiredText(fields, 'CallSid'),
    parentCallSid: textOf(fields, 'ParentCallSid'),
    status: textOf(fields, 'CallStatus'),
    direction: textOf(fields, 'Direction'),
    from: textOf(fields, 'From'),
    to: textOf(fields, 'To'),
    time: timeOf(fields, 'Timestamp'),
    isProgress: textOf(fields, 'CallbackSource') !== null || textOf(fields, 'Timestamp') !== null,
    seconds: secondsOf(fields, 'CallDuration'),
    digits: 'Digits' in fields ? (textOf(fields, 'Digits') ?? '') : null,
    recording: recordingOf(fields),
    dial: dialled === null ? null : dialOf(dialled, fields),
    rest: restOf(fields, READ),
  };
}

const dialOf = (status: string, fields: Fields) => ({
  status,
  callSid: textOf(fields, 'DialCallSid'),
  seconds: secondsOf(fields, 'DialCallDuration'),
});

function recordingOf(fields: Fields): TwilioRecording | null {
  const sid = textOf(fields, 'RecordingSid');
  if (sid === null) return null;
  return {
    sid,
    url: textOf(fields, 'RecordingUrl'),
    status: textOf(fields, 'RecordingStatus'),
    seconds: secondsOf(fields, 'RecordingDuration'),
    startedAt: timeOf(fields, 'RecordingStartTime'),
    source: textOf(fields, 'RecordingSource'),
  };
}

/** RFC 2822: `Mon, 03 Mar 2025 02:15:00 +0000`. */
function timeOf(fields: Fields, name: string): number | null {
  const time = Date.parse(textOf(fields, name) ?? '');
  return Number.isNaN(time) ? null : time;
}
