import {
  apiUrl,
  askVendor,
  asObject,
  asText,
  brokenCall,
  brokenTest,
  type ChannelAccount,
  type OutboundReply,
  type SendContext,
  type SendOutcome,
  type TestAnswer,
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

/** How the account stands (https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource). */
export async function testTwilio(
  { settings: { accountSid, authToken } }: ChannelAccount<TwilioSettings>,
  context: SendContext,
): Promise<TestAnswer> {
  if (!accountSid) return { ok: false, detail: 'give the account its accountSid' };
  const base = apiUrl(context, 'TWILIO_API_URL', API_URL);
  const url = `${base}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}.json`;
  try {
    const { status, body } = await askVendor({ url, auth: { username: accountSid, password: authToken } }, context);
    const found = asObject(body);
    const state = asText(found?.['status']);
    if (status === 200 && state === 'active')
      return { ok: true, detail: asText(found?.['friendly_name']) ?? accountSid };
    if (status === 200 && state !== null) return { ok: false, detail: `Twilio says that the account is ${state}` };
    return { ok: false, detail: `Twilio does not take accountSid and authToken: it answered ${status}` };
  } catch (error) {
    return brokenTest(error, 'Twilio');
  }
}
