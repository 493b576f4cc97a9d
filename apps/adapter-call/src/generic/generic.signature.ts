import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/i;

/** `X-Lienmach-Signature: sha256=<hex HMAC-SHA256 of the raw body>`. */
export function verifyGeneric(body: Buffer, header: string | undefined, secret: string): boolean {
  const given = HEADER.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  return timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', secret).update(body).digest());
}
