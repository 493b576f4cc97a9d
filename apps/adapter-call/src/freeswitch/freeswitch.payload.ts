import { MalformedPayload } from '@lienmach/contracts';
import {
  fieldsOf,
  isJson,
  isObject,
  parseLosslessJson,
  requiredText,
  textOf,
  type DoorRequest,
  type Fields,
} from '@lienmach/adapter-kit';
import { epochOf, secondsOf } from '../pbx-fields.js';

/** One leg that has ended. https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Modules/mod_json_cdr_4653113 */
export interface FreeswitchPayload {
  readonly uuid: string;
  /** Of the whole call: that of the leg which began it. */
  readonly callId: string;
  readonly caller: string | null;
  readonly callee: string | null;
  readonly queue: string | null;
  readonly agent: string | null;
  readonly isBridged: boolean;
  readonly startedAt: number | null;
  readonly answeredAt: number | null;
  /** When somebody talked to the caller, whom a queue or a menu may have answered long before. */
  readonly bridgedAt: number | null;
  readonly endedAt: number | null;
  readonly durationSeconds: number | null;
  readonly billedSeconds: number | null;
  readonly cause: string | null;
  /** Whose SIP message ended it: recv_…, of this leg's party; send_…, ours. */
  readonly disposition: string | null;
  readonly recordingFile: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Variables worth keeping of the hundreds that there may be; the raw record has them all. */
const KEPT = [
  'sip_call_id',
  'bridge_uuid',
  'hangup_cause_q850',
  'sip_hangup_disposition',
  'cc_cause',
  'cc_cancel_reason',
];

/** Variables that only a leg has which was connected to another. */
const BRIDGED = ['bridge_uuid', 'last_bridge_to', 'signal_bond', 'bridge_epoch'];

/** @throws MalformedPayload */
export function readFreeswitch(request: DoorRequest): FreeswitchPayload {
  const cdr = cdrOf(request);
  const variables = decoded(objectIn(cdr, 'variables'));
  const flow = cdr['callflow'];
  const first: unknown = Array.isArray(flow) ? flow[0] : undefined;
  const profile = isObject(first) ? decoded(objectIn(first, 'caller_profile')) : {};
  const uuid = requiredText(variables, 'uuid');
  return {
    uuid,
    callId: textOf(variables, 'call_uuid') ?? textOf(variables, 'originator') ?? uuid,
    caller: textOf(profile, 'caller_id_number'),
    callee: textOf(profile, 'destination_number'),
    queue: textOf(variables, 'cc_queue'),
    agent: textOf(variables, 'cc_agent')?.split('@')[0] ?? null,
    isBridged: BRIDGED.some((name) => textOf(variables, name) !== null),
    startedAt: epochOf(variables, 'start_epoch'),
    answeredAt: epochOf(variables, 'answer_epoch'),
    bridgedAt: epochOf(variables, 'cc_queue_answered_epoch') ?? epochOf(variables, 'bridge_epoch'),
    endedAt: epochOf(variables, 'end_epoch'),
    durationSeconds: secondsOf(variables, 'duration'),
    billedSeconds: secondsOf(variables, 'billsec'),
    cause: textOf(variables, 'hangup_cause'),
    disposition: textOf(variables, 'sip_hangup_disposition'),
    recordingFile: textOf(variables, 'record_file_name'),
    rest: Object.fromEntries(
      KEPT.flatMap((name) => {
        const value = textOf(variables, name);
        return value === null ? [] : [[name, value]];
      }),
    ),
  };
}

/** JSON as the body, or as the field `cdr` of a form, which `encode=base64` writes in base64. */
function cdrOf(request: DoorRequest): Fields {
  if (isJson(request)) return fieldsOf(request);
  const cdr = requiredText(fieldsOf(request), 'cdr');
  const isBase64 = /base64/i.test(request.headers['content-type'] ?? '') || !cdr.trimStart().startsWith('{');
  // a form turns the plus signs of base64 into blanks
  const json = isBase64 ? Buffer.from(cdr.replaceAll(' ', '+'), 'base64') : Buffer.from(cdr);
  const value = parseLosslessJson(json);
  if (!isObject(value)) throw new MalformedPayload('cdr must be one JSON object');
  return value;
}

function objectIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (!isObject(value)) throw new MalformedPayload(`${name} must be an object`);
  return value;
}

/** Values are URL-encoded unless `encode-values` is false; what cannot be decoded was not encoded. */
function decoded(fields: Fields): Fields {
  const values = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(fields)) values[name] = typeof value === 'string' ? decode(value) : value;
  return values;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
