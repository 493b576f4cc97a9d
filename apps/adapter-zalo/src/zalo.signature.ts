import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^[0-9a-f]{64}$/;

/** HMAC-SHA256 of the raw body, hexadecimal; compared in constant time. */
export function verifyZalo(body: Buffer, header: string | undefined, secret: string): boolean {
  if (header === undefined || !HEADER.test(header)) return false;
  return timingSafeEqual(Buffer.from(header, 'hex'), createHmac('sha256', secret).update(body).digest());
}
