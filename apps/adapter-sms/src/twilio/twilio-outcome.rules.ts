import { asObject, failed, heldBy, unclear, type SendOutcome, type VendorAnswer } from '@lienmach/adapter-kit';

/** Twilio's error codes (https://www.twilio.com/docs/api/errors); its wording changes and is never looked at. */
const OUTCOMES: Readonly<Record<number, SendOutcome>> = {
  20003: heldBy('credentials-expired: give the account its present accountSid and authToken'),
  20005: heldBy('account-inactive: Twilio has suspended the account'),
  20429: rateLimited(),
  14107: rateLimited(),
  21211: failed('no-such-number: Twilio takes the number for none'),
  21408: failed("region-off: switch on the customer's country in the geographic permissions of Twilio"),
  21606: heldBy("wrong-sender: the account's id is no number of it that can send"),
  21610: failed('opted-out: the customer has told this number to stop'),
  21614: failed('no-mobile: the number cannot take short messages'),
};

function rateLimited(): SendOutcome {
  return heldBy('rate-limit: the account sends too fast', 10_000);
}

/** What an answer of the Messages resource means. */
export function twilioOutcome({ status, body }: VendorAnswer): SendOutcome {
  const { sid, code } = (asObject(body) ?? {}) as { sid?: unknown; code?: unknown };
  if (status === 201 && typeof sid === 'string' && sid !== '') return { kind: 'sent', ids: [sid] };
  const known = typeof code === 'number' && Object.hasOwn(OUTCOMES, code) ? OUTCOMES[code] : undefined;
  if (status >= 400 && known) return known;
  if (status === 429) return rateLimited();
  if (status === 401) return OUTCOMES[20003]!;
  if (status < 400 || status >= 500) return unclear('Twilio', status);
  return failed(typeof code === 'number' ? `refused: error ${code} of Twilio` : `refused: Twilio answered ${status}`);
}
