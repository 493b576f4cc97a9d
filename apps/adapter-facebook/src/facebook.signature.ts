import { createHash, timingSafeEqual } from 'node:crypto';
import { hmacSha256Fits } from '@lienmach/adapter-kit';

/** `sha256=` and 64 lower-case hexadecimal digits. */
const HEADER = /^sha256=[0-9a-f]{64}$/;

/**
 * `X-Hub-Signature-256` over the raw bytes: the vendor signs what it sends, escaped as it is (`\u1ecb`), which no re-written JSON equals.
 * The old SHA-1 header is not looked at.
 */
export function verifySignature(body: Buffer, header: string | undefined, appSecret: string): boolean {
  if (header === undefined || !HEADER.test(header)) return false;
  return hmacSha256Fits(appSecret, body, header.slice('sha256='.length));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares the token of the handshake in constant time, whatever its length. */
export function tokenFits(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}
