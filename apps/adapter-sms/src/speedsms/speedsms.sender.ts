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
import { withoutPlus } from '../party.rules.js';
import type { SpeedsmsSettings } from './speedsms.config.js';
import { speedsmsOutcome } from './speedsms-outcome.rules.js';

const API_URL = 'https://api.speedsms.vn';
/** Whatever number SpeedSMS has free, and the sender that is registered for the account. */
const ANY_NUMBER = 2;
const OWN_SENDER = 3;

/**
 * One SMS (https://speedsms.vn/sms-api-service). It knows no repetition: a request whose answer was lost is never sent again. Where receipts go is set in its
 * console.
 */
export async function sendBySpeedsms(
  { to, text }: OutboundReply,
  { settings: { accessToken, sender } }: ChannelAccount<SpeedsmsSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  if (!accessToken) return failed('credentials-missing: give the account its accessToken');
  const body = {
    to: [withoutPlus(to.value)],
    content: text,
    sms_type: sender ? OWN_SENDER : ANY_NUMBER,
    ...(sender && { sender }),
  };
  try {
    const url = `${apiUrl(context, 'SPEEDSMS_API_URL', API_URL)}/index.php/sms/send`;
    const auth = { username: accessToken, password: 'x' };
    return speedsmsOutcome(await askVendor({ url, auth, body }, context), context.now);
  } catch (error) {
    return brokenCall(error, 'SpeedSMS', 'its message log');
  }
}
