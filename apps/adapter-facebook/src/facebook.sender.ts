import { createHmac } from 'node:crypto';
import {
  apiUrl,
  askVendor,
  asId,
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
import type { ReplyAttachment } from '@lienmach/contracts';
import type { FacebookSettings } from './facebook.config.js';
import { privateMetadata } from './metadata.payload.js';
import { commentOutcome, privateOutcome, sendOutcome } from './send-error.rules.js';

const GRAPH_URL = 'https://graph.facebook.com';
/** Newest served in 2026-09; older ones go on answering, in older shapes. */
const GRAPH_VERSION = 'v26.0';
/** After the customer's last word; a minute less, for the way to the vendor. */
const FREE_WINDOW_MS = 24 * 60 * 60_000 - 60_000;

/** A public comment, a private message to who wrote one, or a message. */
export function sendByPage(
  reply: OutboundReply,
  account: ChannelAccount<FacebookSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  if (reply.as === 'comment') return sendComment(reply, account, context);
  if (reply.as === 'private-message') return sendPrivately(reply, account, context);
  return sendMessage(reply, account, context);
}

/**
 * One call of the Send API (https://developers.facebook.com/docs/messenger-platform/reference/send-api). The command's id goes along as metadata, and comes back
 * with the echo.
 */
async function sendMessage(
  { id, to, text, attachments: [attachment], lastCustomerAt, replyTo }: OutboundReply,
  { id: page, settings }: ChannelAccount<FacebookSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  if (!settings.pageToken) return WITHOUT_TOKEN;
  const isFree = context.now - lastCustomerAt < FREE_WINDOW_MS;
  const body = {
    recipient: { id: to.value },
    ...(isFree ? { messaging_type: 'RESPONSE' } : { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT' }),
    message: { ...contentOf(text, attachment), metadata: id },
    // beside the message, not in it: https://developers.facebook.com/docs/graph-api/reference/page/messages
    ...(replyTo !== null && { reply_to: { mid: replyTo } }),
  };
  try {
    return sendOutcome(await askVendor(requestOf(`${page}/messages`, body, settings, context), context));
  } catch (error) {
    return brokenCall(error, 'Facebook', "the page's inbox");
  }
}

/** A message is a text or one attachment, which Facebook fetches. */
function contentOf(text: string, attachment: ReplyAttachment | undefined): object {
  return attachment ? { attachment: { type: attachment.kind, payload: { url: attachment.url } } } : { text };
}

/**
 * A comment of the page below the one that it answers, or below a visitor's post (https://developers.facebook.com/docs/graph-api/reference/object/comments). It has
 * no place for anything of ours: one whose answer was lost cannot be told from what people of the page wrote by hand.
 */
async function sendComment(
  { text, attachments: [image], replyTo }: OutboundReply,
  { settings }: ChannelAccount<FacebookSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  if (!settings.pageToken) return WITHOUT_TOKEN;
  if (replyTo === null) return { kind: 'failed', reason: 'comment-unknown: answer the comment on the page itself' };
  const body = { ...(text !== '' && { message: text }), ...(image && { attachment_url: image.url }) };
  try {
    const edge = `${encodeURIComponent(replyTo)}/comments`;
    return commentOutcome(await askVendor(requestOf(edge, body, settings, context), context));
  } catch (error) {
    return brokenCall(error, 'Facebook', 'the post');
  }
}

/**
 * The one message that who wrote a comment, or a post on the page, may get (https://developers.facebook.com/docs/messenger-platform/discovery/private-replies).
 * The answer alone tells who that is in Messenger; the metadata has both, so that the echo tells it too.
 */
async function sendPrivately(
  { id, thread, to, text, replyTo }: OutboundReply,
  { id: page, settings }: ChannelAccount<FacebookSettings>,
  context: SendContext,
): Promise<SendOutcome> {
  if (!settings.pageToken) return WITHOUT_TOKEN;
  if (replyTo === null) return { kind: 'failed', reason: 'comment-unknown: answer the comment on the page itself' };
  const recipient = replyTo === thread ? { post_id: replyTo } : { comment_id: replyTo };
  const body = { recipient, message: { text, metadata: privateMetadata({ commandId: id, commenter: to.value }) } };
  try {
    return privateOutcome(await askVendor(requestOf(`${page}/messages`, body, settings, context), context), page);
  } catch (error) {
    return brokenCall(error, 'Facebook', "the page's inbox");
  }
}

const WITHOUT_TOKEN: SendOutcome = { kind: 'failed', reason: 'credentials-missing: give the account its pageToken' };

/** @param edge whose pageToken is there */
function requestOf(edge: string, body: object, { pageToken = '', appSecret }: FacebookSettings, context: SendContext) {
  const url = `${apiUrl(context, 'FACEBOOK_GRAPH_URL', GRAPH_URL)}/${GRAPH_VERSION}/${edge}`;
  return { url, params: { access_token: pageToken, appsecret_proof: proof(pageToken, appSecret) }, body };
}

/** Whose token it is (https://developers.facebook.com/docs/graph-api/overview#me). */
export async function testPage(
  { id: page, settings: { pageToken, appSecret } }: ChannelAccount<FacebookSettings>,
  context: SendContext,
): Promise<TestAnswer> {
  if (!pageToken) return { ok: false, detail: 'give the account its pageToken' };
  const url = `${apiUrl(context, 'FACEBOOK_GRAPH_URL', GRAPH_URL)}/${GRAPH_VERSION}/me`;
  const params = { fields: 'id,name', access_token: pageToken, appsecret_proof: proof(pageToken, appSecret) };
  try {
    const { status, body } = await askVendor({ url, params }, context);
    const found = asObject(body);
    const id = asText(found?.['id']);
    if (status === 200 && id === page) return { ok: true, detail: asText(found?.['name']) ?? page };
    if (status === 200 && id !== null) return { ok: false, detail: `the pageToken belongs to ${id}` };
    const code = asId(asObject(found?.['error'])?.['code']);
    return { ok: false, detail: `Facebook does not take the pageToken or the appSecret: error ${code ?? status}` };
  } catch (error) {
    return brokenTest(error, 'Facebook');
  }
}

/** Shows that the token is used by the app itself. */
function proof(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('hex');
}
