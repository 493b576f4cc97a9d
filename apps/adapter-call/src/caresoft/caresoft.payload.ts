import { isObject, textOf, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';

/** What a body is about. https://docs.caresoft.vn/danh-muc/webhook */
export interface CaresoftPayload {
  /** ticket.voice, ticket.voicemail, ticket.ivr, call_in, smart_dialer and others; null in the vendor's own example of the signature. */
  readonly object: string | null;
  readonly action: string | null;
}

/** @throws MalformedPayload */
export function readCaresoft(body: unknown): CaresoftPayload {
  if (!isObject(body)) throw new MalformedPayload('the body must be one JSON object');
  const fields: Fields = body;
  return { object: textOf(fields, 'object'), action: textOf(fields, 'action') };
}
