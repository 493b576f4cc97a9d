import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifySignature } from '@vonage/jwt';
import fc from 'fast-check';
import twilio from 'twilio';
import type { DoorRequest } from '@lienmach/adapter-kit';
import { verifyTwilio } from './twilio/twilio.signature.js';
import { verifyVonage } from './vonage/vonage.signature.js';
import { verifyVcom } from './vcom/vcom.signature.js';

const FORM = 'application/x-www-form-urlencoded';

/** Built by hand where the public address matters. */
function request(part: Partial<Omit<DoorRequest, 'query'>>): DoorRequest {
  const whole = {
    method: 'POST' as const,
    target: '/webhooks/sms/x/acme',
    publicUrl: 'https://hooks.example.com',
    headers: {},
    body: Buffer.alloc(0),
    ...part,
  };
  const at = whole.target.indexOf('?');
  return { ...whole, query: new URLSearchParams(at < 0 ? '' : whole.target.slice(at + 1)) };
}

describe('Twilio', () => {
  const token = fc.string({ minLength: 1, maxLength: 40 });
  const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text !== '__proto__');
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const form = fc.dictionary(name, fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 4 })), { maxKeys: 8 });
  const publicUrl = fc.constantFrom(
    'https://hooks.example.com',
    'http://hooks.example.com',
    'https://hooks.example.com:8443',
    'http://127.0.0.1:3104',
    'https://hooks.example.com/below',
    'http://[::1]:3104',
  );
  // what a client may send as a request-URI
  const query = fc.string({ unit: fc.constantFrom(...'abc=&%20+\'"!*()~;,/?:@'), maxLength: 24 });
  const body = (fields: Record<string, string | string[]>) =>
    new URLSearchParams(
      Object.entries(fields).flatMap(([key, value]) => [value].flat().map((each) => [key, each] as [string, string])),
    ).toString();
  /** As a form's reader gives them: one of a name is no list. */
  const parameters = (encoded: string) => {
    const read = new URLSearchParams(encoded);
    return Object.fromEntries(
      [...new Set(read.keys())].map((key) => {
        // in a list of this realm's: the library asks whether it is an Array
        const all = [...read.getAll(key)];
        return [key, all.length > 1 ? all : all[0]!];
      }),
    );
  };

  it("agrees with the vendor's library over forms", () => {
    fc.assert(
      fc.property(token, form, publicUrl, query, fc.boolean(), (secret, fields, base, asked, isForged) => {
        const target = `/webhooks/sms/twilio/acme${asked ? `?${asked}` : ''}`;
        const encoded = body(fields);
        const signed = twilio.getExpectedTwilioSignature(secret, base + target, parameters(encoded));
        const signature = isForged ? `${signed.slice(0, -2)}A=` : signed;
        const ours = verifyTwilio(
          request({
            target,
            publicUrl: base,
            headers: { 'content-type': FORM, 'x-twilio-signature': signature },
            body: Buffer.from(encoded),
          }),
          secret,
        );
        expect(ours).toBe(twilio.validateRequest(secret, signature, base + target, parameters(encoded)));
        if (!isForged && !/:\d+$/.test(base)) expect(ours).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with the vendor's library over addresses with and without ports and re-encoded queries", () => {
    const forms = fc.constantFrom(
      (url: string) => url,
      (url: string) => url.replace('example.com', 'example.com:443'),
      (url: string) => url.replace('example.com', 'example.com:80'),
      (url: string) => url.replaceAll("'", '%27'),
      (url: string) => url.replaceAll('%20', '+'),
      (url: string) => url.toUpperCase(),
    );
    fc.assert(
      fc.property(publicUrl, query, forms, (base, asked, form) => {
        const target = `/webhooks/sms/twilio/acme?${asked}`;
        const signature = twilio.getExpectedTwilioSignature('token', form(base + target), { From: '+84900000001' });
        const given = request({
          target,
          publicUrl: base,
          headers: { 'content-type': FORM, 'x-twilio-signature': signature },
          body: Buffer.from('From=%2B84900000001'),
        });
        expect(verifyTwilio(given, 'token')).toBe(
          twilio.validateRequest('token', signature, base + target, { From: '+84900000001' }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with the vendor's library over JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), fc.boolean(), (json, isOtherBody, hasHash) => {
        const hash = createHash('sha256')
          .update(isOtherBody ? `${json} ` : json)
          .digest('hex');
        const target = `/webhooks/sms/twilio/acme/json?x=1${hasHash ? `&bodySHA256=${hash}` : ''}`;
        const url = `https://hooks.example.com${target}`;
        const signature = twilio.getExpectedTwilioSignature('token', url, {});
        const headers = { 'content-type': 'application/json', 'x-twilio-signature': signature };
        const ours = verifyTwilio(request({ target, headers, body: Buffer.from(json) }), 'token');
        expect(ours).toBe(twilio.validateRequestWithBody('token', signature, url, json));
        expect(ours).toBe(hasHash && !isOtherBody);
      }),
      { numRuns: 200 },
    );
  });
});

describe('Vonage', () => {
  const SECRET = 'signature-secret';

  describe('sig', () => {
    const parameters = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 10 }).filter((name) => name !== 'sig' && name !== '__proto__'),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      { maxKeys: 8 },
    );
    const sign = (fields: Record<string, string>, method: string) => {
      const names = Object.keys(fields).sort();
      const text = names.map((name) => `&${name}=${fields[name]!.replace(/[&=]/g, '_')}`).join('');
      const made =
        method === 'md5hash' ? createHash('md5').update(text + SECRET) : createHmac(method, SECRET).update(text);
      return made.digest('hex');
    };

    it.each(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const)(
      'by %s is proven in query, form and JSON',
      (method) => {
        fc.assert(
          fc.property(parameters, (fields) => {
            const settings = { signatureSecret: SECRET, signatureMethod: method };
            const signed = { ...fields, sig: sign(fields, method).toUpperCase() };
            const encoded = new URLSearchParams(signed).toString();
            const ways = (values: string, json: string) => [
              request({ method: 'GET', target: `/webhooks/sms/vonage/acme?${values}` }),
              request({ headers: { 'content-type': FORM }, body: Buffer.from(values) }),
              request({ headers: { 'content-type': 'application/json' }, body: Buffer.from(json) }),
            ];
            const good = ways(encoded, JSON.stringify(signed));
            expect(good.map((each) => verifyVonage(each, settings))).toEqual([true, true, true]);
            const more = ways(`${encoded}&zz-more=1`, JSON.stringify({ ...signed, 'zz-more': 1 }));
            expect(more.map((each) => verifyVonage(each, settings))).toEqual([false, false, false]);
            const other = { ...settings, signatureSecret: 'another' };
            expect(good.map((each) => verifyVonage(each, other))).toEqual([false, false, false]);
          }),
          { numRuns: 60 },
        );
      },
    );

    it('is needed where the account has the secret', () => {
      const fields = { 'api-key': 'abcd1234', msisdn: '84900000001' };
      const given = request({ method: 'GET', target: `/webhooks/sms/vonage/acme?${new URLSearchParams(fields)}` });
      expect(verifyVonage(given, { apiKey: 'abcd1234' })).toBe(true);
      expect(verifyVonage(given, { apiKey: 'abcd1235' })).toBe(false);
      expect(verifyVonage(given, { apiKey: 'abcd1234', signatureSecret: SECRET })).toBe(false);
      expect(verifyVonage(given, {})).toBe(false);
    });
  });

  describe('JWT', () => {
    const settings = { signatureSecret: SECRET };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hashOf = (body: string) => createHash('sha256').update(body).digest('hex');
    const tokenOf = (claims: object, { alg = 'HS256', secret = SECRET } = {}) => {
      const signed = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    };
    const post = (body: string, token: string, headers: DoorRequest['headers'] = {}) =>
      request({
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
        body: Buffer.from(body),
      });

    it("agrees with the vendor's library", () => {
      const secrets = fc.constantFrom(SECRET, 'another');
      fc.assert(
        fc.property(fc.json(), secrets, (body, secret) => {
          const token = tokenOf({ iss: 'Vonage', payload_hash: hashOf(body) }, { secret });
          expect(verifyVonage(post(body, token), settings)).toBe(theirs(token));
          expect(theirs(token)).toBe(secret === SECRET);
        }),
        { numRuns: 50 },
      );
    });

    const theirs = (token: string): boolean => {
      try {
        return verifySignature(token, SECRET);
      } catch {
        return false;
      }
    };

    it.each([
      ['over another body', post('{"a":2}', tokenOf({ payload_hash: hashOf('{"a":1}') }))],
      ['without the hash of the body', post('{}', tokenOf({ iss: 'Vonage' }))],
      ['of another algorithm', post('{}', tokenOf({ payload_hash: hashOf('{}') }, { alg: 'none' }))],
      ['of no signature', post('{}', tokenOf({ payload_hash: hashOf('{}') }).replace(/[^.]*$/, ''))],
      ['of four parts', post('{}', `${tokenOf({ payload_hash: hashOf('{}') })}.x`)],
      ['that is none', post('{}', 'abc')],
      [
        'that is no JSON',
        post('{}', `e30.bm9uZQ.${createHmac('sha256', SECRET).update('e30.bm9uZQ').digest('base64url')}`),
      ],
      [
        'whose parameters stand in the query, which it does not cover',
        request({
          method: 'GET',
          target: '/webhooks/sms/vonage/acme?msisdn=1',
          headers: { authorization: `Bearer ${tokenOf({ payload_hash: hashOf('') })}` },
        }),
      ],
    ])('%s proves nothing', (_what, given) => expect(verifyVonage(given, settings)).toBe(false));
  });
});

describe('V-COM', () => {
  const settings = { clientId: 'demo', secureKey: '5fdc57e97198o1' };
  // the example of the vendor's page
  const example = {
    client_id: 'demo',
    request_id: '1297875832',
    phone: '84900000001',
    time: 1740968100,
    checksum: 'vMidSUcBgpAJ/PV7xDO6Zex8hDBpahnnMD+tNeFHWU8=',
  };
  const post = (fields: object) =>
    request({ headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(fields)) });

  it('takes the example of its page', () => expect(verifyVcom(post(example), settings)).toBe(true));

  it.each([
    { client_id: 'demO' },
    { request_id: '1' },
    { phone: '84900000002' },
    { time: 1 },
    { checksum: '' },
    { phone: null },
  ])('refuses it with %j', (part) => expect(verifyVcom(post({ ...example, ...part }), settings)).toBe(false));

  it('refuses what is not JSON', () => {
    const headers = { 'content-type': 'application/json' };
    expect(verifyVcom(request({ headers, body: Buffer.from('{') }), settings)).toBe(false);
  });
});
