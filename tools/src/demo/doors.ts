import { createHmac } from 'node:crypto';
import { SetupError } from '../embedded/setup-error.js';
import type { RunningStack } from './running-stack.js';

const TIMEOUT_MS = 15_000;

/** One request to a webhook door, as the vendor would send it but for its signature. */
export interface Delivery {
  readonly door: 'page' | 'call';
  readonly body: object;
}

const sign = (secret: string, body: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** Sends a request with a valid signature. @throws SetupError unless the door answers 200 */
export async function deliver(stack: RunningStack, { door, body }: Delivery): Promise<void> {
  const text = JSON.stringify(body);
  const [url, header, secret] =
    door === 'page'
      ? [`${stack.pageDoor}/webhooks/facebook`, 'x-hub-signature-256', stack.page.appSecret]
      : [`${stack.callDoor}/webhooks/call/generic/${stack.pbx.id}`, 'x-lienmach-signature', stack.pbx.secret];
  const response = await reach(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [header]: sign(secret, text) },
    body: text,
  });
  if (response.status !== 200) {
    throw new SetupError(`The door ${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  }
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
