import { asId, asObject, asText, isObject, unclear, type SendOutcome, type VendorAnswer } from '@lienmach/adapter-kit';

const MINUTE = 60_000;

/** Rate limits of the app, the page and the Send API: error codes 4, 32, 613 and 80004. */
const RATE_LIMITS: ReadonlySet<string> = new Set(['4', '32', '613', '80004']);
const TRANSIENT: ReadonlySet<string> = new Set(['1', '2', '1200']);

/** By code and subcode; an entry without subcode holds for every other subcode of the code. The wording changes and is never looked at. */
type Outcomes = Readonly<Record<string, SendOutcome>>;

/** Whatever the page does. */
const OF_THE_PAGE: Outcomes = {
  '10/1893063': {
    kind: 'not-taken',
    reason: 'page-restricted: Facebook has restricted the page for a time',
    holds: 'account',
    retryAfterMs: 30 * MINUTE,
  },
  '190': {
    kind: 'not-taken',
    reason: 'credentials-expired: connect the page again, its token is no longer valid',
    holds: 'account',
  },
};

const OF_A_MESSAGE: Outcomes = {
  ...OF_THE_PAGE,
  '10/2018278': outsideWindow(),
  '10/2534022': outsideWindow(),
  '10': missingPermission(),
  '100': {
    kind: 'failed',
    reason:
      'refused: the customer does not belong to this page, the page may not use the Human Agent tag, or the quoted message is gone',
  },
  '200/1545041': unavailable(),
  '200': missingPermission(),
  '551': unavailable(),
};

/** What a page may not do with comments keeps nobody from answering its messages: no account waits for that. */
const OF_A_COMMENT: Outcomes = {
  ...OF_THE_PAGE,
  '10': commentsForbidden(),
  '100': { kind: 'failed', reason: 'comment-gone: the comment was removed, or does not take answers any more' },
  '200': commentsForbidden(),
  '368': {
    kind: 'failed',
    reason: 'refused: Facebook holds it for abuse: say it in other words, without links, or later',
  },
};

const OF_A_PRIVATE_ANSWER: Outcomes = {
  ...OF_A_MESSAGE,
  '10/2018278': { kind: 'failed', reason: 'outside-window: a comment is answered privately within seven days' },
  '100': { kind: 'failed', reason: 'comment-gone: the comment was removed, or is none that can be answered privately' },
  '10900': {
    kind: 'failed',
    reason: 'answered-privately: this comment had its one private answer, perhaps from the inbox of the page',
  },
  '10903': { kind: 'failed', reason: 'no-private-answer: Facebook lets nobody answer this customer privately' },
  '10904': { kind: 'failed', reason: 'messages-off: the page has switched its messages off' },
};

function commentsForbidden(): SendOutcome {
  return {
    kind: 'failed',
    reason: 'permission-missing: give the app pages_manage_engagement of this page, or answer on the page itself',
  };
}

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
export function sendOutcome(given: VendorAnswer): SendOutcome {
  return outcomeOf(given, OF_A_MESSAGE, 'message_id');
}

/** What an answer to a comment means: the codes are those of the whole Graph API (https://developers.facebook.com/docs/graph-api/guides/error-handling). */
export function commentOutcome(given: VendorAnswer): SendOutcome {
  return outcomeOf(given, OF_A_COMMENT, 'id');
}

/**
 * What an answer to a private message to a commenter means, and who that is: `recipient_id`. The codes are those of
 * https://developers.facebook.com/docs/graph-api/reference/page/messages
 */
export function privateOutcome(given: VendorAnswer, page: string): SendOutcome {
  const outcome = outcomeOf(given, OF_A_PRIVATE_ANSWER, 'message_id');
  const psid = asId(asObject(given.body)?.['recipient_id']);
  if (outcome.kind !== 'sent' || psid === null) return outcome;
  return { ...outcome, reached: { thread: psid, identifier: { type: 'fb_psid', scope: page, value: psid } } };
}

function outcomeOf(given: VendorAnswer, outcomes: Outcomes, idField: string): SendOutcome {
  const { status, body } = given;
  const answer = asObject(body);
  const error = asObject(answer?.['error']);
  if (error) return errorOutcome(given, outcomes, asId(error['code']) ?? '', asId(error['error_subcode']));
  if (status === 429) return rateLimited(given);
  const id = asText(answer?.[idField]);
  if (status === 200 && id !== null) return { kind: 'sent', ids: [id] };
  if (status >= 500 || status === 200) return unclear('Facebook', status);
  return { kind: 'failed', reason: `refused: Facebook answered ${status}` };
}

function errorOutcome(answer: VendorAnswer, outcomes: Outcomes, code: string, subcode: string | null): SendOutcome {
  const known = outcomes[`${code}/${subcode}`] ?? outcomes[code];
  if (known) return known;
  if (RATE_LIMITS.has(code) || answer.status === 429) return rateLimited(answer);
  const name = subcode === null ? code : `${code}/${subcode}`;
  if (TRANSIENT.has(code)) return { kind: 'not-taken', reason: `Facebook could not just now: error ${name}` };
  return { kind: 'failed', reason: `refused: error ${name} of Facebook` };
}

/** For as long as Facebook says; a minute where it says nothing. */
function rateLimited({ headers }: VendorAnswer): SendOutcome {
  const minutes = minutesOfWaiting(headers['x-business-use-case-usage']);
  const retryAfterMs = Math.min(Math.max(minutes, 1), LONGEST_WAIT) * MINUTE;
  return { kind: 'not-taken', reason: 'rate-limit: the page sends too fast', holds: 'account', retryAfterMs };
}

/** Minutes; beyond that a page is tried anew, whatever a header says. */
const LONGEST_WAIT = 60;

/**
 * The longest `estimated_time_to_regain_access` of the header, minutes; 0 where there is none. It holds a list of uses for each business object:
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting#headers-2
 */
function minutesOfWaiting(header: unknown): number {
  try {
    const uses = Object.values(JSON.parse(String(header)) as object).flat() as unknown[];
    return Math.max(0, ...uses.map((use) => (isObject(use) && Number(use['estimated_time_to_regain_access'])) || 0));
  } catch {
    return 0;
  }
}
