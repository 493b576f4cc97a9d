import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { parametersOf, type DoorRequest } from '@lienmach/adapter-kit';
import {
  channelConformance,
  doorRequest,
  readFixtures,
  targetOf,
  TestDoors,
  type Fixture,
  type TestAccount,
} from '@lienmach/adapter-kit/testing';
import { sms } from './sms.channel.js';

const RECEIVED = Date.UTC(2025, 2, 3, 8);
const VENDORS = ['twilio', 'vonage', 'infobip', 'esms', 'speedsms', 'vcom', 'smpp'];
const fixturesOf = (vendor: string) => readFixtures(new URL(`../fixtures/${vendor}/`, import.meta.url));
const fixtures = VENDORS.flatMap(fixturesOf);

/** By Twilio's rule; JSON is proven by the query that its fixture has. */
function twilioProof(request: DoorRequest, token: string): Record<string, string> {
  const isForm = request.headers['content-type']?.includes('urlencoded');
  const form = isForm ? [...parametersOf(request)].sort(([a], [b]) => (a < b ? -1 : 1)).flat() : [];
  const text = request.publicUrl + request.target + form.join('');
  return { 'x-twilio-signature': createHmac('sha1', token).update(text).digest('base64') };
}

function vonageToken({ body }: DoorRequest, secret: string): Record<string, string> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const hash = createHash('sha256').update(body).digest('hex');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'Vonage', payload_hash: hash })}`;
  return { authorization: `Bearer ${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}` };
}

function proof(request: DoorRequest, { vendor, settings }: TestAccount): Record<string, string> {
  const text = (name: string) => String(settings[name]);
  if (vendor === 'twilio') return twilioProof(request, text('authToken'));
  return settings['signatureMethod'] === 'jwt' ? vonageToken(request, text('signatureSecret')) : {};
}

const changed = (body: Buffer, ...[from, to]: [string, string]) => ({
  body: Buffer.from(body.toString().replaceAll(from, to)),
});

/** One of its bytes changed. */
function flipped(body: Buffer): { body: Buffer }[] {
  return [0, body.length >> 1, body.length - 1].map((at) => {
    const other = Buffer.from(body);
    other[at]! ^= 1;
    return { body: other };
  });
}

channelConformance(sms, fixtures, {
  now: RECEIVED,
  sign: proof,
  forge: (request, { vendor, settings }) => {
    const { body, target } = request;
    // neither covers the whole body
    if (vendor === 'vcom') return [changed(body, '"129787583', '"129787584'), changed(body, '"demo"', '"demo2"')];
    if (vendor === 'vonage' && !settings['signatureSecret']) return [changed(body, 'abcd1234', 'abcd1235')];
    if (request.method === 'GET')
      return [`${target}&x=1`, target.replace(/.$/, '~')].map((other) => doorRequest({ ...request, target: other }));
    // the proof stands in the body itself
    return vendor === 'vonage' && settings['signatureMethod'] !== 'jwt' ? flipped(body) : undefined;
  },
  unreadable: ({ headers, target }, { vendor, settings }) => {
    if (target.startsWith('/vonage-parts/')) return Buffer.from('{"broken":');
    if (vendor === 'smpp')
      return headers['content-type'] === 'text/plain' ? Buffer.from('0000001000000015') : Buffer.from('{');
    if (vendor === 'vcom' || (vendor === 'vonage' && settings['signatureMethod'] !== 'jwt')) return null;
    if (vendor !== 'twilio') return Buffer.from('{"broken":');
    // the hash of a JSON body stands in its signed URL
    return headers['content-type'] === 'application/json' ? null : Buffer.from('Body=alo&From=%2B84900000001');
  },
});

it('has the doors that vendors were given', () => {
  const doors = sms.vendors.flatMap(({ doors }) => doors.map(({ path, methods }) => `${methods.join('/')} ${path}`));
  expect(doors).toEqual([
    'GET/POST /webhooks/sms/twilio/:account',
    'GET/POST /webhooks/sms/twilio/:account/status',
    'GET/POST /webhooks/sms/twilio/:account/json',
    'GET/POST /webhooks/sms/vonage/:account',
    'GET/POST /webhooks/sms/vonage/:account/status',
    'POST /webhooks/sms/infobip/:secret',
    'POST /webhooks/sms/infobip/:secret/status',
    'GET/POST /webhooks/sms/esms/:secret',
    'GET/POST /webhooks/sms/esms/:secret/status',
    'POST /webhooks/sms/speedsms/:secret',
    'POST /webhooks/sms/speedsms/:secret/status',
    'POST /webhooks/sms/vcom/:account',
    'POST /webhooks/sms/vcom/:account/status',
  ]);
});

describe('the settings of an account', () => {
  const problemsOf = (vendor: string, settings: object) => {
    const Settings = sms.vendors.find(({ name }) => name === vendor)!.settings;
    return validateSync(plainToInstance(Settings, settings)).flatMap(({ constraints }) =>
      Object.values(constraints ?? {}),
    );
  };

  it.each([
    ['twilio', { authToken: 't', accountSid: 'AC1', messagingServiceSid: 'MG1', optOutWords: ['NGUNG'] }],
    ['vonage', { signatureSecret: 's', signatureMethod: 'sha512', apiKey: 'k', apiSecret: 's' }],
    ['vonage', { apiKey: 'k' }],
    ['infobip', { secret: 's', apiKey: 'k' }],
    ['esms', { secret: 's', apiKey: 'k', secretKey: 's', privateKey: 'p', brandname: 'ACME', smsType: 2 }],
    ['esms', { secret: 's', smsType: '8', autoReply: 'Cảm ơn quý khách' }],
    ['speedsms', { secret: 's', accessToken: 't', sender: 'ACME' }],
    ['vcom', { clientId: 'c', secureKey: 'k' }],
    [
      'smpp',
      {
        host: 'smsc.example',
        port: 2775,
        tls: true,
        systemId: 'i',
        password: 'p',
        systemType: 'cp',
        sourceAddress: '8079',
      },
    ],
  ])('%s takes %j', (vendor, settings) => expect(problemsOf(vendor, settings)).toEqual([]));

  it.each([
    ['twilio', {}, 'authToken must be set'],
    ['vonage', {}, 'signatureSecret must be set'],
    ['vonage', { apiKey: '' }, 'signatureSecret must be set'],
    ['vonage', { signatureSecret: 's', signatureMethod: 'md4' }, 'signatureMethod must be one of'],
    ['infobip', {}, 'secret must be set'],
    ['esms', { secret: '' }, 'secret must be set'],
    ['speedsms', {}, 'secret must be set'],
    ['vcom', { clientId: 'c' }, 'secureKey must be set'],
    ['smpp', { host: 'h', port: 0, systemId: 'i', password: 'p' }, 'port must not be less'],
    ['smpp', { host: 'h', port: 2775, systemId: 'i' }, 'password must be set'],
    ['vcom', { secureKey: 'k' }, 'clientId must be set'],
    ['twilio', { authToken: 't', optOutWords: 'TC' }, 'optOutWords must be a list'],
    ['twilio', { authToken: 't', optInWords: [''] }, 'optInWords must be longer'],
  ])('%s with %j: %s', (vendor, settings, problem) => {
    expect(problemsOf(vendor, settings)).toContainEqual(expect.stringContaining(problem));
  });

  it('know the numbers of the business in one notation', () => {
    const numbers = (vendor: string, id: string, settings: object = {}) =>
      sms.vendors.find(({ name }) => name === vendor)?.ownNumbers?.(settings, id);
    expect(numbers('twilio', '+84 900 000 100')).toEqual(['+84900000100']);
    expect(numbers('vonage', '84900000100')).toEqual(['+84900000100']);
    expect(numbers('infobip', '447911123456')).toEqual(['+447911123456']);
    expect(numbers('esms', '8079', { brandname: '0900000100' })).toEqual(['8079', '+84900000100']);
    expect(numbers('speedsms', 'speedsms-1', { sender: 'ACME' })).toEqual([]);
    expect(numbers('vcom', 'acme')).toEqual([]);
  });
});

const doorOf = (fixture: Fixture) => {
  const vendor = sms.vendors.find(({ name }) => name === fixture.account.vendor)!;
  const doors = [...vendor.doors, ...(vendor.server ? [vendor.server.door] : [])];
  return doors.find(({ path }) => !fixture.door || path === fixture.door)!;
};

function requestOf(fixture: Fixture, body = Buffer.from(fixture.raw ?? JSON.stringify(fixture.body ?? ''))) {
  const door = doorOf(fixture);
  const method = fixture.method ?? 'POST';
  const bare = doorRequest({
    method,
    target: fixture.target ?? targetOf(door, fixture.account),
    headers: { ...(method === 'POST' && { 'content-type': door.contentTypes[0] }), ...fixture.headers },
    body: method === 'GET' ? Buffer.alloc(0) : body,
  });
  return { ...bare, headers: { ...bare.headers, ...proof(bare, fixture.account) } };
}

const fixtureOf = (vendor: string, name: string): Fixture => {
  const found = fixturesOf(vendor).find((each) => each.name === name);
  if (!found) throw new Error(`no fixture ${vendor}/${name}`);
  return found;
};

const handle = (fixture: Fixture, part: Partial<DoorRequest> = {}, account = fixture.account) =>
  new TestDoors(sms, [account], { now: () => RECEIVED }).handle(doorOf(fixture).path, {
    ...requestOf(fixture),
    ...part,
  });

describe('what the vendor is answered', () => {
  it('is an empty TwiML document for a message of Twilio, nothing for a receipt', async () => {
    expect((await handle(fixtureOf('twilio', 'message'))).answer).toMatchObject({
      status: 200,
      contentType: expect.stringMatching(/^text\/xml/),
      body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
    });
    expect((await handle(fixtureOf('twilio', 'status-delivered'))).answer).toEqual({ status: 200 });
  });

  it('is an SMS for a message of eSMS: the account’s own words, written as XML', async () => {
    const fixture = fixtureOf('esms', 'message');
    const account = {
      ...fixture.account,
      settings: { ...fixture.account.settings, autoReply: 'Cảm ơn <3 & chào\u0007' },
    };
    expect((await handle(fixture)).answer.body).toBe(
      '<ClientResponse><Message></Message><Smsid>MO0000000001</Smsid><Receiver>84900000001</Receiver></ClientResponse>',
    );
    expect((await handle(fixture, {}, account)).answer).toMatchObject({
      contentType: expect.stringMatching(/^text\/xml/),
      body: expect.stringContaining('<Message>Cảm ơn &lt;3 &amp; chào</Message>'),
    });
    expect((await handle(fixtureOf('esms', 'receipt-failed'))).answer).toEqual({ status: 200 });
  });

  it('is 200 and JSON for V-COM, for what we do not know too', async () => {
    for (const name of ['message', 'unknown-type'])
      expect((await handle(fixtureOf('vcom', name))).answer).toMatchObject({
        status: 200,
        body: '{"data":{"code":200,"status":"success","message":""}}',
      });
  });
});

describe('a request without its proof', () => {
  it.each([
    ['twilio', 'message', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['twilio', 'get', { headers: {} }],
    ['twilio', 'message', { publicUrl: 'https://elsewhere.example' }],
    ['twilio', 'status-json', { body: Buffer.from('{"MessageSid":"SM1","MessageStatus":"failed"}') }],
    ['vonage', 'messages-api', { headers: { 'content-type': 'application/json' } }],
    ['vonage', 'messages-api', { body: Buffer.from('{"message_uuid":"x"}') }],
  ])('of %s (%s) is refused', async (vendor, name, part) => {
    const { answer, records } = await handle(fixtureOf(vendor, name), part);
    expect({ status: answer.status, records }).toEqual({ status: 401, records: [] });
  });

  it('of eSMS is refused where the account has the key, and taken where it has none', async () => {
    const fixture = fixtureOf('esms', 'message');
    const forged = doorRequest({ method: 'GET', target: fixture.target!.replace('doi+tra', 'huy+don') });
    expect((await handle(fixture, forged)).answer.status).toBe(401);
    const open = { ...fixture.account, settings: { secret: fixture.account.settings['secret'] } };
    expect((await handle(fixture, forged, open)).answer.status).toBe(200);
  });

  it('leaves no secret of the path in what is kept', async () => {
    const { raw } = await handle(fixtureOf('esms', 'message'));
    expect(raw[0]?.headers?.['http_target']).toMatch(/^\/webhooks\/sms\/esms\/:secret\?sender=/);
  });
});
