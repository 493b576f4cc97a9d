import { createHash, createHmac } from 'node:crypto';
import { demo, officialAccount, type OfficialAccount, type Shop } from './accounts.js';

/** A signed request as a vendor sends it. */
export interface Webhook {
  app: 'adapter-facebook' | 'adapter-call' | 'adapter-zalo';
  path: string;
  body: Buffer;
  headers: Record<string, string>;
}

export interface Answer {
  status: number;
  /** Seconds of the header Retry-After. */
  retryAfter: number | null;
  text: string;
  milliseconds: number;
}

const sign = (body: Buffer, secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** A signed body for the Fanpage door, whatever it holds. */
export function facebookRequest(body: string | Buffer, { appSecret }: Shop = demo): Webhook {
  const bytes = Buffer.from(body);
  return {
    app: 'adapter-facebook',
    path: '/webhooks/facebook',
    body: bytes,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(bytes, appSecret) },
  };
}

export interface Message {
  mid: string;
  psid: string;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** True for what the page wrote, from its inbox. */
  byPage?: boolean;
}

/** Messages of one page in one webhook. */
export function facebookMessages(messages: Message[], shop: Shop = demo): Webhook {
  const messaging = messages.map(({ mid, psid, text, at, byPage }) => {
    const [customer, page] = [{ id: psid }, { id: shop.page }];
    return {
      sender: byPage ? page : customer,
      recipient: byPage ? customer : page,
      timestamp: at,
      message: byPage ? { mid, text, is_echo: true, app_id: 263902037430900 } : { mid, text },
    };
  });
  const time = Math.max(...messages.map(({ at }) => at));
  return facebookRequest(JSON.stringify({ object: 'page', entry: [{ id: shop.page, time, messaging }] }), shop);
}

export interface CallEvent {
  eventId: string;
  callId: string;
  event: 'ringing' | 'answered' | 'ended' | 'missed' | 'recording';
  customerNumber: string;
  /** Milliseconds since 1970. */
  at: number;
  direction?: 'inbound' | 'outbound';
  talkSeconds?: number;
  recordingUrl?: string;
}

/** One event of a call at the generic door. */
export function callRequest({ at, ...event }: CallEvent, shop: Shop = demo): Webhook {
  const agent = event.event === 'answered' || event.event === 'ended' ? { id: 'ext-101', name: 'Lan' } : null;
  const body = Buffer.from(
    JSON.stringify({ hotline: shop.hotline, direction: 'inbound', agent, ...event, at: new Date(at).toISOString() }),
  );
  return {
    app: 'adapter-call',
    path: `/webhooks/call/generic/${shop.pbx}`,
    body,
    headers: { 'content-type': 'application/json', 'x-lienmach-signature': sign(body, shop.pbxSecret) },
  };
}

/** One event of an official account at its time, in milliseconds since 1970; `sender`, `recipient` and `message` as the vendor has them. */
export function zaloRequest(
  event: { event_name: string; at: number; [field: string]: unknown },
  { appId, oaSecret }: OfficialAccount = officialAccount,
): Webhook {
  const { at, ...fields } = event;
  const body = JSON.stringify({ app_id: appId, ...fields, timestamp: String(at) });
  const mac = createHash('sha256').update(`${appId}${body}${at}${oaSecret}`).digest('hex');
  return {
    app: 'adapter-zalo',
    path: '/webhooks/zalo',
    body: Buffer.from(body),
    headers: { 'content-type': 'application/json', 'x-zevent-signature': `mac=${mac}` },
  };
}

/** Posts it once. @throws when no answer came */
export async function post(url: string, { path, body, headers }: Webhook): Promise<Answer> {
  const started = performance.now();
  const signal = AbortSignal.timeout(20_000);
  const response = await fetch(`${url}${path}`, { method: 'POST', body: new Uint8Array(body), headers, signal });
  const text = await response.text();
  const retryAfter = response.headers.get('retry-after');
  return {
    status: response.status,
    retryAfter: retryAfter === null ? null : Number(retryAfter),
    text,
    milliseconds: performance.now() - started,
  };
}
