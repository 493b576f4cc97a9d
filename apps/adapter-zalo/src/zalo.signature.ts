import { createHash, timingSafeEqual } from 'node:crypto';

/** `mac=` and 64 lower-case hexadecimal digits; some senders put spaces around the sign. */
const HEADER = /^\s*mac\s*=\s*([0-9a-f]{64})\s*$/;

/** The body's own field, text or number: inside of a text its quotes would be escaped. */
const TIMESTAMP = /"timestamp"\s*:\s*"?(\d{1,20})(?!\d)/g;
/** Beside the envelope's, an object inside may have one too; each candidate costs a hash over the body. */
const MOST_CANDIDATES = 4;

function timestampsIn(body: string): string[] {
  const found = new Set<string>();
  for (const [, digits] of body.matchAll(TIMESTAMP)) {
    found.add(digits!);
    if (found.size === MOST_CANDIDATES) break;
  }
  return [...found];
}

/**
 * `X-ZEvent-Signature: mac=sha256(appId + body + timestamp + oaSecret)`, a plain hash over the raw bytes, no HMAC; the timestamp as it stands in the body
 * (https://developers.zalo.me/docs/official-account/webhook). The app's id is the account's own: a body of another app does not fit.
 */
export function verifySignature(
  body: Buffer,
  header: string | undefined,
  { appId, oaSecret }: { readonly appId: string; readonly oaSecret: string },
): boolean {
  const given = HEADER.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  const mac = Buffer.from(given, 'hex');
  return timestampsIn(body.toString('latin1')).some((timestamp) => {
    const hash = createHash('sha256').update(appId).update(body).update(timestamp).update(oaSecret).digest();
    return timingSafeEqual(mac, hash);
  });
}
