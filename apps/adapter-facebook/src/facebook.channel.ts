import { defineChannel, defineDoor, defineVendor, oneByOne, parseLosslessJson } from '@lienmach/adapter-kit';
import type { ChannelAccount, DoorAnswer, DoorRequest } from '@lienmach/adapter-kit';
import { FacebookSettings } from './facebook.config.js';
import { normaliseFacebook } from './facebook.normalise.js';
import { readPayload, type FacebookPayload } from './facebook.payload.js';
import { sendByPage, testPage } from './facebook.sender.js';
import { tokenFits, verifySignature } from './facebook.signature.js';
import { pageIdsIn } from './page-ids.payload.js';

/** Messenger and the page's feed, of all pages: the page stands in the body. */
const webhook = defineDoor<FacebookSettings, FacebookPayload>({
  path: '/webhooks/facebook',
  methods: ['GET', 'POST'],
  accountIn: 'body',
  contentTypes: ['application/json'],
  secretOf: ({ settings }) => settings.appSecret,
  peek: pageIdsIn,
  handshake,
  verify: ({ body, headers }, { settings }) =>
    verifySignature(body, headers['x-hub-signature-256'], settings.appSecret),
  parse: ({ body }) => readPayload(parseLosslessJson(body)),
  normalise: normaliseFacebook,
});

/** The app dashboard asks once, with the token that the operator typed there. */
function handshake(
  { method, query }: DoorRequest,
  pages: readonly ChannelAccount<FacebookSettings>[],
): DoorAnswer | undefined {
  if (method !== 'GET') return undefined;
  const token = query.get('hub.verify_token') ?? '';
  const challenge = query.get('hub.challenge') ?? '';
  const known = pages.filter(({ settings }) => tokenFits(token, settings.verifyToken)).length > 0;
  const ok = known && query.get('hub.mode') === 'subscribe' && challenge !== '';
  return ok
    ? { status: 200, contentType: 'text/plain', body: challenge }
    : { status: 403, contentType: 'text/plain', body: 'wrong mode or token' };
}

export const facebook = defineChannel({
  name: 'facebook',
  defaultPort: 3101,
  vendors: [
    defineVendor<FacebookSettings>({
      name: 'facebook',
      settings: FacebookSettings,
      secrets: ['appSecret', 'verifyToken', 'pageToken'],
      answerWithinSeconds: 5,
      // "Disabled Webhooks": an app whose webhook fails for an hour is unsubscribed, developers.facebook.com/docs/messenger-platform/webhooks
      patienceSeconds: 3_600,
      doors: [webhook],
      send: sendByPage,
      messagesOf: (reply) => (reply.as ? [reply] : oneByOne(reply)),
      test: testPage,
    }),
  ],
});
