import { describe, expect, it } from '@jest/globals';
import { doorRequest } from '@lienmach/adapter-kit/testing';
import type { FreeswitchSettings } from './freeswitch.config.js';
import { normaliseFreeswitch } from './freeswitch.normalise.js';
import { readFreeswitch } from './freeswitch.payload.js';
import { verifyFreeswitch } from './freeswitch.signature.js';

const account = {
  tenant: 'demo',
  channel: 'call',
  vendor: 'freeswitch',
  id: 'fs-1',
  settings: { secret: 's' } as FreeswitchSettings,
  ownNumbers: ['+842470000001'],
};

const cdr = (variables: object, profile: object = {}) => ({
  variables: {
    uuid: 'a',
    call_uuid: 'a',
    start_epoch: '1740968100',
    answer_epoch: '1740968102',
    end_epoch: '1740968200',
    duration: '100',
    billsec: '98',
    bridge_uuid: 'b',
    ...variables,
  },
  callflow: [{ caller_profile: { caller_id_number: '0900000001', destination_number: '842470000001', ...profile } }],
});

const posted = (body: string, type = 'application/json', headers: Record<string, string> = {}) =>
  doorRequest({ target: '/', headers: { 'content-type': type, ...headers }, body: Buffer.from(body) });
const read = (...args: Parameters<typeof cdr>) => readFreeswitch(posted(JSON.stringify(cdr(...args))));
const events = (...args: Parameters<typeof cdr>) => normaliseFreeswitch(read(...args), account).events;

describe('the talk of a caller', () => {
  it('begins when somebody is bridged to the caller, not when a queue answers', () => {
    const [, answered, ended] = events({ cc_queue_answered_epoch: '1740968150' });
    expect(answered).toMatchObject({ type: 'call.answered', time: 1740968150000 });
    expect(ended?.data).toMatchObject({ durationSeconds: 100, talkSeconds: 50 });
  });

  it('is none of a caller whom nobody was bridged to', () => {
    const told = events({ bridge_uuid: '', record_file_name: '/rec/1.wav' });
    expect(told.map(({ type }) => type)).toEqual(['call.ringing', 'call.ended']);
    expect(told[1]?.data).toMatchObject({ talkSeconds: 0, legId: null });
  });

  it('is that of the leg where it is a leg', () => {
    const [, answered, ended] = events({ uuid: 'b', bridge_uuid: '' }, { destination_number: '101' });
    expect(answered?.data).toMatchObject({ thread: 'a', legId: 'b', agent: { id: '101' } });
    expect(ended?.data).toMatchObject({ durationSeconds: null, talkSeconds: 98, endedBy: null });
  });
});

describe('the direction', () => {
  it.each([
    ['0900000001', '842470000001', 'inbound'],
    ['101', '0900000001', 'outbound'],
    ['842470000001', '0900000001', 'outbound'],
    ['0900000001', '101', 'inbound'],
    ['101', '842470000001', 'inbound'],
  ])('of a call from %s to %s is %s', (caller_id_number, destination_number, direction) => {
    expect(events({}, { caller_id_number, destination_number })[0]?.data.direction).toBe(direction);
  });
});

describe('what mod_json_cdr posts', () => {
  it('is URL-encoded or not, in its values', () => {
    const fields = { record_file_name: '%2Frec%2F100%25.wav', hangup_cause: '100% sure' };
    expect(read(fields)).toMatchObject({ recordingFile: '/rec/100%.wav', cause: '100% sure' });
  });

  it.each([
    ['{}', 'application/json', 'variables must be an object'],
    ['{"variables":{}}', 'application/json', 'uuid is missing'],
    ['x=1', 'application/x-www-form-urlencoded', 'cdr is missing'],
    ['cdr=[]', 'application/x-www-form-plaintext', 'not JSON'],
    ['cdr=W10=', 'application/x-www-form-base64-encoded', 'cdr must be one JSON object'],
  ])('%s as %s: %s', (body, type, problem) => {
    expect(() => readFreeswitch(posted(body, type))).toThrow(problem);
  });
});

it('proves itself by name and password where the account has them', () => {
  const guarded = { secret: 's', user: 'cdr', password: 'test' };
  const basic = (text: string) =>
    posted('{}', 'application/json', { authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  expect(verifyFreeswitch(basic('cdr:test'), guarded)).toBe(true);
  expect(verifyFreeswitch(basic('cdr:other'), guarded)).toBe(false);
  expect(verifyFreeswitch(posted('{}'), guarded)).toBe(false);
  expect(verifyFreeswitch(posted('{}'), { secret: 's' })).toBe(true);
});
