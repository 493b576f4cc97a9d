import {
  apiUrl,
  askVendor,
  brokenCall,
  failed,
  later,
  type ChannelAccount,
  type OutboundReply,
  type SendContext,
  type SendOutcome,
} from '@lienmach/adapter-kit';
import { fitsGsm } from '../gsm-alphabet.js';
import { withoutPlus } from '../party.rules.js';
import { receiptAddress } from '../receipt-address.js';
import type { EsmsSettings } from './esms.config.js';
import { esmsOutcome } from './esms-outcome.rules.js';

const API_URL = 'https://rest.esms.vn';
const PATH = '/MainService.svc/json/SendMultipleMessage_V4_post_json/';
/** By a brandname, for customer care; without one by a fixed number. */
const CARE = '2';
const FIXED_NUMBER = '8';

/**
 * One SMS (https://developers.esms.vn/en/esms-api/send-sms-api). eSMS knows a RequestId for a day: where its answer was lost, the same request is sent again and
 * is no second SMS.
 */
export async function sendByEsms(
  { id, to, text }: OutboundReply,
  { settings }: ChannelAccount<EsmsSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  const { apiKey, secretKey, brandname, smsType, secret } = settings;
  if (!apiKey || !secretKey) return failed('credentials-missing: give the account its apiKey and secretKey');
  const receipts = receiptAddress(context, 'esms', secret);
  const body = {
    ApiKey: apiKey,
    SecretKey: secretKey,
    Phone: withoutPlus(to.value),
    Content: text,
    SmsType: String(smsType ?? (brandname ? CARE : FIXED_NUMBER)),
    IsUnicode: fitsGsm(text) ? '0' : '1',
    RequestId: id,
    ...(brandname && { Brandname: brandname }),
    ...(receipts && { CallbackUrl: receipts }),
  };
  try {
    const url = apiUrl(context, 'ESMS_API_URL', API_URL) + PATH;
    return repeatable(esmsOutcome(await askVendor({ url, body }, context)));
  } catch (error) {
    return repeatable(brokenCall(error, 'eSMS', 'its message log'));
  }
}

const repeatable = (outcome: SendOutcome): SendOutcome =>
  outcome.kind === 'unknown' ? later("eSMS's answer was lost: asked again under the same RequestId") : outcome;
