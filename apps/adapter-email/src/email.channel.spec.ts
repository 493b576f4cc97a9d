import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import axios from 'axios';
import {
  channelConformance,
  doorRequest,
  readFixtures,
  targetOf,
  TestDoors,
  type Fixture,
  type TestAccount,
} from '@lienmach/adapter-kit/testing';
import { email } from './email.channel.js';

const RECEIVED = Date.UTC(2025, 2, 3, 13);
const certificate = readFileSync(new URL('../fixtures/ses/certificate.pem', import.meta.url), 'utf8');
/** Addresses that were asked, in order. */
const asked: string[] = [];

/** Amazon, as far as it is asked here. */
jest.spyOn(axios, 'get').mockImplementation((address) => {
  asked.push(address);
  if (address.startsWith('https://sns.eu-west-1.')) return Promise.resolve({ status: 503, data: '' });
  return Promise.resolve({ status: 200, data: address.endsWith('.pem') ? certificate : '<ok/>' });
});

const fixturesOf = (vendor: string) => readFixtures(new URL(`../fixtures/${vendor}/`, import.meta.url));
const fixtures = ['postmark', 'sendgrid', 'mailgun', 'ses', 'smtp', 'imap'].flatMap(fixturesOf);

const mailgunProof = (token: string, timestamp = '1740968100') => ({
  timestamp,
  token,
  signature: createHmac('sha256', 'test-mailgun-signing-key')
    .update(timestamp + token)
    .digest('hex'),
});

/** The body with one of its bytes changed; headers prove nothing here. */
function flipped(body: Buffer): { body: Buffer }[] {
  return [0, body.length >> 1, body.length - 2].map((at) => {
    const changed = Buffer.from(body);
    changed[at]! ^= 1;
    return { body: changed };
  });
}

channelConformance(email, fixtures, {
  now: RECEIVED,
  sign: () => ({}),
  forge: ({ body }, { vendor }) => {
    if (vendor === 'ses') return flipped(body);
    const text = body.toString('latin1');
    // of one token only one body counts, and the signature is of that token
    const forged = [text.replace(/khach/, 'khoch'), text.replace(/([0-9a-f]{63})[0-9a-f](?![0-9a-f])/g, '$1x')];
    return vendor === 'mailgun' ? forged.map((each) => ({ body: Buffer.from(each, 'latin1') })) : undefined;
  },
  unreadable: ({ headers }, { vendor, settings }) => {
    if (vendor === 'ses' || settings['verificationKey']) return null;
    if (vendor !== 'mailgun') return Buffer.from('{"broken":');
    const proof = mailgunProof(`unreadable-${headers['content-type'] ?? ''}`);
    if (headers['content-type'] === 'application/json') return Buffer.from(JSON.stringify({ signature: proof }));
    if (headers['content-type'] === 'application/x-www-form-urlencoded')
      return Buffer.from(new URLSearchParams(proof).toString());
    const fields = Object.entries(proof).map(
      ([name, value]) => `--mgB\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    return Buffer.from(`${fields.join('')}--mgB--\r\n`);
  },
});

const fixtureOf = (vendor: string, name: string): Fixture => {
  const found = fixturesOf(vendor).find((each) => each.name === name);
  if (!found) throw new Error(`no fixture ${vendor}/${name}`);
  return found;
};

/** Posts what a fixture holds, changed by the test. */
function post(fixture: Fixture, { body, account = fixture.account }: { body?: string; account?: TestAccount } = {}) {
  const vendor = email.vendors.find(({ name }) => name === account.vendor)!;
  const door = vendor.doors.find(({ path }) => !fixture.door || path === fixture.door)!;
  const request = doorRequest({
    target: targetOf(door, account),
    headers: { 'content-type': door.contentTypes[0], ...fixture.headers },
    body: Buffer.from(body ?? fixture.raw ?? JSON.stringify(fixture.body)),
  });
  return new TestDoors(email, [account], { now: () => RECEIVED }).handle(door.path, request);
}

it('has the doors that vendors were given', () => {
  expect(email.vendors.flatMap(({ doors }) => doors.map(({ path }) => path))).toEqual([
    '/webhooks/email/postmark/:secret',
    '/webhooks/email/postmark/:secret/events',
    '/webhooks/email/sendgrid/:secret',
    '/webhooks/email/sendgrid/:secret/events',
    '/webhooks/email/mailgun/:account',
    '/webhooks/email/mailgun/:account/mime',
    '/webhooks/email/mailgun/:account/events',
    '/webhooks/email/ses/:account',
  ]);
});

it.each(email.vendors.flatMap(({ doors }) => doors.filter(({ path }) => !path.endsWith('/events'))))(
  '$path takes a mail of 48 MiB',
  ({ maxBodyBytes }) => expect(maxBodyBytes).toBe(48 * 1024 * 1024),
);

describe('sendgrid', () => {
  const parsed = fixtureOf('sendgrid', 'parsed');

  it('refuses a changed or unsigned request where the account has the key', async () => {
    expect((await post(parsed, { body: parsed.raw!.replace('pass', 'fail') })).answer.status).toBe(401);
    expect(
      (await post({ ...parsed, headers: { 'content-type': parsed.headers!['content-type']! } })).answer.status,
    ).toBe(401);
    const noKey = { ...parsed.account, settings: { ...parsed.account.settings, verificationKey: 'A'.repeat(120) } };
    expect((await post(parsed, { account: noKey })).answer.status).toBe(401);
  });
});

describe('mailgun', () => {
  const fixture = fixtureOf('mailgun', 'delivered');
  const event = (token: string, id: string) =>
    JSON.stringify({ 'event-data': { event: 'delivered', id }, signature: mailgunProof(token) });

  it('takes a repeated request again, and another body under a token that was used never', async () => {
    const status = async (body: string) => (await post(fixture, { body })).answer.status;
    expect(await status(event('used-once', 'e-1'))).toBe(200);
    expect(await status(event('used-once', 'e-1'))).toBe(200);
    expect(await status(event('used-once', 'e-2'))).toBe(401);
    expect(await status(event('another', 'e-2'))).toBe(200);
  });
});

describe('ses', () => {
  const received = fixtureOf('ses', 'received');
  const subscription = fixtureOf('ses', 'subscription');
  const change = (fixture: Fixture, fields: object) =>
    JSON.stringify({ ...(JSON.parse(fixture.raw!) as object), ...fields });
  beforeEach(() => void (asked.length = 0));

  it('confirms a subscription at Amazon once it is proven', async () => {
    expect((await post(subscription)).answer.status).toBe(200);
    expect(asked.filter((address) => address.includes('ConfirmSubscription'))).toHaveLength(1);
  });

  it.each([
    ['a forged subscription', { Token: 'forged' }],
    ['an address elsewhere', { SubscribeURL: 'https://evil.example/?Action=ConfirmSubscription' }],
    ['a topic of somebody else', { TopicArn: 'arn:aws:sns:ap-southeast-1:222222222222:ses-inbound' }],
    ['a certificate elsewhere', { SigningCertURL: 'https://sns.evil.example/SimpleNotificationService-0.pem' }],
    [
      'a certificate on a host that looks like Amazon',
      { SigningCertURL: 'https://sns.ap-southeast-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem' },
    ],
    [
      'a certificate that anybody may store at Amazon',
      { SigningCertURL: 'https://s3.ap-southeast-1.amazonaws.com/SimpleNotificationService-0.pem' },
    ],
    ['an unknown signature version', { SignatureVersion: '3' }],
  ])('asks nobody and keeps nothing for %s', async (_what, fields) => {
    const { answer, records } = await post(subscription, { body: change(subscription, fields) });
    expect({ status: answer.status, records, asked }).toEqual({ status: 401, records: [], asked: [] });
  });

  it('refuses a bounce whose Message was changed after signing', async () => {
    const bounce = fixtureOf('ses', 'bounce');
    const body = bounce.raw!.replace('Permanent', 'Transient');
    expect(body).not.toBe(bounce.raw);
    expect((await post(bounce, { body })).answer.status).toBe(401);
  });

  it('asks Amazon to come again while its certificate cannot be fetched', async () => {
    const fields = { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem' };
    const { answer, records } = await post(received, { body: change(received, fields) });
    expect({ status: answer.status, records }).toEqual({ status: 503, records: [] });
  });
});
