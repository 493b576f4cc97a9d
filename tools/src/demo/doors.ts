import { createHmac } from 'node:crypto';
import { SetupError } from '../embedded/setup-error.js';
import type { RunningStack } from './running-stack.js';

const TIMEOUT_MS = 15_000;

/** One request to a webhook door, as the vendor would send it but for its signature. */
export interface Delivery {
  readonly door: 'page' | 'call' | 'mail' | 'sms';
  /** Of a short message the fields of a form, else JSON. */
  readonly body: object;
}

interface Request {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** Sends a request with a valid signature. @throws SetupError unless the door answers 200 */
export async function deliver(stack: RunningStack, delivery: Delivery): Promise<void> {
  const { url, headers, text } = requestOf(stack, delivery);
  const response = await reach(url, { method: 'POST', headers, body: text });
  if (response.status !== 200) {
    const shown = url.replace(stack.mailbox.secret, '…');
    throw new SetupError(`The door ${shown} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  }
}

function requestOf(stack: RunningStack, { door, body }: Delivery): Request {
  const text = JSON.stringify(body);
  const signed = (url: string, header: string, secret: string): Request => {
    const signature = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
    return { url, headers: { 'content-type': 'application/json', [header]: signature }, text };
  };
  switch (door) {
    case 'page':
      return signed(`${stack.pageDoor}/webhooks/facebook`, 'x-hub-signature-256', stack.page.appSecret);
    case 'call':
      return signed(
        `${stack.callDoor}/webhooks/call/generic/${stack.pbx.id}`,
        'x-lienmach-signature',
        stack.pbx.secret,
      );
    case 'mail':
      // Postmark signs nothing: the path is the secret
      return {
        url: `${stack.mailDoor}/webhooks/email/postmark/${stack.mailbox.secret}`,
        headers: { 'content-type': 'application/json' },
        text,
      };
    default:
      return formOf(
        `${stack.smsDoor}/webhooks/sms/twilio/${encodeURIComponent(stack.sms.id)}`,
        stack.sms.authToken,
        body,
      );
  }
}

/** Twilio signs the URL and the sorted fields. https://www.twilio.com/docs/usage/webhooks/webhooks-security */
function formOf(url: string, authToken: string, fields: object): Request {
  const pairs = Object.entries(fields as Record<string, string>);
  const signed =
    url +
    pairs
      .map(([name, value]) => name + value)
      .sort()
      .join('');
  return {
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', authToken).update(signed).digest('base64'),
    },
    text: new URLSearchParams(pairs).toString(),
  };
}

/** fetch with a deadline; that nobody answers is one sentence. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new SetupError(
      `Nothing answers at ${url}: the stack has stopped or was killed; run "npm start", then try again.`,
      { cause },
    );
  }
}
