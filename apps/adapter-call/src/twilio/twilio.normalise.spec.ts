import { describe, expect, it } from '@jest/globals';
import { doorRequest } from '@lienmach/adapter-kit/testing';
import { normaliseTwilio } from './twilio.normalise.js';
import { readTwilio } from './twilio.payload.js';

const account = {
  tenant: 'demo',
  channel: 'call',
  vendor: 'twilio',
  id: '+84900000100',
  settings: { authToken: 't', routeTo: ['agent_101', 'agent_102'] },
  ownNumbers: ['+84900000100'],
};
const CUSTOMER = '+84900000001';
const HOTLINE = '+84900000100';
const root = { CallSid: 'CA1', Direction: 'inbound', From: CUSTOMER, To: HOTLINE };
const child = {
  CallSid: 'CA2',
  ParentCallSid: 'CA1',
  Direction: 'outbound-dial',
  From: CUSTOMER,
  To: 'client:agent_101',
};
const called = { ...child, From: HOTLINE, To: CUSTOMER };

function normalise(form: Record<string, string>, place = '', headers: Record<string, string> = {}) {
  const request = doorRequest({
    target: `/webhooks/call/twilio/%2B84900000100${place}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: Buffer.from(new URLSearchParams(form).toString()),
  });
  return normaliseTwilio(readTwilio(request), account, request);
}

function eventOf(...args: Parameters<typeof normalise>) {
  const { events, unknown } = normalise(...args);
  expect(unknown).toEqual([]);
  return events[0]!;
}

describe('the direction of a whole call', () => {
  it.each([
    ['a caller', { ...root, CallStatus: 'ringing' }, 'inbound', null, HOTLINE],
    ['an agent in the app', { ...child, CallStatus: 'ringing' }, 'inbound', 'agent_101', null],
    ['an agent’s SIP phone', { ...child, To: 'sip:102@acme.example', CallStatus: 'ringing' }, 'inbound', '102', null],
    ['an agent’s mobile', { ...child, To: '+84911000001', CallStatus: 'ringing' }, 'inbound', '+84911000001', null],
    ['a customer whom an agent called', { ...called, CallStatus: 'ringing' }, 'outbound', null, HOTLINE],
    [
      'an agent who calls',
      { ...root, From: 'client:agent_101', To: CUSTOMER, CallStatus: 'ringing' },
      'outbound',
      'agent_101',
      null,
    ],
    [
      'a customer whom the API called',
      { ...root, Direction: 'outbound-api', From: HOTLINE, To: CUSTOMER, CallStatus: 'ringing' },
      'outbound',
      null,
      HOTLINE,
    ],
  ])('is read of the leg of %s', (_, form, direction, agent, hotline) => {
    expect(eventOf(form)).toMatchObject({
      type: 'call.ringing',
      identifier: `phone::${CUSTOMER}`,
      data: { thread: 'CA1', direction, hotline, agent: agent === null ? null : { id: agent } },
    });
  });

  it('between two agents names no customer', () => {
    const event = eventOf({ ...child, From: 'client:agent_102', CallStatus: 'ringing' });
    expect(event).toMatchObject({ subject: 'CA1', data: { direction: 'internal' } });
  });
});

describe('an answer', () => {
  it('is that of a leg which was dialled', () => {
    expect(eventOf({ ...child, CallStatus: 'in-progress' }).type).toBe('call.answered');
    expect(eventOf({ ...called, CallStatus: 'in-progress' })).toMatchObject({
      type: 'call.answered',
      data: { legId: 'CA2' },
    });
    expect(
      eventOf({ ...root, Direction: 'outbound-api', From: HOTLINE, To: CUSTOMER, CallStatus: 'in-progress' }).type,
    ).toBe('call.answered');
  });

  it.each([
    ['caller', { ...root }],
    ['agent who calls', { ...root, From: 'client:agent_101', To: CUSTOMER }],
    ['agent whom the API called', { ...root, Direction: 'outbound-api', From: HOTLINE, To: 'client:agent_101' }],
  ])('of our TwiML to a %s is none, and its seconds are no talk', (_, form) => {
    expect(normalise({ ...form, CallStatus: 'in-progress' })).toMatchObject({
      events: [],
      unknown: ['first leg in progress'],
    });
    const ended = eventOf({ ...form, CallStatus: 'completed', CallDuration: '40' });
    expect(ended.data).toMatchObject({ legId: null, durationSeconds: 40, talkSeconds: null });
  });
});

describe('a dial that nobody answered', () => {
  const dialled = { ...root, CallStatus: 'in-progress', DialCallSid: 'CA2', DialCallStatus: 'no-answer' };

  it('is the end of a leg while somebody is left to be rung', () => {
    expect(eventOf(dialled, '/dial-complete?rung=1')).toMatchObject({
      type: 'call.ended',
      data: { vendorEventId: 'CA1|call.ended|CA2', legId: 'CA2', talkSeconds: 0, cause: 'no-answer' },
    });
  });

  it.each([
    ['nobody is left', 'no-answer', '/dial-complete?rung=2'],
    ['the routing is not ours', 'busy', '/dial-complete'],
    ['the caller has given up', 'canceled', '/dial-complete?rung=1'],
  ])('is a missed call when %s', (_, DialCallStatus, place) => {
    expect(eventOf({ ...dialled, DialCallStatus }, place)).toMatchObject({
      type: 'call.missed',
      data: { legId: null },
    });
  });

  it('is no missed call of a customer whom we called', () => {
    const form = { ...dialled, From: 'client:agent_101', To: CUSTOMER };
    expect(eventOf(form, '/dial-complete').type).toBe('call.ended');
  });

  it('has ended like its leg', () => {
    const dial = eventOf({ ...dialled, DialCallStatus: 'completed', DialCallDuration: '92' }, '/dial-complete?rung=1');
    const leg = eventOf({ ...child, CallStatus: 'completed', CallDuration: '92' });
    expect(dial.data).toMatchObject({ vendorEventId: leg.data.vendorEventId, talkSeconds: 92 });
  });
});

describe('recordings and keys', () => {
  const recording = {
    CallSid: 'CA1',
    RecordingSid: 'RE1',
    RecordingUrl: 'https://api.twilio.com/r',
    RecordingDuration: '5',
  };

  it('tell a voicemail by its verb, once', () => {
    const told = eventOf({ ...recording, RecordingStatus: 'completed', RecordingSource: 'RecordVerb' }, '/recording');
    const asked = eventOf({ ...root, ...recording, CallStatus: 'completed', Digits: '#' }, '/voicemail');
    expect([told.type, asked.type]).toEqual(['voicemail.left', 'voicemail.left']);
    expect(told.data.vendorEventId).toBe(asked.data.vendorEventId);
  });

  it('make no event before the recording is there', () => {
    expect(normalise({ ...recording, RecordingStatus: 'in-progress' })).toMatchObject({
      unknown: ['recording in-progress'],
    });
  });

  it('belong to a survey by the address, not by the key', () => {
    const keys = { ...root, CallStatus: 'in-progress', Digits: '5' };
    const purposes = ['/gather', '/survey', '/gather?purpose=survey:csat'].map((place) => eventOf(keys, place).data);
    expect(purposes).toMatchObject([{ purpose: 'ivr' }, { purpose: 'survey' }, { purpose: 'survey' }]);
  });

  it('pressed again at the same menu are another event, sent again the same', () => {
    const keys = { ...root, CallStatus: 'in-progress', Digits: '5' };
    const id = (token: string) => eventOf(keys, '/gather', { 'i-twilio-idempotency-token': token }).data.vendorEventId;
    expect(id('a')).toBe(id('a'));
    expect(id('b')).not.toBe(id('a'));
  });

  it('that were not pressed are none', () => {
    expect(normalise({ ...root, CallStatus: 'in-progress', Digits: '' }).unknown).toEqual(['gather timed out']);
  });
});
