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
const LONGEST_PAUSE = 15 * MINUTE;

/** By the code of the answer (https://speedsms.vn/sms-api-service). */
const OUTCOMES: Readonly<Record<string, SendOutcome>> = {
  '007': heldBy("address-not-listed: SpeedSMS takes no requests from this server's address"),
  '008': heldBy('account-inactive: SpeedSMS has locked the account'),
  '009': heldBy('account-inactive: the account may not send by the API'),
  '101': failed('refused: SpeedSMS takes the request for wrong'),
  '105': failed('no-such-number: SpeedSMS takes the number for none'),
  '110': failed('refused: SpeedSMS does not write these letters; leave the accents out'),
  '113': failed('too-long: shorten the text'),
  '300': heldBy('no-balance: the account has no money left'),
  '500': later('SpeedSMS could not just now: error 500'),
};

/** What an answer means. */
export function speedsmsOutcome({ status, headers, body }: VendorAnswer, now: number): SendOutcome {
  if (status === 429)
    return heldBy('rate-limit: the account sends too fast', pauseUntil(headers['x-rate-limit-reset'], now));
  const answer = asObject(body);
  const data = asObject(answer?.['data']);
  const id = asId(data?.['tranId']);
  if (answer?.['status'] === 'success' && id !== null) {
    const invalid = data?.['invalidPhone'];
    return Array.isArray(invalid) && invalid.length > 0 ? OUTCOMES['105']! : { kind: 'sent', ids: [id] };
  }
  if (answer?.['status'] === 'error') {
    const code = asId(answer['code']) ?? 'without a code';
    return OUTCOMES[code] ?? failed(`refused: error ${code} of SpeedSMS`);
  }
  if (status === 401 || status === 403) return heldBy('credentials-expired: give the account its present accessToken');
  if (status >= 500 || status < 400) return unclear('SpeedSMS', status);
  return failed(`refused: SpeedSMS answered ${status}`);
}

/** The header has seconds: how many are left, or those since 1970 at which the limit ends. */
function pauseUntil(reset: unknown, now: number): number {
  const seconds = typeof reset === 'string' && /^\d{1,10}$/.test(reset) ? Number(reset) : 60;
  const pause = seconds > 1_000_000_000 ? seconds * 1_000 - now : seconds * 1_000;
  return Math.min(Math.max(pause, 1_000), LONGEST_PAUSE);
}
