import { describe, expect, it } from '@jest/globals';
import { eventsUrl } from './ari-session.client.js';
import { normaliseAri } from './asterisk.normalise.js';
import { readAri } from './asterisk.payload.js';

const account = {
  tenant: 'demo',
  channel: 'call',
  vendor: 'asterisk',
  id: 'pbx-1',
  settings: { url: 'wss://pbx.example.com/ari/', user: 'u', password: 'p', app: 'cskh' },
  ownNumbers: ['+842470000001'],
};
const channel = (id: string, number: string, exten = '842470000001', state = 'Up') => ({
  id,
  state,
  caller: { name: '', number },
  dialplan: { context: 'from-trunk', exten },
});
const caller = channel('a', '0900000001');
const agent = channel('b', '101');

const normalise = (body: object, call: string | null = 'a') =>
  normaliseAri(readAri({ timestamp: '2025-03-03T09:15:00.000+0700', ...body }), account, call);
const eventOf = (body: object, call?: string | null) => normalise(body, call).events[0];

describe('an event of ARI', () => {
  it.each([
    [caller, ['inbound', '842470000001'], 'inbound', '+84900000001'],
    [caller, [], 'inbound', '+84900000001'],
    [channel('a', '101', '0900000001'), [], 'outbound', '+84900000001'],
    [channel('a', '101', '0900000001'), ['outbound'], 'outbound', '+84900000001'],
  ])('begins a call: %j %j', (who, args, direction, number) => {
    expect(eventOf({ type: 'StasisStart', channel: who, args })).toMatchObject({
      type: 'call.ringing',
      identifier: `phone::${number}`,
      data: { direction, legId: null },
    });
  });

  it('of a leg that enters the application begins none', () => {
    expect(normalise({ type: 'StasisStart', channel: agent, args: [] })).toMatchObject({ unknown: ['StasisStart'] });
  });

  it.each([
    ['RINGING', 'call.ringing', null],
    ['ANSWER', 'call.answered', null],
    ['NOANSWER', 'call.ended', 0],
    ['CANCEL', 'call.ended', 0],
  ])('that dials, %s, is %s of the leg', (dialstatus, type, talkSeconds) => {
    const dial = { type: 'Dial', caller, peer: agent, dialstring: 'PJSIP/101@trunk', dialstatus };
    expect(eventOf(dial)).toMatchObject({ type, data: { legId: 'b', agent: { id: '101' }, talkSeconds } });
  });

  it('that only begins to dial is none', () => {
    expect(normalise({ type: 'Dial', caller, peer: agent, dialstatus: '' }).unknown).toEqual(['Dial']);
  });

  it('ends a leg, or the call with the channel that began it', () => {
    const destroyed = { type: 'ChannelDestroyed', cause: 16, cause_txt: 'Normal Clearing' };
    expect(eventOf({ ...destroyed, channel: agent })?.data).toMatchObject({ legId: 'b', talkSeconds: null });
    expect(eventOf({ ...destroyed, channel: caller })?.data).toMatchObject({ legId: null, cause: 'Normal Clearing' });
    const rang = channel('b', '101', '', 'Ringing');
    expect(eventOf({ ...destroyed, channel: rang })?.data).toMatchObject({ talkSeconds: 0 });
  });

  it('hands a call on to the dialled extension, if it worked', () => {
    const blind = { type: 'BridgeBlindTransfer', channel: agent, transferee: caller, exten: '103', result: 'Success' };
    expect(eventOf(blind)).toMatchObject({ type: 'call.transferred', data: { agent: { id: '103' } } });
    expect(normalise({ ...blind, result: 'Fail' }).events).toEqual([]);
  });

  it('has keys of a survey by the dialplan’s context', () => {
    const keys = { type: 'ChannelDtmfReceived', digit: '5', channel: caller };
    expect(eventOf(keys)?.data).toMatchObject({ purpose: 'ivr' });
    const survey = { ...caller, dialplan: { context: 'survey-csat' } };
    expect(eventOf({ ...keys, channel: survey })?.data).toMatchObject({ purpose: 'survey', digits: '5' });
  });

  it('about no call is none', () => {
    expect(normalise({ type: 'DeviceStateChanged' }, null)).toMatchObject({
      events: [],
      unknown: ['DeviceStateChanged'],
    });
  });

  it('has recordings at ARI’s own address', () => {
    const recording = { name: 'cskh/1', state: 'done', target_uri: 'channel:a' };
    expect(eventOf({ type: 'RecordingFinished', recording })?.data).toMatchObject({
      url: 'https://pbx.example.com/ari/recordings/stored/cskh%2F1/file',
    });
  });
});

it.each([
  ['http://pbx:8088/ari', 'ws://pbx:8088/ari/events?app=cskh'],
  ['https://pbx.example.com/ari/', 'wss://pbx.example.com/ari/events?app=cskh'],
  ['wss://pbx.example.com/ari', 'wss://pbx.example.com/ari/events?app=cskh'],
])('the events of %s are at %s', (url, events) => {
  expect(eventsUrl({ url, app: 'cskh' })).toBe(events);
});
