import {
  asId,
  asObject,
  asText,
  failed,
  heldBy,
  unclear,
  type SendOutcome,
  type VendorAnswer,
} from '@lienmach/adapter-kit';

const MINUTE = 60_000;
const LONGEST_EXPLANATION = 200;

/** What an answer means (https://support.v-com.vn/support/solutions/articles/24000046091). It names no id, and no receipt ever comes. */
export function vcomOutcome({ status, body }: VendorAnswer): SendOutcome {
  const answer = asObject(body);
  const code = asId(asObject(answer?.['data'])?.['code']);
  const error = asObject(answer?.['errors']);
  switch (code ?? asId(error?.['code'])) {
    case '200':
    case '104': // it had it before: the first request was taken
      return { kind: 'sent', ids: [] };
    case '102':
      return failed(`refused: ${(asText(error?.['message']) ?? 'error 102').slice(0, LONGEST_EXPLANATION)}`);
    case '106':
      return failed('refused: V-COM takes the request for wrong (106): look at clientId and secureKey of the account');
    case '108':
      return heldBy('address-not-listed: give V-COM the address of this server', 5 * MINUTE);
    default:
      if (status === 429) return heldBy('rate-limit: the account sends too fast', MINUTE);
      return unclear('V-COM', status);
  }
}
