import {
  apiUrl,
  asId,
  askVendor,
  asObject,
  asText,
  brokenCall,
  brokenTest,
  type ChannelAccount,
  type OutboundReply,
  type SendOutcome,
  type TestAnswer,
  type TokenContext,
  type VendorAnswer,
} from '@lienmach/adapter-kit';
import { LienmachError, type ReplyAttachment } from '@lienmach/contracts';
import type { ZaloSettings } from './zalo.config.js';
import { isTokenRefused, zaloOutcome } from './zalo-outcome.rules.js';

const API_URL = 'https://openapi.zalo.me';

/**
 * A consulting message (https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van/gui-tin-tu-van-dang-van-ban). Zalo's echo of it names the id of the
 * answer and nothing of ours: one whose answer was lost cannot be told from another's, and is never sent again.
 */
export async function sendByOa(
  { thread, to, text, attachments: [image], replyTo }: OutboundReply,
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
    message: {
      ...(text !== '' && { text }),
      ...(image && { attachment: imageOf(image) }),
      ...(replyTo !== null && { quote_message_id: replyTo }),
    },
  };
  const url = `${apiUrl(context, 'ZALO_API_URL', API_URL)}/v3.0/oa/message/cs`;
  try {
    return zaloOutcome(await withToken({ url, body }, context));
  } catch (error) {
    // there is no token just now, and nothing was taken
    if (error instanceof LienmachError) throw error;
    return brokenCall(error, 'Zalo', "the official account's chat tool");
  }
}

/** By its address, which Zalo fetches (https://developers.zalo.me/docs/official-account/tin-nhan/tin-tu-van/gui-tin-tu-van-dinh-kem-hinh-anh). */
const imageOf = ({ url }: ReplyAttachment): object => ({
  type: 'template',
  payload: { template_type: 'media', elements: [{ media_type: 'image', url }] },
});

/** Which official account it is (https://developers.zalo.me/docs/official-account/quan-ly/quan-ly-thong-tin-oa/lay-thong-tin-zalo-official-account). */
export async function testOa({ id: oa }: ChannelAccount<ZaloSettings>, context: TokenContext): Promise<TestAnswer> {
  const url = `${apiUrl(context, 'ZALO_API_URL', API_URL)}/v2.0/oa/getoa`;
  try {
    const { status, body } = await withToken({ url }, context);
    const found = asObject(asObject(body)?.['data']);
    const id = asId(found?.['oa_id']);
    if (id === oa) return { ok: true, detail: asText(found?.['name']) ?? oa };
    if (id !== null) return { ok: false, detail: `the tokens belong to the official account ${id}` };
    const error = asObject(body)?.['error'];
    return { ok: false, detail: `Zalo does not take the tokens: error ${typeof error === 'number' ? error : status}` };
  } catch (error) {
    if (error instanceof LienmachError) throw error;
    return brokenTest(error, 'Zalo');
  }
}

/** Asks with the present token, and once more with another where Zalo does not take it. @throws what `context.accessToken` does */
async function withToken(request: { url: string; body?: object }, context: TokenContext): Promise<VendorAnswer> {
  const ask = (token: string): Promise<VendorAnswer> =>
    askVendor({ ...request, headers: { access_token: token } }, context);
  const token = await context.accessToken();
  const answer = await ask(token);
  return isTokenRefused(answer) ? ask(await context.accessToken(token)) : answer;
}
