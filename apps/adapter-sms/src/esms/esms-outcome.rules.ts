import { asId, asObject, failed, heldBy, unclear, type SendOutcome, type VendorAnswer } from '@lienmach/adapter-kit';

const MINUTE = 60_000;

/** By the code of the answer (https://developers.esms.vn/en/esms-api/table-of-error-codes). */
const OUTCOMES: Readonly<Record<string, SendOutcome>> = {
  '99': failed('number-barred: eSMS sends nothing to this number'),
  '101': heldBy('credentials-expired: give the account its present apiKey and secretKey'),
  '102': heldBy('no-price: eSMS has no price for the account; ask its support'),
  '103': heldBy('no-balance: the account has no money left'),
  '104': heldBy('wrong-sender: the brandname is none of the account'),
  '108': failed('no-such-number: eSMS takes the number for none'),
  '118': heldBy('wrong-type: smsType is none that the account may send'),
  '140': heldBy(
    "address-not-listed: give eSMS the address of this server, which it doesn't take requests from",
    5 * MINUTE,
  ),
  '146': failed('wrong-template: the brandname sends registered texts alone; answer by another channel'),
  '177': failed("network-not-registered: the brandname is not registered with the customer's network"),
};

/** What an answer means. 100 only says that eSMS has it; 124 that it had it before, so that the first request was taken. */
export function esmsOutcome({ status, body }: VendorAnswer): SendOutcome {
  const answer = asObject(body);
  const code = asId(answer?.['CodeResult']);
  const id = asId(answer?.['SMSID']);
  if (code === '100') return id === null ? unclear('eSMS', status) : { kind: 'sent', ids: [id] };
  if (code === '124') return { kind: 'sent', ids: id === null ? [] : [id] };
  if (code !== null) return OUTCOMES[code] ?? failed(`refused: code ${code} of eSMS`);
  if (status === 429) return heldBy('rate-limit: the account sends too fast', MINUTE);
  if (status >= 500 || status < 400) return unclear('eSMS', status);
  return failed(`refused: eSMS answered ${status}`);
}
