import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { DoorRequest } from '@lienmach/adapter-kit';
import {
  channelConformance,
  doorRequest,
  readFixtures,
  targetOf,
  TestDoors,
  type Fixture,
  type TestAccount,
} from '@lienmach/adapter-kit/testing';
import { parametersOf } from './request-fields.js';
import { sms } from './sms.channel.js';

const RECEIVED = Date.UTC(2025, 2, 3, 8);
const VENDORS = ['twilio', 'vonage', 'infobip', 'esms', 'speedsms', 'vcom'];
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

channelConformance(sms, fixtures, {
  now: RECEIVED,
  sign: proof,
  forge: ({ body, target }, { vendor, settings }) => {
    // neither covers the whole body
    if (vendor === 'vcom') return [changed(body, '84900000001', '84900000002'), changed(body, '"demo"', '"demo2"')];
    if (vendor === 'vonage' && !settings['signatureSecret']) return [changed(body, 'abcd1234', 'abcd1235')];
    if (body.length > 0) return undefined;
    return [{ target: `${target}&x=1` }, { target: target.replace(/.$/, '~') }];
  },
  unreadable: ({ headers }, { vendor, settings }) => {
    if (vendor === 'vcom' || (vendor === 'vonage' && settings['signatureMethod'] !== 'jwt')) return null;
    if (vendor !== 'twilio') return Buffer.from('{"broken":');
    // the hash of a JSON body stands in its signed URL
    return headers['content-type'] === 'application/json' ? null : Buffer.from('Body=alo&From=%2B84900000001');
  },
});
