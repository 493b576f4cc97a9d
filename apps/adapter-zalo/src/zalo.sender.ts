import {
  apiUrl,
  askVendor,
  brokenCall,
  type ChannelAccount,
  type OutboundReply,
  type SendOutcome,
  type TokenContext,
  type VendorAnswer,
} from '@lienmach/adapter-kit';
import { LienmachError } from '@lienmach/contracts';
import type { ZaloSettings } from './zalo.config.js';
import { isTokenRefused, zaloOutcome } from './zalo-outcome.rules.js';

const API_URL = 'https://openapi.zalo.me';

/**
 * A consulting message (https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van/gui-tin-tu-van-dang-van-ban). Zalo's echo of it names the id of the
 * answer and nothing of ours: one whose answer was lost cannot be told from another's, and is never sent again.
 */
export async function sendByOa(
  { thread, to, text, replyTo }: OutboundReply,
  { settings }: ChannelAccount<ZaloSettings>,
  context: TokenContext,
): Promise<SendOutcome> {
  // what was asked among others is not answered to one of them alone
  if (thread !== to.value) return { kind: 'failed', reason: 'group: answer groups in Zalo itself' };
  if (!settings.accessToken && !settings.refreshToken) {
    return { kind: 'failed', reason: 'credentials-missing: give the account its refreshToken and appSecret' };
  }
  const body = {
    recipient: { user_id: to.value },
    message: { text, ...(replyTo !== null && { quote_message_id: replyTo }) },
  };
  const url = `${apiUrl(context, 'ZALO_API_URL', API_URL)}/v3.0/oa/message/cs`;
  const post = (token: string): Promise<VendorAnswer> =>
    askVendor({ url, headers: { access_token: token }, body }, context);
  try {
    const token = await context.accessToken();
    const answer = await post(token);
    return zaloOutcome(isTokenRefused(answer) ? await post(await context.accessToken(token)) : answer);
  } catch (error) {
    // there is no token just now, and nothing was taken
    if (error instanceof LienmachError) throw error;
    return brokenCall(error, 'Zalo', "the official account's chat tool");
  }
}
