import { isObject, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload, type Attachment } from '@lienmach/contracts';
import { readTime } from '../vendor-time.js';

/** A message that came in. https://www.infobip.com/docs/api/channels/sms/inbound-sms */
export interface InfobipMessage {
  readonly kind: 'message';
  readonly id: string;
  readonly from: string;
  readonly to: string | null;
  readonly text: string | null;
  readonly attachments: readonly Attachment[];
  readonly time: number | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** What became of a message of ours. https://www.infobip.com/docs/essentials/response-status-and-error-codes */
export interface InfobipReport {
  readonly kind: 'report';
  readonly id: string;
  readonly to: string;
  /** `DELIVERED`, `UNDELIVERABLE` and their like; `SEEN` for a report that it was read. */
  readonly group: string;
  readonly statusName: string | null;
  readonly errorName: string | null;
  readonly errorDescription: string | null;
  readonly isPermanent: boolean | null;
  readonly time: number | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface InfobipPayload {
  readonly results: readonly unknown[];
}

const GROUPS: Readonly<Record<string, string>> = {
  '0': 'ACCEPTED',
  '1': 'PENDING',
  '2': 'UNDELIVERABLE',
  '3': 'DELIVERED',
  '4': 'EXPIRED',
  '5': 'REJECTED',
};
const MESSAGE_FIELDS: ReadonlySet<string> = new Set([
  'messageId',
  'from',
  'to',
  'text',
  'message',
  'receivedAt',
  'price',
]);
const REPORT_FIELDS: ReadonlySet<string> = new Set([
  'messageId',
  'to',
  'status',
  'error',
  'sentAt',
  'doneAt',
  'seenAt',
  'price',
]);

/** @throws MalformedPayload for a body that is no list of results; what is wrong with one of them is told by {@link readResult} */
export function readInfobip(body: unknown): InfobipPayload {
  if (!isObject(body) || !Array.isArray(body['results'])) throw new MalformedPayload('results must be a list');
  return { results: body['results'] };
}

/** One result: a message, a report, or what is wrong with it. */
export function readResult(result: unknown): InfobipMessage | InfobipReport | string {
  if (!isObject(result)) return 'a result that is no object';
  const id = textOf(result, 'messageId');
  if (id === null) return 'a result without messageId';
  const isReport = result['status'] !== undefined || result['seenAt'] !== undefined;
  return isReport ? reportIn(result, id) : messageIn(result, id);
}

function messageIn(result: Fields, id: string): InfobipMessage | string {
  const from = textOf(result, 'from');
  if (from === null) return `${id}: from is missing`;
  const parts = Array.isArray(result['message']) ? (result['message'] as unknown[]).filter(isObject) : [];
  const texts = parts.filter((part) => part['url'] === undefined).flatMap((part) => textOf(part, 'value') ?? []);
  return {
    kind: 'message',
    id,
    from,
    to: textOf(result, 'to'),
    text: textOf(result, 'text') ?? (texts.join('\n') || null),
    attachments: parts.flatMap((part) => attachmentIn(part) ?? []),
    time: readTime(textOf(result, 'receivedAt'), 'Z'),
    rest: restOf(result, MESSAGE_FIELDS),
  };
}

/** A part of the second renderer that is a file. */
function attachmentIn(part: Fields): Attachment | null {
  const url = textOf(part, 'url');
  if (url === null) return null;
  const contentType = textOf(part, 'contentType');
  const type = contentType?.split('/', 1)[0];
  const kind = type === 'image' || type === 'video' || type === 'audio' ? type : 'file';
  return { kind, url, name: null, contentType };
}

function reportIn(result: Fields, id: string): InfobipReport | string {
  const status = isObject(result['status']) ? result['status'] : null;
  const error = isObject(result['error']) ? result['error'] : {};
  const to = textOf(result, 'to') ?? textOf(result, 'from');
  const groupId = status && textOf(status, 'groupId');
  const group = status ? (textOf(status, 'groupName') ?? GROUPS[groupId ?? '']) : 'SEEN';
  if (!group || (status === null && result['status'] !== undefined)) return `${id}: status has no group`;
  if (to === null) return `${id}: to is missing`;
  const hasError = textOf(error, 'groupId') !== '0';
  return {
    kind: 'report',
    id,
    to,
    group: group.toUpperCase(),
    statusName: status && textOf(status, 'name'),
    errorName: hasError ? textOf(error, 'name') : null,
    errorDescription: hasError ? textOf(error, 'description') : null,
    isPermanent: typeof error['permanent'] === 'boolean' ? error['permanent'] : null,
    time: readTime(textOf(result, 'seenAt') ?? textOf(result, 'doneAt') ?? textOf(result, 'sentAt'), 'Z'),
    rest: restOf(result, REPORT_FIELDS),
  };
}
