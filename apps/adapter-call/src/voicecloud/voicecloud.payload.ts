import { requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { readTime } from '../local-time.js';
import { secondsOf } from '../pbx-fields.js';

/** One of the vendor's three calls. https://support.bizcloud.vn, https://wiki.voicecloud.vn */
export type VoicecloudPayload = { readonly callId: string; readonly rest: Readonly<Record<string, unknown>> } & (
  | {
      readonly kind: 'call_in';
      /** RING, ANSWER. */
      readonly event: string;
      readonly phone: string | null;
      readonly extension: string | null;
      readonly queue: string | null;
      readonly hotline: string | null;
    }
  | { readonly kind: 'hangup' }
  | {
      readonly kind: 'calldata';
      /** ANSWERED, ABANDON. */
      readonly status: string;
      readonly phone: string | null;
      readonly extension: string | null;
      readonly queue: string | null;
      readonly startedAt: number | null;
      /** Talked. */
      readonly seconds: number | null;
      /** Waited in the queue. */
      readonly heldSeconds: number | null;
      readonly recordingUrl: string | null;
    }
);

const FIELDS: ReadonlySet<string> = new Set([
  'callid',
  'event',
  'phone',
  'extension',
  'queue',
  'did',
  'status',
  'calldate',
  'duration',
  'holdtime',
  'recordingfile',
]);

/** Which of the three it is stands in the address, and in the fields too, so that one address does. @throws MalformedPayload */
export function readVoicecloud(fields: Fields): VoicecloudPayload {
  const callId = requiredText(fields, 'callid');
  const rest = restOf(fields, FIELDS);
  const [event, status] = [textOf(fields, 'event'), textOf(fields, 'status')];
  const parties = {
    phone: textOf(fields, 'phone'),
    extension: textOf(fields, 'extension'),
    queue: textOf(fields, 'queue'),
  };
  if (event !== null) return { kind: 'call_in', callId, event, ...parties, hotline: textOf(fields, 'did'), rest };
  if (status === null) return { kind: 'hangup', callId, rest };
  return {
    kind: 'calldata',
    callId,
    status,
    ...parties,
    startedAt: dateOf(textOf(fields, 'calldate')),
    seconds: secondsOf(fields, 'duration'),
    heldSeconds: secondsOf(fields, 'holdtime'),
    recordingUrl: textOf(fields, 'recordingfile'),
    rest,
  };
}

/** `2025-03-03-09:15:00`, of Vietnam. */
const dateOf = (text: string | null): number | null =>
  text === null ? null : readTime(text.replace(/^(\d{4}-\d\d-\d\d)-/, '$1 '));
