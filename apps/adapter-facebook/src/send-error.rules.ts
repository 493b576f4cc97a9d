import { asId, asObject, asText, unclear, type SendOutcome, type VendorAnswer } from '@lienmach/adapter-kit';

const MINUTE = 60_000;

/** Rate limits of the app, the page and the Send API: error codes 4, 32, 613 and 80004. */
const RATE_LIMITS: ReadonlySet<string> = new Set(['4', '32', '613', '80004']);
const TRANSIENT: ReadonlySet<string> = new Set(['1', '2', '1200']);

/** By code and subcode; an entry without subcode holds for every other subcode of the code. The wording changes and is never looked at. */
const OUTCOMES: Readonly<Record<string, SendOutcome>> = {
  '10/2018278': outsideWindow(),
  '10/2534022': outsideWindow(),
  '10/1893063': {
    kind: 'not-taken',
    reason: 'page-restricted: Facebook has restricted the page for a time',
    holds: 'account',
    retryAfterMs: 30 * MINUTE,
  },
  '10': missingPermission(),
  '100': {
    kind: 'failed',
    reason: 'refused: the customer does not belong to this page, or the page may not use the Human Agent tag',
  },
  '190': {
    kind: 'not-taken',
    reason: 'credentials-expired: connect the page again, its token is no longer valid',
    holds: 'account',
  },
  '200/1545041': unavailable(),
  '200': missingPermission(),
  '551': unavailable(),
};

function outsideWindow(): SendOutcome {
  return {
    kind: 'failed',
    reason: 'outside-window: Facebook takes no more answers to this customer until he writes again',
  };
}

function unavailable(): SendOutcome {
  return { kind: 'failed', reason: 'customer-unavailable: the customer has blocked the page or left Messenger' };
}

function missingPermission(): SendOutcome {
  return {
    kind: 'not-taken',
    reason: 'permission-missing: give the app the permission to send messages of this page',
    holds: 'account',
  };
}

/** What an answer of the Send API means (https://developers.facebook.com/docs/messenger-platform/error-codes). */
export function sendOutcome({ status, body }: VendorAnswer): SendOutcome {
  const answer = asObject(body);
  const error = asObject(answer?.['error']);
  if (error) return errorOutcome(status, asId(error['code']) ?? '', asId(error['error_subcode']));
  if (status === 429) return rateLimited();
  const id = asText(answer?.['message_id']);
  if (status === 200 && id !== null) return { kind: 'sent', ids: [id] };
  if (status >= 500 || status === 200) return unclear('Facebook', status);
  return { kind: 'failed', reason: `refused: Facebook answered ${status}` };
}

function errorOutcome(status: number, code: string, subcode: string | null): SendOutcome {
  const known = OUTCOMES[`${code}/${subcode}`] ?? OUTCOMES[code];
  if (known) return known;
  if (RATE_LIMITS.has(code) || status === 429) return rateLimited();
  const name = subcode === null ? code : `${code}/${subcode}`;
  if (TRANSIENT.has(code)) return { kind: 'not-taken', reason: `Facebook could not just now: error ${name}` };
  return { kind: 'failed', reason: `refused: error ${name} of Facebook` };
}

function rateLimited(): SendOutcome {
  return { kind: 'not-taken', reason: 'rate-limit: the page sends too fast', holds: 'account', retryAfterMs: MINUTE };
}
