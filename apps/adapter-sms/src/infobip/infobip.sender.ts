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
import { receiptAddress } from '../receipt-address.js';
import type { InfobipSettings } from './infobip.config.js';
import { infobipOutcome } from './infobip-outcome.rules.js';

/** Every account has an address of its own too, which INFOBIP_API_URL can name. */
const API_URL = 'https://api.infobip.com';

/** Infobip takes our id for the message: its receipt tells of one whose answer was lost. */
export const infobipIds = ({ id }: OutboundReply): readonly string[] => [id];

/** One SMS (https://www.infobip.com/docs/api/channels/sms/sms-messaging/outbound-sms/send-sms-message). */
export async function sendByInfobip(
  { id, to, text }: OutboundReply,
  { id: account, settings }: ChannelAccount<InfobipSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  const { apiKey, secret } = settings;
  if (!apiKey) return failed('credentials-missing: give the account its apiKey');
  const notifyUrl = receiptAddress(context, 'infobip', secret);
  const message = {
    from: withoutPlus(account),
    destinations: [{ to: withoutPlus(to.value), messageId: id }],
    text,
    ...(notifyUrl && { notifyUrl, notifyContentType: 'application/json' }),
  };
  try {
    const url = `${apiUrl(context, 'INFOBIP_API_URL', API_URL)}/sms/2/text/advanced`;
    const headers = { authorization: `App ${apiKey}` };
    return infobipOutcome(await askVendor({ url, headers, body: { messages: [message] } }, context));
  } catch (error) {
    return brokenCall(error, 'Infobip', 'its message log');
  }
}
