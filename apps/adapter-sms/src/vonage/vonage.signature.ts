import { createHash, createHmac } from 'node:crypto';
import { fieldsOf, isObject, sameText, type DoorRequest, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';
import type { SignatureMethod, VonageSettings } from './vonage.config.js';

type Settings = Pick<VonageSettings, 'apiKey' | 'signatureSecret' | 'signatureMethod'>;

/**
 * A webhook signed by JWT (Messages API) or by `sig` (SMS API). An account without a signature secret has but its API key in each request to go by.
 * How old a request may be is not bounded: Vonage repeats for a day, and what comes again makes no new event.
 */
export function verifyVonage(request: DoorRequest, settings: Settings): boolean {
  const { signatureSecret, signatureMethod = 'md5hash', apiKey } = settings;
  const token = /^bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (signatureSecret && token) return isTokenOf(token, request, signatureSecret);
  if (signatureMethod === 'jwt' && signatureSecret) return false;
  const fields = readable(request);
  if (!fields) return false;
  if (signatureSecret) return isSigned(fields, signatureSecret, signatureMethod as Exclude<SignatureMethod, 'jwt'>);
  const named = fields['api-key'] ?? fields['api_key'];
  return apiKey !== undefined && typeof named === 'string' && sameText(named, apiKey);
}

/** https://developer.vonage.com/en/getting-started/concepts/signing-messages */
function isSigned(fields: Fields, secret: string, method: Exclude<SignatureMethod, 'jwt'>): boolean {
  const { sig, ...signed } = fields;
  if (typeof sig !== 'string') return false;
  let text = '';
  for (const name of Object.keys(signed).sort()) {
    const value = signed[name];
    if (typeof value === 'object' && value !== null) return false;
    text += `&${name}=${String(value).replace(/[&=]/g, '_')}`;
  }
  const wanted =
    method === 'md5hash' ? createHash('md5').update(text + secret) : createHmac(method, secret).update(text);
  return sameText(sig.toLowerCase(), wanted.digest('hex'));
}

/**
 * HS256 alone, and over this very body: `payload_hash`. The address is not covered, so that what stands in a query is proven by none.
 * https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks
 */
function isTokenOf(token: string, { method, body }: DoorRequest, secret: string): boolean {
  const [head, claims, signature, ...more] = token.split('.');
  if (method !== 'POST' || !head || !claims || !signature || more.length > 0) return false;
  const wanted = createHmac('sha256', secret).update(`${head}.${claims}`).digest('base64url');
  if (!sameText(signature, wanted) || decoded(head)?.['alg'] !== 'HS256') return false;
  const hash = decoded(claims)?.['payload_hash'];
  return typeof hash === 'string' && sameText(hash.toLowerCase(), createHash('sha256').update(body).digest('hex'));
}

function decoded(part: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function readable(request: DoorRequest): Fields | undefined {
  try {
    return fieldsOf(request);
  } catch (error) {
    if (error instanceof MalformedPayload) return undefined;
    throw error;
  }
}
