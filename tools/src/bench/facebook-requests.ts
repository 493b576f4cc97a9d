import { createHmac } from 'node:crypto';

/** The page that all of the bench's webhooks are about. */
export const PAGE = '1234567890';
export const SECRET = 'bench-app-secret';
export const BODY_BYTES = 1024;

/** Marks the ids of our messages, so that they are found again in any record. */
export const MESSAGE_ID = /m_bench-[a-z0-9-]+/;

const WORDS = 'Shop cho em hoi don hang cua em hom truoc dat ma mai chua thay giao, nho shop kiem tra giup em voi a. ';

export interface Webhook {
  /** Vendor's id of the message: begins `m_bench-`. */
  readonly mid: string;
  readonly customer: string;
}

/** One signed Messenger webhook as the whole HTTP request; its text begins with the message's id. */
export function webhookRequest({ mid, customer }: Webhook, at: number, bodyBytes = BODY_BYTES): Buffer {
  const head = `{"object":"page","entry":[{"id":"${PAGE}","time":${at},"messaging":[{"sender":{"id":"${customer}"},"recipient":{"id":"${PAGE}"},"timestamp":${at},"message":{"mid":"${mid}","text":"${mid} `;
  const tail = '"}}]}]}';
  const text = WORDS.repeat(Math.ceil(bodyBytes / WORDS.length)).slice(0, bodyBytes - head.length - tail.length);
  const body = head + text + tail;
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  return Buffer.from(
    `POST /webhooks/facebook HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nuser-agent: facebookexternalua\r\nx-hub-signature-256: sha256=${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
}

/** Webhooks of one round, from `customers` different people; ids are unique by the round's name. */
export function webhooks(round: string, count: number, customers = 2_000): Webhook[] {
  return Array.from({ length: count }, (_, index) => ({
    mid: `m_bench-${round}-${index}`,
    customer: String(7_000_000_000_000_000 + (index % customers)),
  }));
}

/** @param everyMs between two messages, by the vendor's clock; the first is said to be of now */
export const requestsOf = (list: readonly Webhook[], everyMs = 1): Buffer[] => {
  const now = Date.now();
  return list.map((webhook, index) => webhookRequest(webhook, Math.round(now + index * everyMs)));
};
