import {
  apiUrl,
  askVendor,
  brokenCall,
  failed,
  type ChannelAccount,
  type OutboundReply,
  type SendContext,
  type SendOutcome,
} from '@lienmach/adapter-kit';
import { fitsGsm } from '../gsm-alphabet.js';
import { withoutPlus } from '../party.rules.js';
import { receiptAddress } from '../receipt-address.js';
import type { VonageSettings } from './vonage.config.js';
import { vonageOutcome } from './vonage-outcome.rules.js';

const API_URL = 'https://rest.nexmo.com';

/** The SMS API (https://developer.vonage.com/en/api/sms). It knows no repetition: a request whose answer was lost is never sent again. */
export async function sendByVonage(
  { id, to, text }: OutboundReply,
  { id: account, settings }: ChannelAccount<VonageSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  const { apiKey, apiSecret } = settings;
  if (!apiKey || !apiSecret) return failed('credentials-missing: give the account its apiKey and apiSecret');
  const callback = receiptAddress(context, 'vonage', account);
  const body = {
    api_key: apiKey,
    api_secret: apiSecret,
    from: withoutPlus(account),
    to: withoutPlus(to.value),
    text,
    type: fitsGsm(text) ? 'text' : 'unicode',
    'client-ref': id,
    ...(callback && { callback }),
  };
  try {
    const url = `${apiUrl(context, 'VONAGE_API_URL', API_URL)}/sms/json`;
    return vonageOutcome(await askVendor({ url, body }, context));
  } catch (error) {
    return brokenCall(error, 'Vonage', 'its message log');
  }
}
