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

/** Groups of states in which Infobip has the message: on its way, delivered. */
const TAKEN: ReadonlySet<string> = new Set(['PENDING', 'DELIVERED', 'OK', 'ACCEPTED']);

/** By the name of the state (https://www.infobip.com/docs/essentials/api-essentials/response-status-and-error-codes). */
const OUTCOMES: Readonly<Record<string, SendOutcome>> = {
  REJECTED_NOT_ENOUGH_CREDITS: heldBy('no-balance: the account has no money left'),
  REJECTED_ACCOUNT_PAYMENT: heldBy('no-balance: the account has not been paid for'),
  REJECTED_SENDER: heldBy("wrong-sender: the account's id is no sender that it may use"),
  REJECTED_SOURCE: heldBy("wrong-sender: the account's id is no sender that it may use"),
  REJECTED_ROUTE_NOT_AVAILABLE: heldBy('region-off: Infobip has no way to this network for the account'),
  REJECTED_FLOODING_FILTER: heldBy('rate-limit: the same was sent too often', 60_000),
  REJECTED_SYSTEM_ERROR: heldBy('Infobip could not just now', 60_000),
  REJECTED_DESTINATION: failed('number-barred: Infobip sends nothing to this number'),
  REJECTED_DESTINATION_NOT_REGISTERED: failed(
    'number-not-allowed: a trial account sends to its own test numbers alone',
  ),
  REJECTED_PREFIX_MISSING: failed('no-such-number: Infobip takes the number for none'),
  REJECTED_DND: failed('opted-out: the number is on the list of those who want no messages'),
  UNDELIVERABLE_REJECTED_OPERATOR: failed("refused: the customer's network takes no such message"),
};

/** What an answer to a request with one message means. */
export function infobipOutcome({ status, body }: VendorAnswer): SendOutcome {
  const answer = asObject(body);
  const [message] = (Array.isArray(answer?.['messages']) ? answer['messages'] : []).map(asObject);
  const state = asObject(message?.['status']);
  const id = asId(message?.['messageId']);
  if (status < 300 && state) {
    const group = asText(state['groupName']) ?? '';
    const name = asText(state['name']) ?? group;
    if (TAKEN.has(group)) return id === null ? unclear('Infobip', status) : { kind: 'sent', ids: [id] };
    return OUTCOMES[name] ?? failed(`refused: ${name} of Infobip`);
  }
  if (status === 401 || status === 403) return heldBy('credentials-expired: give the account its present apiKey');
  if (status === 429) return heldBy('rate-limit: the account sends too fast', 10_000);
  if (status >= 500 || status < 400) return unclear('Infobip', status);
  return failed(`refused: Infobip answered ${status}`);
}
