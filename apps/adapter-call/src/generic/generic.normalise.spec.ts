import { describe, expect, it } from '@jest/globals';
import type { ChannelAccount } from '@lienmach/adapter-kit';
import type { GenericCallSettings } from './generic.config.js';
import { normaliseGeneric } from './generic.normalise.js';
import { readGeneric } from './generic.payload.js';

const account: ChannelAccount<GenericCallSettings> = {
  tenant: 'demo',
  channel: 'call',
  vendor: 'generic',
  id: 'pbx-1',
  settings: { secret: 's', hotlines: ['1900000001'] },
  ownNumbers: ['1900000001'],
};

const phone = { type: 'phone', scope: null, value: '+84900000123' };
const customer = { kind: 'customer', identifiers: [phone], name: null };
const agent = { kind: 'agent', identifiers: [], name: 'Lan', id: 'ext-101' };
const system = { kind: 'system', identifiers: [], name: null };

function normalise(body: object) {
  const payload = readGeneric(body);
  if ('problems' in payload) throw new Error(payload.problems.join());
  return normaliseGeneric(payload, account);
}

function eventOf(body: object) {
  const [event, ...more] = normalise(body).events;
  expect(more).toEqual([]);
  if (!event) throw new Error('no event');
  return event;
}

const idOf = (body: object) => eventOf(body).data.vendorEventId;

const full = {
  eventId: 'e-1',
  callId: 'c-77',
  legId: null,
  event: 'ringing',
  at: '2026-11-20T09:20:00+07:00',
  direction: 'inbound',
  customerNumber: '0900 000 123',
  hotline: '1900000001',
  agent: { id: 'ext-101', name: 'Lan' },
};

describe('an event of the call door', () => {
  it('is placed by its call, its customer and its own time', () => {
    expect(eventOf({ ...full, trunk: 'viettel' })).toEqual({
      account: 'pbx-1',
      type: 'call.ringing',
      time: Date.parse('2026-11-20T02:20:00Z'),
      subject: '+84900000123',
      identifier: 'phone::+84900000123',
      data: {
        kind: 'call',
        vendor: 'generic',
        vendorEventId: 'e-1',
        thread: 'c-77',
        direction: 'inbound',
        author: customer,
        participants: [agent],
        callId: 'c-77',
        legId: null,
        hotline: '1900000001',
        agent: { id: 'ext-101', name: 'Lan' },
        queue: null,
        durationSeconds: null,
        talkSeconds: null,
        cause: null,
        endedBy: null,
        vendorData: { trunk: 'viettel' },
      },
    });
  });

  it.each([
    ['ringing', 'inbound', customer, [agent]],
    ['ringing', 'outbound', agent, [customer]],
    ['queued', 'inbound', customer, [agent]],
    ['answered', 'inbound', agent, [customer]],
    ['answered', 'outbound', agent, [customer]],
    ['held', 'inbound', agent, [customer]],
    ['unheld', 'inbound', agent, [customer]],
    ['transferred', 'inbound', agent, [customer]],
    ['missed', 'inbound', customer, [agent]],
    ['ended', 'inbound', system, [customer, agent]],
    ['recording', 'inbound', system, [customer, agent]],
    ['voicemail', 'inbound', customer, [agent]],
    ['keyed', 'outbound', customer, [agent]],
  ])('%s %s is written by the right side', (event, direction, author, participants) => {
    const { data } = eventOf({ ...full, event, direction, digits: event === 'keyed' ? '1' : null });
    expect({ author: data.author, participants: data.participants }).toEqual({ author, participants });
  });

  it.each([
    ['customer', customer],
    ['agent', agent],
    ['system', system],
  ])('ended by the %s', (endedBy, author) => {
    const { data } = eventOf({ ...full, event: 'ended', endedBy, durationSeconds: 107, talkSeconds: '95', cause: 16 });
    expect(data).toMatchObject({ author, endedBy, durationSeconds: 107, talkSeconds: 95, cause: '16' });
  });

  it.each([
    [
      'recording',
      { recordingUrl: 'https://pbx.example/1.mp3', durationSeconds: 95 },
      { kind: 'recording', url: 'https://pbx.example/1.mp3', durationSeconds: 95 },
    ],
    ['voicemail', {}, { kind: 'voicemail', url: null, durationSeconds: null }],
    ['keyed', { digits: 5, purpose: 'survey' }, { kind: 'keypress', digits: '5', purpose: 'survey' }],
    ['keyed', { digits: '1' }, { kind: 'keypress', digits: '1', purpose: 'ivr' }],
  ])('%s %j says what belongs to it', (event, fields, data) => {
    expect(eventOf({ callId: 'c', event, ...fields }).data).toMatchObject(data);
  });

  it.each([
    ['missed', 'inbound'],
    ['voicemail', 'inbound'],
    ['keyed', 'inbound'],
    ['recording', 'internal'],
  ])('%s without a direction is %s', (event, direction) => {
    expect(eventOf({ callId: 'c', event, digits: event === 'keyed' ? '1' : null }).data.direction).toBe(direction);
  });

  it.each(['anonymous', 'unknown', '', '101', '1900000001', '19001234', '0900'])(
    'keeps the call of %j without an identifier',
    (customerNumber) => {
      const event = eventOf({ ...full, customerNumber });
      expect(event).not.toHaveProperty('identifier');
      expect(event.subject).toBe('c-77');
      expect(event.data.author).toEqual({ kind: 'customer', identifiers: [], name: null });
      expect(event.data.vendorData).toEqual(customerNumber === '' ? {} : { customerNumber });
    },
  );

  it('without a time leaves it to the receipt', () => {
    expect(eventOf({ ...full, at: null }).time).toBeNull();
  });

  it('of an unknown kind makes no event and is named', () => {
    expect(normalise({ callId: 'c-77', event: 'wrapped-up' })).toEqual({
      events: [],
      unknown: ['wrapped-up'],
      malformed: [],
    });
    expect(normalise({ callId: 'c-77', event: 'constructor' }).unknown).toEqual(['constructor']);
  });
});

describe('the id of an event', () => {
  const anonymous = { ...full, eventId: null };

  it('is the eventId where there is one', () => {
    expect(idOf({ ...full, eventId: 9007199254740 })).toBe('9007199254740');
  });

  it.each(['ringing', 'answered', 'ended', 'missed'])('%s: repeats collapse, whatever time they name', (event) => {
    const first = idOf({ ...anonymous, event });
    expect(idOf({ ...anonymous, event, at: '2026-11-20T09:20:05+07:00' })).toBe(first);
  });

  it.each(['queued', 'held', 'unheld', 'transferred', 'recording', 'voicemail', 'keyed'])(
    '%s: repeats collapse, a second one does not',
    (event) => {
      const body = { ...anonymous, event, digits: event === 'keyed' ? '1' : null };
      expect(idOf({ ...body, at: '2026-11-20 09:20:00' })).toBe(idOf(body));
      expect(idOf({ ...body, at: '2026-11-20 09:20:07' })).not.toBe(idOf(body));
    },
  );

  it('tells events, legs, agents and calls apart', () => {
    const bodies = [
      anonymous,
      { ...anonymous, event: 'answered' },
      { ...anonymous, legId: 'leg-2' },
      { ...anonymous, agent: { id: 'ext-102' } },
      { ...anonymous, callId: 'c-78' },
      { ...anonymous, callId: 'c-77|ringing' },
      { ...anonymous, event: 'keyed', digits: '1' },
      { ...anonymous, event: 'keyed', digits: '2' },
    ];
    expect(new Set(bodies.map(idOf)).size).toBe(bodies.length);
  });
});
