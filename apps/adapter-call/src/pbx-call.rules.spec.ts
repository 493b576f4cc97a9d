import { describe, expect, it } from '@jest/globals';
import { callEvents, endsOf, noEvent, readDirection, type Happening } from './pbx-call.rules.js';

const account = { vendor: 'pbx', id: 'acme', ownNumbers: ['+842470000001', '1900000001'] };
const CUSTOMER = '0900000001';

describe('a direction', () => {
  it.each([
    ['inbound', 'inbound'],
    ['Inbound', 'inbound'],
    ['IN', 'inbound'],
    ['outbound', 'outbound'],
    ['Outgoing', 'outbound'],
    ['internal', 'internal'],
    ['local', 'internal'],
    ['', null],
    ['sideways', null],
    [null, null],
  ])('%s is %s', (word, direction) => {
    expect(readDirection(word)).toBe(direction);
  });
});

describe('the ends of a call', () => {
  const ends = (direction: string | null, from: string | null, to: string | null, hotline: string | null = null) =>
    endsOf({ direction, from, to, hotline }, account);

  it.each([
    ['inbound', CUSTOMER, '101', '842470000001', { outside: CUSTOMER, agent: '101', hotline: '+842470000001' }],
    ['outbound', '101', CUSTOMER, '842470000001', { outside: CUSTOMER, agent: '101', hotline: '+842470000001' }],
    ['inbound', CUSTOMER, '1900 000 001', null, { outside: CUSTOMER, agent: null, hotline: '1900000001' }],
    ['inbound', CUSTOMER, '02471234567', '842471234567', { outside: CUSTOMER, agent: null, hotline: '+842471234567' }],
    ['inbound', CUSTOMER, '0911000001', '842470000001', { outside: CUSTOMER, agent: '0911000001' }],
    ['inbound', CUSTOMER, null, null, { outside: CUSTOMER, agent: null, hotline: null }],
    ['internal', '101', '102', null, { outside: null, agent: '102' }],
  ])('%s from %s to %s over %s', (direction, from, to, hotline, expected) => {
    expect(ends(direction, from, to, hotline)).toMatchObject({ direction, ...expected });
  });

  it('without a direction are told by our own number alone', () => {
    expect(ends(null, '02470000001', CUSTOMER)).toMatchObject({ direction: 'outbound', outside: CUSTOMER });
    expect(ends(null, '101', CUSTOMER)).toMatchObject({ direction: 'inbound', outside: '101' });
  });
});

describe('the events of a call', () => {
  const events = (happened: readonly Happening[], part: object = {}) =>
    callEvents(
      {
        callId: 'c-1',
        legId: 'l|1',
        ...{ direction: 'inbound', outside: CUSTOMER, hotline: null, agent: '101', queue: 'q' },
        happened,
        vendorData: { x: 1 },
        ...part,
      },
      account,
    ).events;
  const rings: Happening = { type: 'call.ringing', at: 5 };

  it('have ids of call, type and leg', () => {
    expect(events([rings])[0]).toMatchObject({
      time: 5,
      data: { vendorEventId: 'c-1|call.ringing|l%7C1', queue: 'q' },
    });
    expect(events([{ ...rings, key: ['a', 'b'] }], { legId: null })[0]?.data.vendorEventId).toBe('c-1|a|b');
  });

  it('name a customer, or keep what stands in the customer’s place', () => {
    expect(events([rings])[0]).toMatchObject({ identifier: 'phone::+84900000001', data: { vendorData: { x: 1 } } });
    for (const outside of ['anonymous', '101', '02470000001'])
      expect(events([rings], { outside })[0]).toMatchObject({
        subject: 'c-1',
        data: { vendorData: { x: 1, customerNumber: outside } },
      });
    expect(events([rings], { direction: 'internal', outside: null })[0]?.identifier).toBeUndefined();
  });

  it('say what each family says', () => {
    const happened: Happening[] = [
      { type: 'call.ended', at: null, durationSeconds: 9, talkSeconds: 0, cause: 'busy', endedBy: 'customer' },
      { type: 'call.transcribed', at: null, transcript: 'A lô' },
      { type: 'call.recorded', at: null, url: null, durationSeconds: 4 },
      { type: 'voicemail.left', at: null, url: 'https://pbx.example/v' },
      { type: 'call.keyed', at: null, digits: '5', purpose: 'survey' },
    ];
    expect(events(happened).map(({ data }) => data)).toMatchObject([
      { kind: 'call', durationSeconds: 9, talkSeconds: 0, cause: 'busy', endedBy: 'customer', agent: { id: '101' } },
      { kind: 'call', transcript: 'A lô', talkSeconds: null },
      { kind: 'recording', url: null, durationSeconds: 4 },
      { kind: 'voicemail', url: 'https://pbx.example/v', durationSeconds: null },
      { kind: 'keypress', digits: '5', purpose: 'survey' },
    ]);
  });

  it('are none for a kind that nobody knows, whose name is bounded', () => {
    expect(noEvent('x'.repeat(100))).toEqual({ events: [], unknown: ['x'.repeat(64)], malformed: [] });
  });
});
