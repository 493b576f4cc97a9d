import { createHash, createHmac } from 'node:crypto';
import {
  apiUrl,
  askVendor,
  asObject,
  asText,
  breakOf,
  type ChannelAccount,
  type ExchangeOutcome,
  type SendContext,
  type TokenPair,
  type VendorAnswer,
} from '@lienmach/adapter-kit';
import type { ZaloSettings } from './zalo.config.js';
import { asNumber } from './zalo.payload.js';

const OAUTH_URL = 'https://oauth.zaloapp.com';
/** Errors that pass: too many requests, and Zalo's own trouble. Every other is for an administrator. */
const PASSING: ReadonlySet<unknown> = new Set([-32, -100, -200]);

/** An exchange takes the app's secret too. */
export const givenPair = ({ accessToken, refreshToken, appSecret }: ZaloSettings): TokenPair => ({
  accessToken: accessToken ?? null,
  refreshToken: (appSecret && refreshToken) || null,
});

/**
 * A refresh token counts once, and gives the next (https://developers.zalo.me/docs/official-account/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new).
 */
export async function renewTokens(
  refreshToken: string,
  { settings }: ChannelAccount<ZaloSettings>,
  context: SendContext,
): Promise<ExchangeOutcome> {
  const url = `${apiUrl(context, 'ZALO_OAUTH_URL', OAUTH_URL)}/v4/oa/access_token`;
  const headers = { secret_key: settings.appSecret };
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    app_id: settings.appId,
  });
  try {
    return exchangeOutcome(await askVendor({ url, headers, body }, context), context.now);
  } catch (error) {
    const { code, mayHaveArrived } = breakOf(error);
    return { kind: mayHaveArrived ? 'unknown' : 'not-taken', reason: `Zalo did not answer (${code})` };
  }
}

function exchangeOutcome({ status, body }: VendorAnswer, now: number): ExchangeOutcome {
  const answer = asObject(body);
  const [accessToken, refreshToken] = [asText(answer?.['access_token']), asText(answer?.['refresh_token'])];
  if (accessToken !== null && refreshToken !== null) {
    // in quotes
    const seconds = asNumber(answer?.['expires_in']);
    return {
      kind: 'renewed',
      tokens: { accessToken, refreshToken, expiresAt: seconds === null ? null : now + seconds * 1_000 },
    };
  }
  const error = asNumber(answer?.['error']);
  if (error === null || error === 0 || status >= 500) return { kind: 'unknown', reason: `Zalo answered ${status}` };
  const reason = `error ${error} of Zalo`;
  return { kind: PASSING.has(error) ? 'not-taken' : 'refused', reason };
}

/** Path, below the adapter's public address, that Zalo sends the administrator back to. */
const CONNECTED = '/webhooks/zalo/connected';

/** Where an administrator of the official account gives the app leave. */
export function connectAddress(
  { id, settings: { appId, appSecret } }: ChannelAccount<ZaloSettings>,
  env: SendContext['env'],
): string | null {
  const publicUrl = env['ZALO_PUBLIC_URL'] || env['PUBLIC_URL'];
  if (!publicUrl || !appSecret) return null;
  // only what stands in the address to come back to comes back
  const back = `${publicUrl.replace(/\/+$/, '')}${CONNECTED}?state=${derived(appSecret, `state ${id}`)}`;
  const query = new URLSearchParams({ app_id: appId, redirect_uri: back, code_challenge: challengeOf(appSecret, id) });
  return `${apiUrl({ env }, 'ZALO_OAUTH_URL', OAUTH_URL)}/v4/oa/permission?${query.toString()}`;
}

/** Proof key of the consent (RFC 7636): made of the secret, so that whichever process is asked has it. */
const verifierOf = (appSecret: string, id: string): string => derived(appSecret, `verifier ${id}`);
const challengeOf = (appSecret: string, id: string): string =>
  createHash('sha256').update(verifierOf(appSecret, id)).digest('base64url');
const derived = (appSecret: string, purpose: string): string =>
  createHmac('sha256', appSecret).update(purpose).digest('base64url');
