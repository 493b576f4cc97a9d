import { createHmac } from 'node:crypto';
import { sameText, type DoorRequest } from '@lienmach/adapter-kit';

/** `X-Hub-Signature` = HMAC-SHA1 of the raw body in upper-case hexadecimal, without a prefix. https://docs.caresoft.vn/danh-muc/webhook */
export function verifyCaresoft({ body, headers }: DoorRequest, secret: string): boolean {
  const wanted = createHmac('sha1', secret).update(body).digest('hex').toUpperCase();
  return sameText(headers['x-hub-signature'] ?? '', wanted);
}
