import { createHmac } from 'node:crypto';
import { sameText, type DoorRequest } from '@lienmach/adapter-kit';

/**
 * `X-STRINGEE-SIGNATURE` = base64(HMAC-SHA1(data, the project's signing secret)): over the raw body of a POST, over the Request-URI of a GET.
 * https://developer.stringee.com/docs/validating-requests-are-coming-from-stringee
 */
export function verifyStringee(request: DoorRequest, secret: string): boolean {
  const given = request.headers['x-stringee-signature'];
  if (given === undefined) return false;
  const expected = createHmac('sha1', secret).update(signedData(request)).digest('base64');
  return sameText(given, expected);
}

function signedData({ method, body, publicUrl, target }: DoorRequest): Buffer | string {
  if (method === 'POST') return body;
  // behind a proxy that serves us below a path, Stringee signs that path too
  return new URL(publicUrl).pathname.replace(/\/$/, '') + target.replaceAll(' ', '%20');
}
