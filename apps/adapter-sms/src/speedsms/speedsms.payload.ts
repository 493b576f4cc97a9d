import { requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';

/** https://speedsms.vn/sms-api-service; the fields as in public clients. */
export interface SpeedsmsMessage {
  readonly kind: 'message';
  readonly id: string | null;
  readonly phone: string;
  readonly content: string;
  readonly rest: Readonly<Record<string, unknown>>;
}

export interface SpeedsmsReport {
  readonly kind: 'report';
  readonly id: string;
  readonly phone: string;
  /** 0: delivered; 1-63: may still arrive; 64 and more: failed. */
  readonly status: number;
  readonly rest: Readonly<Record<string, unknown>>;
}

export type SpeedsmsPayload = SpeedsmsMessage | SpeedsmsReport | { readonly kind: 'other'; readonly name: string };

const FIELDS: ReadonlySet<string> = new Set(['type', 'tranId', 'phone', 'content', 'status', 'id']);

/** @throws MalformedPayload */
export function readSpeedsms(fields: Fields): SpeedsmsPayload {
  const type = textOf(fields, 'type') ?? '';
  const rest = restOf(fields, FIELDS);
  if (type === 'report') {
    const status = Number(requiredText(fields, 'status'));
    if (!Number.isInteger(status)) throw new MalformedPayload('status must be a whole number');
    return { kind: 'report', id: requiredText(fields, 'tranId'), phone: requiredText(fields, 'phone'), status, rest };
  }
  const content = textOf(fields, 'content');
  // which word the type has for a message is told differently in different places
  if (content === null) return { kind: 'other', name: `type ${type}` };
  return { kind: 'message', id: textOf(fields, 'id'), phone: requiredText(fields, 'phone'), content, rest };
}
