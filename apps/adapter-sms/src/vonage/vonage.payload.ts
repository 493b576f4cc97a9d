import { fieldsOf, isObject, requiredText, restOf, textOf, type DoorRequest, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';
import { readTime } from '../vendor-time.js';

/** The place of a part in a long message; the vendor sends parts one by one, in any order. */
export interface Concatenation {
  readonly ref: string;
  readonly total: number;
  readonly part: number;
}

/** A message that came in, by the SMS API or the Messages API. */
export interface VonageMessage {
  readonly kind: 'message';
  readonly id: string;
  readonly from: string;
  readonly to: string | null;
  readonly text: string | null;
  readonly time: number | null;
  readonly concat: Concatenation | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What became of a message of ours. */
export interface VonageReceipt {
  readonly kind: 'receipt';
  readonly id: string;
  readonly to: string;
  readonly status: string;
  readonly time: number | null;
  /** The vendor's code and words of an error. */
  readonly error: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

export type VonagePayload = VonageMessage | VonageReceipt | { readonly kind: 'other'; readonly name: string };

const UNSAID = ['sig', 'timestamp', 'nonce', 'api-key', 'api_key'];
const SMS_FIELDS: ReadonlySet<string> = new Set([
  ...UNSAID,
  'msisdn',
  'to',
  'messageId',
  'message-id',
  'text',
  'status',
  'message-timestamp',
  'concat',
  'concat-ref',
  'concat-total',
  'concat-part',
]);
const MESSAGES_FIELDS: ReadonlySet<string> = new Set([
  ...UNSAID,
  'message_uuid',
  'from',
  'to',
  'text',
  'status',
  'error',
]);
const MOST_PARTS = 255;

/** @throws MalformedPayload */
export function readVonage(request: DoorRequest): VonagePayload {
  const fields = fieldsOf(request);
  return textOf(fields, 'message_uuid') === null ? readSmsApi(fields) : readMessagesApi(fields);
}

/** https://developer.vonage.com/en/messaging/sms/guides/inbound-sms, …/guides/delivery-receipts */
function readSmsApi(fields: Fields): VonagePayload {
  const id = textOf(fields, 'messageId') ?? requiredText(fields, 'message-id');
  const rest = restOf(fields, SMS_FIELDS);
  const time = readTime(textOf(fields, 'message-timestamp'), 'Z');
  const msisdn = requiredText(fields, 'msisdn');
  const status = textOf(fields, 'status');
  if (status !== null) {
    const code = textOf(fields, 'err-code');
    const error = code === null || code === '0' ? null : `error ${code}`;
    return { kind: 'receipt', id, to: msisdn, status, time, error, rest };
  }
  const text = textOf(fields, 'text');
  if (text === null && textOf(fields, 'type') === null) return { kind: 'other', name: 'neither text nor status' };
  return {
    kind: 'message',
    id,
    from: msisdn,
    to: textOf(fields, 'to'),
    text,
    time,
    concat: concatenationOf(fields),
    rest,
  };
}

function concatenationOf(fields: Fields): Concatenation | null {
  const concat = fields['concat'];
  if (concat !== true && concat !== 'true') return null;
  const ref = requiredText(fields, 'concat-ref');
  const total = Number(requiredText(fields, 'concat-total'));
  const part = Number(requiredText(fields, 'concat-part'));
  const isPossible = Number.isInteger(total) && Number.isInteger(part) && part >= 1 && part <= total;
  if (!isPossible || total > MOST_PARTS) throw new MalformedPayload(`part ${part} of ${total} is none`);
  return { ref, total, part };
}

/** https://developer.vonage.com/en/api/messages-olympus#webhooks */
function readMessagesApi(fields: Fields): VonagePayload {
  const id = requiredText(fields, 'message_uuid');
  const channel = textOf(fields, 'channel') ?? 'sms';
  if (channel !== 'sms') return { kind: 'other', name: `channel ${channel}` };
  const time = readTime(textOf(fields, 'timestamp'), 'Z');
  const rest = restOf(fields, MESSAGES_FIELDS);
  const status = textOf(fields, 'status');
  if (status !== null) {
    const { error } = fields;
    const words = isObject(error)
      ? ['code', 'type', 'title', 'detail', 'reason'].map((name) => textOf(error, name)).filter(Boolean)
      : [];
    return { kind: 'receipt', id, to: partyIn(fields, 'to'), status, time, error: words.join(': ') || null, rest };
  }
  const from = partyIn(fields, 'from');
  return {
    kind: 'message',
    id,
    from,
    to: textOf(fields, 'to'),
    text: textOf(fields, 'text'),
    time,
    concat: null,
    rest,
  };
}

/** A number, or in the older version an object that holds it. */
function partyIn(fields: Fields, name: string): string {
  const value = fields[name];
  return isObject(value) ? requiredText(value, 'number') : requiredText(fields, name);
}
