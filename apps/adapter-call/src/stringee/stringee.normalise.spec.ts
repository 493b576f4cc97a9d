import { describe, expect, it } from '@jest/globals';
import type { ChannelAccount } from '@lienmach/adapter-kit';
import type { StringeeSettings } from './stringee.config.js';
import { normaliseStringee } from './stringee.normalise.js';
import { readStringee } from './stringee.payload.js';

const account: ChannelAccount<StringeeSettings> = {
  tenant: 'demo',
  channel: 'call',
  vendor: 'stringee',
  id: '+842470000001',
  settings: { signingSecret: 's' },
  ownNumbers: ['+842470000001'],
};
/** An account that names no number of its own. */
const nameless = { ...account, id: 'acme', ownNumbers: [] };

const external = (number: string, alias = number) => ({ number, alias, is_online: false, type: 'external' });
const internal = (number: string, alias = number) => ({ number, alias, is_online: true, type: 'internal' });

const caller = external('84900000001');
const inbound = {
  call_status: 'ringing',
  project_id: 25,
  type: 'stringee_call',
  call_id: 'call-vn-1-A-1740968100000',
  callCreatedReason: 'EXTERNAL_CALL_IN',
  timestamp_ms: 1740968103200,
  from: caller,
  to: internal('agent_101', '842470000001'),
};
const created = { ...inbound, call_status: 'created', to: external('842470000001') };
const outbound = {
  ...inbound,
  callCreatedReason: 'CLIENT_MAKE_CALL',
  from: internal('agent_101'),
  to: external('84900000001'),
};
const recording = {
  type: 'stringee_call',
  call_id: 'call-vn-1-A-1740968100000',
  recording_url: 'https://api.stringee.com/v1/call/recording/1',
  start_time: 1740968100100,
  end_time: 1740968200500,
};
const keys = {
  time: '1740968110736',
  dtmf: '5',
  call_id: 'call-vn-1-A-1740968100000',
  customField: '',
  timeout: false,
};

const phone = { type: 'phone', scope: null, value: '+84900000001' };
const customer = { kind: 'customer', identifiers: [phone], name: null };
const agent = { kind: 'agent', identifiers: [], name: null, id: 'agent_101' };
const system = { kind: 'system', identifiers: [], name: null };

const normalise = (body: object, query = '', of = account) =>
  normaliseStringee(readStringee(body), of, new URLSearchParams(query));

function eventOf(body: object, query = '', of = account) {
  const [event, ...more] = normalise(body, query, of).events;
  expect(more).toEqual([]);
  if (!event) throw new Error('no event');
  return event;
}

const idOf = (body: object) => eventOf(body).data.vendorEventId;

describe('an event of Stringee', () => {
  it('rings for the customer at an agent', () => {
    expect(eventOf(inbound)).toEqual({
      account: '+842470000001',
      type: 'call.ringing',
      time: 1740968103200,
      subject: '+84900000001',
      identifier: 'phone::+84900000001',
      data: {
        kind: 'call',
        vendor: 'stringee',
        vendorEventId: 'call-vn-1-A-1740968100000|ringing|agent_101',
        thread: 'call-vn-1-A-1740968100000',
        direction: 'inbound',
        author: customer,
        participants: [agent],
        callId: 'call-vn-1-A-1740968100000',
        legId: 'agent_101',
        hotline: '+842470000001',
        agent: { id: 'agent_101', name: null },
        queue: null,
        durationSeconds: null,
        talkSeconds: null,
        cause: null,
        endedBy: null,
        vendorData: {
          project_id: 25,
          type: 'stringee_call',
          callStatus: 'ringing',
          callCreatedReason: 'EXTERNAL_CALL_IN',
        },
      },
    });
  });

  it.each([
    ['an incoming call begins', created, 'call.ringing', 'inbound', customer, []],
    ['an incoming call starts', { ...created, call_status: 'started' }, 'call.ringing', 'inbound', customer, []],
    ['an agent answers', { ...inbound, call_status: 'answered' }, 'call.answered', 'inbound', agent, [customer]],
    ['an agent calls', { ...outbound, call_status: 'created' }, 'call.ringing', 'outbound', agent, [customer]],
    ['the customer is rung', outbound, 'call.ringing', 'outbound', agent, [customer]],
    ['the customer answers', { ...outbound, call_status: 'answered' }, 'call.answered', 'outbound', agent, [customer]],
    [
      'the customer hangs up',
      { ...inbound, call_status: 'ended', endedBy: 'EXTERNAL' },
      'call.ended',
      'inbound',
      customer,
      [agent],
    ],
    [
      'the agent hangs up',
      { ...outbound, call_status: 'ended', endedBy: 'INTERNAL' },
      'call.ended',
      'outbound',
      agent,
      [customer],
    ],
    ['somebody hangs up', { ...inbound, call_status: 'ended' }, 'call.ended', 'inbound', system, [customer, agent]],
    [
      'the server hangs up',
      { ...inbound, call_status: 'ended', endedBy: 'SERVER' },
      'call.ended',
      'inbound',
      system,
      [customer, agent],
    ],
  ])('%s', (_, body, type, direction, author, participants) => {
    const event = eventOf(body);
    expect(event).toMatchObject({ type, identifier: 'phone::+84900000001', data: { direction } });
    expect({ author: event.data.author, participants: event.data.participants }).toEqual({ author, participants });
  });

  it('an agent who is rung first has not reached the customer yet', () => {
    const reason = { callCreatedReason: 'SERVER_CALL_OUT_BY_MAKE_CALL_TO_APP_BEFORE', call_status: 'answered' };
    const agentsLeg = { ...outbound, ...reason, from: external('842470000001'), to: internal('agent_101') };
    const customersLeg = { ...outbound, ...reason };
    expect([agentsLeg, customersLeg].map((body) => eventOf(body).type)).toEqual(['call.ringing', 'call.answered']);
    expect(idOf(agentsLeg)).not.toBe(idOf(customersLeg));
  });

  it('ends the whole call, not a leg of it', () => {
    expect(eventOf({ ...inbound, call_status: 'ended' }).data).toMatchObject({
      legId: null,
      agent: { id: 'agent_101' },
    });
  });

  it('says how a call ended, and that nobody talked', () => {
    const body = {
      ...outbound,
      call_status: 'ended',
      endCallCause: '486 Busy Here',
      endedBy: 'EXTERNAL',
      duration: 9,
      answerDuration: 0,
    };
    expect(eventOf(body).data).toMatchObject({
      cause: '486 Busy Here',
      endedBy: 'customer',
      durationSeconds: 9,
      talkSeconds: 0,
    });
  });

  it.each([
    ['agentEnded', 'while others ring on'],
    ['connect_failed', 'while the call goes on'],
    ['on_hold', 'which nobody documented'],
    ['constructor', 'which is a word of the language'],
  ])('%s %s is no event of the call', (call_status) => {
    expect(normalise({ ...inbound, call_status })).toEqual({ events: [], unknown: [call_status], malformed: [] });
  });

  it('about no call is counted', () => {
    expect(normalise({ room_id: 'r-1' }).unknown).toEqual(['without call']);
    expect(normalise({ call_id: 'c-1' }).unknown).toEqual(['without status']);
  });
});

describe('direction and sides', () => {
  it.each([
    ['an app calls an app', { ...outbound, to: internal('agent_102') }, 'internal', undefined, 'agent_102', null],
    [
      'no reason, from outside',
      { ...inbound, callCreatedReason: undefined },
      'inbound',
      '+84900000001',
      'agent_101',
      '+842470000001',
    ],
    [
      'no reason, from our hotline',
      { ...outbound, callCreatedReason: undefined, from: external('842470000001') },
      'outbound',
      '+84900000001',
      undefined,
      '+842470000001',
    ],
    [
      'the server rings the agent first',
      {
        ...outbound,
        callCreatedReason: 'SERVER_CALL_OUT_BY_MAKE_CALL_TO_APP_BEFORE',
        from: external('842470000001'),
        to: internal('agent_101'),
      },
      'outbound',
      undefined,
      'agent_101',
      '+842470000001',
    ],
    [
      'put through to a telephone',
      { ...inbound, to: external('84911000001', '842470000001') },
      'inbound',
      '+84900000001',
      '84911000001',
      '+842470000001',
    ],
    [
      'a withheld caller',
      { ...inbound, from: external('anonymous') },
      'inbound',
      undefined,
      'agent_101',
      '+842470000001',
    ],
    ['without ends', { ...inbound, from: undefined, to: undefined }, 'inbound', undefined, undefined, null],
  ])('%s', (_, body, direction, value, agentId, hotline) => {
    const { subject, data } = eventOf(body);
    expect(data).toMatchObject({ direction, hotline });
    expect(subject).toBe(value ?? 'call-vn-1-A-1740968100000');
    expect(data).toHaveProperty('agent', agentId === undefined ? null : { id: agentId, name: null });
  });

  it('are found without any number of our own', () => {
    expect(eventOf(created, '', nameless).data).toMatchObject({
      author: customer,
      agent: null,
      hotline: '+842470000001',
    });
    expect(eventOf(inbound, '', nameless).data).toMatchObject({ agent: { id: 'agent_101' }, hotline: '+842470000001' });
    expect(eventOf(outbound, '', nameless).data).toMatchObject({ participants: [customer], hotline: null });
  });

  it('a caller whose number does not exist keeps the call', () => {
    const event = eventOf({ ...inbound, from: external('anonymous') });
    expect(event).not.toHaveProperty('identifier');
    expect(event.data.author).toEqual({ kind: 'customer', identifiers: [], name: null });
    expect(event.data.vendorData).toMatchObject({ customerNumber: 'anonymous' });
  });
});

describe('recordings and voicemails', () => {
  it('a recording knows its length and never the token', () => {
    const event = eventOf({ ...recording, recording_url: `${recording.recording_url}?access_token=secret&x=1` });
    expect(event).toMatchObject({ type: 'call.recorded', time: 1740968200500, subject: 'call-vn-1-A-1740968100000' });
    expect(event.data).toMatchObject({
      kind: 'recording',
      url: 'https://api.stringee.com/v1/call/recording/1?x=1',
      durationSeconds: 100.4,
      author: system,
      direction: 'internal',
      thread: 'call-vn-1-A-1740968100000',
    });
  });

  it('the recording that our voicemail asked for is the customer speaking', () => {
    expect(eventOf(recording, 'record=voicemail')).toMatchObject({
      type: 'voicemail.left',
      data: { kind: 'voicemail', author: { kind: 'customer' }, direction: 'inbound' },
    });
  });
});

describe('pressed keys', () => {
  it.each([
    ['survey:csat', '', 'survey'],
    ['', 'purpose=survey', 'survey'],
    ['menu', '', 'ivr'],
    ['', '', 'ivr'],
  ])('customField %j and query %j are for %3$s', (customField, query, purpose) => {
    expect(eventOf({ ...keys, customField }, query)).toMatchObject({
      type: 'call.keyed',
      time: 1740968110736,
      data: { kind: 'keypress', digits: '5', purpose, author: { kind: 'customer', identifiers: [] } },
    });
  });

  it('nothing pressed is no event', () => {
    expect(normalise({ ...keys, dtmf: '', timeout: true }).unknown).toEqual(['input timed out']);
  });
});

describe('the id of an event', () => {
  it.each([
    ['a status', inbound, { ...inbound, timestamp_ms: 1740968109999, clientCustomData: 'again' }],
    ['the end', { ...inbound, call_status: 'ended' }, { ...inbound, call_status: 'ended', duration: 97 }],
    [
      'a recording',
      recording,
      { ...recording, recording_url: 'https://api.stringee.com/v1/call/recording/1?access_token=2' },
    ],
    ['keys', keys, { ...keys, timeout: 'false' }],
  ])('is the same for a repeat of %s', (_, first, again) => {
    expect(idOf(again)).toBe(idOf(first));
  });

  it('tells states, agents of a transfer, recordings and keys apart', () => {
    const bodies = [
      created,
      { ...created, call_status: 'started' },
      inbound,
      { ...inbound, call_status: 'answered' },
      { ...inbound, to: internal('agent_102', '842470000001') },
      { ...inbound, call_status: 'answered', to: internal('agent_102', '842470000001') },
      { ...inbound, call_status: 'answered', to: external('84911000001', '842470000001') },
      { ...inbound, call_status: 'ended' },
      { ...inbound, call_id: 'call-vn-1-B-1740968100000' },
      recording,
      { ...recording, start_time: 1740968150000 },
      keys,
      { ...keys, time: '1740968112000' },
      { ...keys, customField: 'survey:nps' },
    ];
    expect(new Set(bodies.map(idOf)).size).toBe(bodies.length);
  });
});
