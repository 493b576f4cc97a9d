import {
  apiUrl,
  askVendor,
  brokenCall,
  type ChannelAccount,
  type OutboundReply,
  type SendContext,
  type SendOutcome,
} from '@lienmach/adapter-kit';
import { receiptAddress } from '../receipt-address.js';
import type { TwilioSettings } from './twilio.config.js';
import { twilioOutcome } from './twilio-outcome.rules.js';

const API_URL = 'https://api.twilio.com';

/**
 * Makes a message resource (https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource). Twilio has nothing by which a second request
 * would be known for a repetition, so that one whose answer was lost is never sent again. Its receipts come to the account's own address when SMS_PUBLIC_URL
 * (or PUBLIC_URL) says where that is.
 */
export async function sendByTwilio(
  { to, text }: OutboundReply,
  { id: account, settings }: ChannelAccount<TwilioSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  const { accountSid, authToken, messagingServiceSid } = settings;
  if (!accountSid) return { kind: 'failed', reason: 'credentials-missing: give the account its accountSid' };
  const receipts = receiptAddress(context, 'twilio', account);
  const form = new URLSearchParams({
    To: to.value,
    Body: text,
    ...(messagingServiceSid ? { MessagingServiceSid: messagingServiceSid } : { From: account }),
    ...(receipts && { StatusCallback: receipts }),
  });
  const base = apiUrl(context, 'TWILIO_API_URL', API_URL);
  const url = `${base}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
  const auth = { username: accountSid, password: authToken };
  try {
    return twilioOutcome(await askVendor({ url, auth, body: form }, context));
  } catch (error) {
    return brokenCall(error, 'Twilio', 'its message log');
  }
}
