import { requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';

/** An SMS to a short code. https://developers.esms.vn/esms-api/ket-noi-ma-svoucher/ket-noi-dau-so-ngan */
export interface EsmsMessage {
  readonly kind: 'message';
  readonly id: string;
  readonly sender: string;
  readonly serviceNumber: string | null;
  readonly content: string | null;
  /** `yyyyMMddHHmmss` in Vietnam. */
  readonly receivedAt: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What became of a request to send. https://developers.esms.vn/en/esms-api/callback-url */
export interface EsmsReceipt {
  readonly kind: 'receipt';
  readonly id: string;
  /** Null in the total of a batch. */
  readonly phone: string | null;
  readonly status: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly error: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

export type EsmsPayload = EsmsMessage | EsmsReceipt;

const MESSAGE_FIELDS: ReadonlySet<string> = new Set([
  'smsid',
  'sender',
  'serviceNumber',
  'content',
  'receiverTime',
  'sign',
]);
const RECEIPT_FIELDS: ReadonlySet<string> = new Set([
  'SMSID',
  'phonenumber',
  'SendStatus',
  'SendSuccess',
  'SendFailed',
  'error_info',
  'TotalPrice',
]);

export const isEsmsMessage = (fields: Fields): boolean => textOf(fields, 'smsid') !== null;

/** @throws MalformedPayload */
export function readEsms(fields: Fields): EsmsPayload {
  if (!isEsmsMessage(fields)) return receiptIn(fields);
  return {
    kind: 'message',
    id: requiredText(fields, 'smsid'),
    sender: requiredText(fields, 'sender'),
    serviceNumber: textOf(fields, 'serviceNumber'),
    content: textOf(fields, 'content'),
    receivedAt: textOf(fields, 'receiverTime'),
    rest: restOf(fields, MESSAGE_FIELDS),
  };
}

function receiptIn(fields: Fields): EsmsReceipt {
  return {
    kind: 'receipt',
    id: requiredText(fields, 'SMSID'),
    phone: textOf(fields, 'phonenumber'),
    status: numberIn(fields, 'SendStatus'),
    succeeded: numberIn(fields, 'SendSuccess', 0),
    failed: numberIn(fields, 'SendFailed', 0),
    error: errorIn(textOf(fields, 'error_info')),
    rest: restOf(fields, RECEIPT_FIELDS),
  };
}

function numberIn(fields: Fields, name: string, otherwise?: number): number {
  const text = textOf(fields, name);
  if (text === null && otherwise !== undefined) return otherwise;
  const number = Number(text ?? Number.NaN);
  if (!Number.isFinite(number)) throw new MalformedPayload(`${name} must be a number`);
  return number;
}

/** A JSON string that holds a JSON string: `"{\"error\":-114,\"message\":\"User is inactive\"}"`; what is none is taken as it stands. */
function errorIn(text: string | null): string | null {
  let value: unknown = text;
  for (let depth = 0; depth < 2 && typeof value === 'string'; depth++) {
    try {
      value = JSON.parse(value);
    } catch {
      break;
    }
  }
  if (typeof value !== 'object' || value === null) return text;
  const { error, message } = value as { error?: unknown; message?: unknown };
  const words = [error, message].filter((word) => typeof word === 'string' || typeof word === 'number');
  return words.join(': ') || text;
}
