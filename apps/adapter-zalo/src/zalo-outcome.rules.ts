import {
  asId,
  asObject,
  failed,
  heldBy,
  later,
  unclear,
  type SendOutcome,
  type VendorAnswer,
} from '@lienmach/adapter-kit';

const MINUTE = 60_000;

/** By the code of the answer; its wording changes and is never looked at. */
const OUTCOMES: Readonly<Record<string, SendOutcome>> = {
  '-201': failed('refused: Zalo takes something in this message for wrong'),
  '-213': outsideWindow('the customer does not follow the official account'),
  '-217': outsideWindow('the customer has forbidden messages of the official account'),
  '-227': outsideWindow('the customer is banned from Zalo, or was not there for 45 days'),
  '-230': outsideWindow('the customer has not written for 7 days'),
  '-232': outsideWindow('the customer has not written, or no longer'),
  '-244': outsideWindow('the customer has forbidden messages of this kind'),
  // what wears off, of all customers or of this one
  '-211': heldBy('quota-used-up: the official account may send no more for now', 30 * MINUTE),
  '-144': heldBy('quota-used-up: the official account may send no more today', 30 * MINUTE),
  '-147': heldBy('quota-used-up: the official account may send no more of this kind today', 30 * MINUTE),
  '-218': later('quota-used-up: this customer may get no more for now', 30 * MINUTE),
  '-234': later('night: Zalo takes this kind of message by day only', 30 * MINUTE),
  '-100': later('Zalo could not just now: error -100'),
  '-200': later('Zalo could not just now: error -200'),
  // what an administrator has to mend
  '-209': heldBy('app-inactive: the app must be switched on, and may use the API of official accounts'),
  '-212': heldBy('app-unknown: the official account has not given the app leave'),
  '-216': tokenRefused(),
  '-219': heldBy('app-removed: Zalo has removed or switched off the app'),
  '-220': tokenRefused(),
  '-221': heldBy('account-unverified: Zalo has not verified the official account'),
  '-223': heldBy('quota-used-up: the app has no more of what it needs for this'),
  '-224': heldBy('no-package: the official account needs a package that includes the API'),
  '-235': heldBy('not-allowed: the official account may not send messages of this kind'),
  '-240': failed('refused: Zalo has switched off this way of sending'),
};
const TOKEN_REFUSED: ReadonlySet<string> = new Set(['-216', '-220']);

function outsideWindow(why: string): SendOutcome {
  return failed(`outside-window: ${why}; Zalo takes a message only after the customer has written again`);
}

function tokenRefused(): SendOutcome {
  return heldBy('credentials-expired: Zalo does not take the access token');
}

/** What an answer of `/oa/message/cs` means (https://developers.zalo.me/docs/official-account/phu-luc/ma-loi). Its status says nothing: that is 200 for errors too. */
export function zaloOutcome({ status, headers, body }: VendorAnswer): SendOutcome {
  const answer = asObject(body);
  const code = codeOf(answer?.['error']);
  const id = asId(asObject(answer?.['data'])?.['message_id']);
  if (status === 200 && code === '0' && id !== null) return { kind: 'sent', ids: [id] };
  if (status === 429 || code === '-32') return tooFast(headers['x-ratelimit-remain']);
  if (code !== null && code !== '0') return OUTCOMES[code] ?? failed(`refused: error ${code} of Zalo`);
  if (status >= 500 || status < 400) return unclear('Zalo', status);
  return failed(`refused: Zalo answered ${status}`);
}

/** Whether the answer says that the access token is not, or no longer, one. */
export const isTokenRefused = ({ body }: VendorAnswer): boolean =>
  TOKEN_REFUSED.has(codeOf(asObject(body)?.['error']) ?? '');

/** The app's requests count by the minute. Where it has some left, the limit is one of this customer's or this kind's, and others need not wait. */
function tooFast(left: unknown): SendOutcome {
  const reason = 'rate-limit: too much is sent at once';
  return Number(left) > 0 ? later(reason) : heldBy(reason, MINUTE);
}

function codeOf(error: unknown): string | null {
  const text = typeof error === 'number' ? String(error) : error;
  return typeof text === 'string' && /^-?\d{1,9}$/.test(text) ? text : null;
}
