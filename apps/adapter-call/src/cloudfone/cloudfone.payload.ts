import { MalformedPayload } from '@lienmach/contracts';
import { isObject, requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { localTimeOf, secondsOf } from '../pbx-fields.js';

/** A state of a call: seen in connectors, in no page of the vendor's. */
export interface CloudfonePayload {
  readonly callId: string;
  /** Ringing, Up, Down; `_Out` behind it says that the call goes out. */
  readonly status: string;
  readonly isOutgoing: boolean;
  readonly direction: string | null;
  readonly caller: string | null;
  readonly receiver: string | null;
  readonly queue: string | null;
  /** Null where the body is about a transfer. */
  readonly hotline: string | null;
  readonly isTransfer: boolean;
  /** Of the call, in all of its bodies. */
  readonly startedAt: number | null;
  readonly durationSeconds: number | null;
  readonly talkSeconds: number | null;
  readonly recordingUrl: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

const FIELDS: ReadonlySet<string> = new Set([
  'ApiKey',
  'KeyRinging',
  'Status',
  'Direction',
  'CallNumber',
  'ReceiptNumber',
  'QueueNumber',
  'NumberPBX',
  'DateStart',
  'Data',
]);
const OUT = '_Out';
const TRANSFERRED = 'TRANSFERRED-';

/** @throws MalformedPayload */
export function readCloudfone(fields: Fields): CloudfonePayload {
  const status = requiredText(fields, 'Status');
  const pbx = textOf(fields, 'NumberPBX');
  const isTransfer = pbx?.startsWith(TRANSFERRED) ?? false;
  const sums = fields['Data'] ?? {};
  if (!isObject(sums)) throw new MalformedPayload('Data must be an object');
  return {
    callId: requiredText(fields, 'KeyRinging'),
    status: status.endsWith(OUT) ? status.slice(0, -OUT.length) : status,
    isOutgoing: status.endsWith(OUT),
    direction: textOf(fields, 'Direction'),
    caller: textOf(fields, 'CallNumber'),
    receiver: textOf(fields, 'ReceiptNumber'),
    queue: textOf(fields, 'QueueNumber'),
    hotline: isTransfer ? null : pbx,
    isTransfer,
    startedAt: localTimeOf(fields, 'DateStart'),
    durationSeconds: secondsOf(sums, 'TotalTimeCall'),
    talkSeconds: secondsOf(sums, 'RealTimeCall'),
    recordingUrl: textOf(sums, 'LinkFile'),
    rest: { ...restOf(fields, FIELDS), ...(isTransfer && { NumberPBX: pbx }) },
  };
}
