import { defineChannel, defineDoor, defineVendor, parseLosslessJson } from '@lienmach/adapter-kit';
import type { ChannelAccount, DoorAnswer, DoorRequest } from '@lienmach/adapter-kit';
import { oaIdsIn } from './oa-ids.payload.js';
import { ZaloSettings } from './zalo.config.js';
import { normaliseZalo } from './zalo.normalise.js';
import { readPayload, type ZaloPayload } from './zalo.payload.js';
import { sendByOa, testOa } from './zalo.sender.js';
import { connectAddress, givenPair, renewTokens } from './zalo-token.sender.js';
import { verifySignature } from './zalo.signature.js';

type OfficialAccount = ChannelAccount<ZaloSettings>;

const SIGNATURE = 'x-zevent-signature';
const OK: DoorAnswer = { status: 200 };

const signed = ({ body, headers }: DoorRequest, { settings }: OfficialAccount): boolean =>
  verifySignature(body, headers[SIGNATURE], settings);

/** All events of all official accounts: the OA stands in the body. */
const webhook = defineDoor<ZaloSettings, ZaloPayload>({
  path: '/webhooks/zalo',
  methods: ['POST'],
  accountIn: 'body',
  contentTypes: ['application/json'],
  secretOf: ({ settings }) => `${settings.appId} ${settings.oaSecret}`,
  peek: oaIdsIn,
  handshake: probe,
  verify: signed,
  parse: ({ body }) => readPayload(parseLosslessJson(body)),
  normalise: normaliseZalo,
});

/** What the console's test button sends; nothing longer is looked at. */
const TEST_MESSAGE = '"This is message id"';
const LONGEST_PROBE = 2_048;
/** Each costs a hash over the body. */
const MOST_TRIED = 16;

/** The console saves an address only after an unsigned `{}` got its 200; its test button sends a signed message between accounts that are nobody's. */
function probe(request: DoorRequest, accounts: readonly OfficialAccount[]): DoorAnswer | undefined {
  const { body, headers } = request;
  if (request.method !== 'POST' || body.length > LONGEST_PROBE) return undefined;
  const text = body.toString();
  if (headers[SIGNATURE] === undefined) return /^\s*\{\s*\}\s*$/.test(text) ? OK : undefined;
  if (!text.includes(TEST_MESSAGE)) return undefined;
  const distinct = new Map(accounts.map((each) => [`${each.settings.appId} ${each.settings.oaSecret}`, each]));
  return [...distinct.values()].slice(0, MOST_TRIED).some((account) => signed(request, account)) ? OK : undefined;
}

/** Proof that the domain is the business's: the console asks for the file that it named. */
const verifier = defineDoor<ZaloSettings, never>({
  path: '/zalo_verifier:file',
  methods: ['GET'],
  accountIn: 'body',
  contentTypes: [],
  handshake: ({ target }, accounts) => {
    const name = target.slice(1).split('?', 1)[0]!;
    const known = accounts.some(({ settings }) => settings.verifierFile === name);
    return known ? { status: 200, contentType: 'text/html; charset=utf-8', body: verifierPage(name) } : NOT_FOUND;
  },
  verify: () => false,
  parse: () => {
    throw new Error('a file that is asked for has no body');
  },
  normalise: () => ({ events: [], unknown: [], malformed: [] }),
});

const NOT_FOUND: DoorAnswer = { status: 404, contentType: 'text/plain; charset=utf-8', body: 'no such file\n' };

/** The setting allows only word characters and hyphens in the code. */
function verifierPage(name: string): string {
  const code = name.slice('zalo_verifier'.length, -'.html'.length);
  return `<!DOCTYPE html><html><head><meta property="zalo-platform-site-verification" content="${code}"></head><body></body></html>\n`;
}

export const zalo = defineChannel({
  name: 'zalo',
  defaultPort: 3102,
  vendors: [
    defineVendor<ZaloSettings>({
      name: 'zalo',
      settings: ZaloSettings,
      secrets: ['oaSecret', 'appSecret', 'accessToken', 'refreshToken'],
      answerWithinSeconds: 2,
      // repeated for 1 h 50 min, then the app loses its webhook: https://developers.zalo.me/docs/official-account/webhook
      patienceSeconds: 6_600,
      doors: [webhook, verifier],
      send: sendByOa,
      test: testOa,
      // five of the 25 hours that a token lives
      tokens: { aheadSeconds: 5 * 3_600, given: givenPair, renew: renewTokens, connectUrl: connectAddress },
    }),
  ],
});
