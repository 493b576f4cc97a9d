import { MalformedPayload } from '@lienmach/contracts';

/** The vendor's body: its page and section. Never exported from this folder. */
export interface EmailPayload {
  readonly account: string;
  readonly events: readonly unknown[];
}

export interface EmailMessage {
  readonly id: string;
  readonly from: string;
  /** Milliseconds since 1970. */
  readonly time: number | null;
  readonly text: string;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function readEmail(body: unknown): EmailPayload {
  if (!isObject(body) || typeof body['account'] !== 'string' || !Array.isArray(body['events'])) {
    throw new MalformedPayload('expected account and events');
  }
  return { account: body['account'], events: body['events'] };
}

/** A message, or what is wrong with it. */
export function readMessage(event: Record<string, unknown>): EmailMessage | string {
  const { id, from, time, text } = event;
  if (typeof id !== 'string' || id === '') return 'id: expected text';
  if (typeof from !== 'string' || from === '') return `${id}: from: expected text`;
  if (typeof text !== 'string') return `${id}: text: expected text`;
  return { id, from, time: typeof time === 'number' ? time : null, text };
}
