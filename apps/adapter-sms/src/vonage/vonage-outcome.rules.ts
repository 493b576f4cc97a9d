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

/** By the status of a part (https://developer.vonage.com/en/messaging/sms/guides/troubleshooting-sms); its wording is never looked at. */
const OUTCOMES: Readonly<Record<string, SendOutcome>> = {
  '1': heldBy('rate-limit: the account sends too fast', 5_000),
  '3': failed('refused: Vonage takes the number or the text for wrong'),
  '4': heldBy('credentials-expired: give the account its present apiKey and apiSecret'),
  '5': later('Vonage could not just now: status 5'),
  '6': failed('refused: Vonage cannot deliver this message'),
  '7': failed('number-barred: Vonage sends nothing to this number'),
  '8': heldBy('account-inactive: Vonage has barred the account'),
  '9': heldBy('no-balance: the account has no money left'),
  '10': heldBy('rate-limit: the account has too many connections', 5_000),
  '11': heldBy('account-inactive: the account may not send by HTTP'),
  '12': failed('too-long: shorten the text'),
  '14': heldBy('credentials-expired: Vonage wants requests to be signed'),
  '15': heldBy("wrong-sender: the account's id is no sender that it may use"),
  '22': failed('no-such-number: Vonage knows no network for the number'),
  '29': failed('number-not-allowed: a trial account sends to its own test numbers alone'),
  '32': heldBy('credentials-expired: Vonage wants requests to be signed'),
  '33': failed('no-such-number: the number is switched off'),
};

/** What an answer of the SMS API means: HTTP 200 whatever happened, and one entry for each part of a long text. */
export function vonageOutcome({ status, body }: VendorAnswer): SendOutcome {
  const parts = partsIn(body);
  if (parts.length === 0) {
    if (status === 429) return OUTCOMES['1']!;
    if (status === 401) return OUTCOMES['4']!;
    return status >= 500 || status < 400 ? unclear('Vonage', status) : failed(`refused: Vonage answered ${status}`);
  }
  const taken = parts.flatMap((part) => (part.status === '0' && part.id !== null ? part.id : []));
  if (taken.length === parts.length) return { kind: 'sent', ids: taken };
  if (taken.length > 0) {
    return { kind: 'unknown', reason: `Vonage took ${taken.length} of the ${parts.length} parts of the text` };
  }
  const refused = parts[0]!.status;
  if (refused === '0') return unclear('Vonage', status);
  return OUTCOMES[refused] ?? failed(`refused: status ${refused} of Vonage`);
}

function partsIn(body: unknown): { status: string; id: string | null }[] {
  const { messages } = (asObject(body) ?? {}) as { messages?: unknown };
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((each: unknown) => {
    const part = asObject(each);
    const status = asId(part?.['status']);
    return status === null ? [] : [{ status, id: asId(part?.['message-id']) }];
  });
}
