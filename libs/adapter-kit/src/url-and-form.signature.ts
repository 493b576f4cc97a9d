import { createHash, createHmac } from 'node:crypto';
import { parse, stringify } from 'node:querystring';
import type { DoorRequest } from './channel.js';
import { sameText } from './constant-time.js';
import { isJson, parametersOf, type Parameter } from './request-fields.js';

/**
 * Whether `given` = base64(HMAC-SHA1(URL + sorted form parameters, secret)), as Twilio signs the requests of all its products. A JSON body is covered by
 * `bodySHA256` in the signed URL instead. https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function urlAndFormFit(request: DoorRequest, given: string | undefined, secret: string): boolean {
  if (!given) return false;
  if (isJson(request) && !isBodyNamed(request)) return false;
  const form = request.method === 'POST' && !isJson(request) ? formText(parametersOf(request)) : '';
  for (const url of urlForms(request.publicUrl + request.target)) {
    const wanted = createHmac('sha1', secret).update(url).update(form).digest('base64');
    if (sameText(given, wanted)) return true;
  }
  return false;
}

function isBodyNamed({ body, query }: DoorRequest): boolean {
  return sameText(query.get('bodySHA256') ?? '', createHash('sha256').update(body).digest('hex'));
}

/** Sorted by name, then by value; of a repeated parameter each value once. */
function formText(form: Iterable<Parameter>): string {
  const pairs = [...form].sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  let text = '';
  let last: Parameter | undefined;
  for (const pair of pairs) {
    if (last?.[0] !== pair[0] || last[1] !== pair[1]) text += pair[0] + pair[1];
    last = pair;
  }
  return text;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Twilio signs the URL with or without its port, and in older products with the query encoded in another way; its own library tries them all. */
function* urlForms(url: string): Generator<string> {
  yield withoutPort(url);
  yield withPort(url);
  if (!URL.canParse(url)) return;
  const normal = new URL(url).toString();
  for (const form of [withoutPort(normal), withPort(normal)]) {
    yield form;
    yield withLegacyQuery(form);
  }
}

const AUTHORITY = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*?)(?::(\d*))?(?=[/?#]|$)/i;

const withoutPort = (url: string): string => url.replace(AUTHORITY, '$1$2');

const withPort = (url: string): string =>
  url.replace(AUTHORITY, (_all, scheme: string, host: string, port: string | undefined) => {
    return `${scheme}${host}:${port || (scheme.toLowerCase() === 'https://' ? '443' : '80')}`;
  });

function withLegacyQuery(url: string): string {
  const at = url.indexOf('?');
  return at < 0 || at === url.length - 1 ? url : `${url.slice(0, at)}?${stringify(parse(url.slice(at + 1)))}`;
}
