import { createHash } from 'node:crypto';
import {
  apiUrl,
  askVendor,
  asText,
  brokenCall,
  failed,
  later,
  type ChannelAccount,
  type OutboundReply,
  type SendContext,
  type SendOutcome,
} from '@lienmach/adapter-kit';
import type { VcomSettings } from './vcom.config.js';
import { vcomOutcome } from './vcom-outcome.rules.js';

const API_URL = 'https://sms-api.v-com.vn';
/** V-COM asks for so long a pause before a repetition. */
const REPEAT_MS = 20_000;

/**
 * One SMS from the short code, as the answer to a customer's message: V-COM takes nothing else (https://support.v-com.vn/support/solutions/articles/24000046091).
 * It counts request id and our id as a pair once: where its answer was lost, the same request is sent again and is no second SMS. V-COM charges the customer
 * unless it is told not to; an agent's answer costs him nothing.
 */
export async function sendByVcom(
  { id, text, answers }: OutboundReply,
  { id: shortCode, settings: { clientId, secureKey } }: ChannelAccount<VcomSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  const command = asText(answers?.vendorData['command_code']);
  if (!answers || command === null) {
    return failed("no-question: V-COM sends only answers to a customer's message, and none with its keyword is known");
  }
  const request = answers.vendorEventId;
  const time = Math.floor(context.now / 1_000);
  const body = {
    client_id: clientId,
    request_id: request,
    service_id: asText(answers.vendorData['to']) ?? shortCode,
    command_code: command,
    mt_code: id,
    message: text,
    is_charged: 0,
    time,
    checksum: createHash('sha256').update(`${clientId}${request}${id}${secureKey}${time}`).digest('base64'),
  };
  try {
    const url = `${apiUrl(context, 'VCOM_API_URL', API_URL)}/api/v2/send-mt`;
    return repeatable(vcomOutcome(await askVendor({ url, body }, context)));
  } catch (error) {
    return repeatable(brokenCall(error, 'V-COM', 'its reports'));
  }
}

const repeatable = (outcome: SendOutcome): SendOutcome =>
  outcome.kind === 'unknown'
    ? later("V-COM's answer was lost: asked again with the same request_id and mt_code", REPEAT_MS)
    : outcome;
