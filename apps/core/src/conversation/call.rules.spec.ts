import { describe, expect, it } from '@jest/globals';
import type { ChannelEvent } from '@lienmach/contracts';
import { AGENT, CALLER, MINUTE, NINE, SECOND, call } from './fixtures/events.js';
import { permutations } from './fixtures/permutations.js';
import { foldItem } from './item.rules.js';

const agent = (id: string): { agent: { id: string; name: null }; legId: string } => ({
  agent: { id, name: null },
  legId: id,
});

const ringing = (at = 0, more = {}): ChannelEvent => call('call.ringing', more, { at });
const answered = (at: number, more = {}): ChannelEvent => call('call.answered', more, { at });
const ended = (at: number, more = {}): ChannelEvent => call('call.ended', more, { at });
const missed = (at: number, more = {}): ChannelEvent => call('call.missed', more, { at });
const recorded = (at: number, durationSeconds: number | null): ChannelEvent =>
  call('call.recorded', { url: 'https://x/1.mp3', durationSeconds, direction: 'internal', author: AGENT }, { at });
const voicemail = (at: number): ChannelEvent =>
  call('voicemail.left', { url: 'https://x/v.mp3', durationSeconds: 9 }, { at });

const outbound = { author: { ...AGENT, id: 'ext-7' }, direction: 'outbound' };
const out = (type: 'ringing' | 'answered' | 'ended', at: number, more = {}): ChannelEvent =>
  call(`call.${type}`, { ...outbound, ...more }, { at, identifier: 'phone::+84900000123' });

describe('a call', () => {
  const cases: [string, ChannelEvent[], object, object][] = [
    [
      'rings',
      [ringing()],
      { state: 'ringing', answered: false, ringSeconds: null, talkSeconds: null },
      { waits: false, stopsAt: null, counts: true, customer: true, type: 'call.ringing' },
    ],
    [
      'stands in a queue',
      [ringing(), call('call.queued', { queue: 'CSKH' }, { at: 2000 })],
      { state: 'queued', queue: 'CSKH' },
      { waits: false },
    ],
    [
      'is answered: the clock stops when somebody answers, not when it rings',
      [ringing(), answered(12 * SECOND, agent('ext-101'))],
      { state: 'answered', answered: true, ringSeconds: 12, agent: 'ext-101', endedAt: null },
      { waits: false, stopsAt: NINE + 12 * SECOND, call: { missed: false, answered: true, inbound: true } },
    ],
    [
      'ends after a talk',
      [
        ringing(),
        answered(12 * SECOND, agent('ext-101')),
        ended(107 * SECOND, { endedBy: 'customer', cause: 'normal' }),
        recorded(200 * SECOND, 95),
      ],
      {
        id: 'c1',
        state: 'ended',
        answered: true,
        ringSeconds: 12,
        talkSeconds: 95,
        agent: 'ext-101',
        recordingUrl: 'https://x/1.mp3',
        endedBy: 'customer',
        cause: 'normal',
        hotline: '1900000001',
        direction: 'inbound',
      },
      { kind: 'call', type: 'call.ended', at: NINE, hash: ringing().id, identifier: 'phone::+84900000123' },
    ],
    [
      'believes the vendor about the time talked',
      [ringing(), answered(10 * SECOND), ended(100 * SECOND, { talkSeconds: 60, durationSeconds: 100 })],
      { talkSeconds: 60, ringSeconds: 10 },
      {},
    ],
    [
      'is missed when it ended and nobody answered',
      [ringing(), ended(30 * SECOND)],
      { state: 'missed', answered: false, ringSeconds: 30, talkSeconds: 0, agent: null },
      { waits: true, stopsAt: null, call: { missed: true, answered: false, inbound: true }, type: 'call.missed' },
    ],
    ['is missed when the vendor says so', [ringing(), missed(30 * SECOND)], { state: 'missed' }, { waits: true }],
    [
      'is not missed, whatever the vendor says, when somebody is known to have answered',
      [ringing(), missed(30 * SECOND), answered(20 * SECOND)],
      { state: 'ended', answered: true },
      { waits: false },
    ],
    [
      'rings on while one agent declined',
      [ringing(0), ringing(1000, agent('a')), ended(5000, agent('a'))],
      { state: 'ringing' },
      { waits: false },
    ],
    [
      'is not missed on the leg of whom did not answer',
      [
        ringing(0, agent('a')),
        ringing(0, agent('b')),
        ended(20 * SECOND, agent('a')),
        answered(20 * SECOND, agent('b')),
        ended(80 * SECOND, agent('b')),
      ],
      { state: 'ended', answered: true, agent: 'b', talkSeconds: 60 },
      { waits: false },
    ],
    [
      'is missed when every leg ended and none was answered',
      [ringing(0, agent('a')), ringing(0, agent('b')), ended(20 * SECOND, agent('a')), ended(25 * SECOND, agent('b'))],
      { state: 'missed', ringSeconds: 25 },
      { waits: true },
    ],
    [
      'goes on while one leg has not ended',
      [ringing(0, agent('a')), answered(5000, agent('a')), ringing(9000, agent('b')), ended(9500, agent('a'))],
      { state: 'answered' },
      {},
    ],
    [
      'transferred twice shows where it went and who answered last',
      [
        ringing(),
        answered(5000, agent('a')),
        call('call.transferred', { agent: { id: 'b', name: null } }, { at: 60_000 }),
        answered(65_000, agent('b')),
        ended(90_000, { talkSeconds: 85 }),
      ],
      { agent: 'b', transfers: [{ to: 'b', at: NINE + 60_000 }], talkSeconds: 85, ringSeconds: 5 },
      { stopsAt: NINE + 5000 },
    ],
    [
      'without the event of its answer: talk time tells it',
      [ringing(), ended(100 * SECOND, { talkSeconds: 90 })],
      { state: 'ended', answered: true, ringSeconds: 10, talkSeconds: 90 },
      { stopsAt: NINE + 10 * SECOND, waits: false },
    ],
    [
      'without the event of its answer: a recording tells it',
      [ringing(), ended(100 * SECOND), recorded(101 * SECOND, 80)],
      { state: 'ended', answered: true, talkSeconds: 80, ringSeconds: 20 },
      { stopsAt: NINE + 20 * SECOND },
    ],
    [
      'was not answered, though its menu was recorded, when the vendor counted no talk',
      [ringing(), ended(30 * SECOND, { talkSeconds: 0 }), recorded(31 * SECOND, 30)],
      { state: 'missed', answered: false },
      { waits: true },
    ],
    [
      'known from its recording alone is over',
      [recorded(0, 40)],
      { state: 'ended', answered: true, talkSeconds: 40 },
      { hasBase: true },
    ],
    [
      'known from its end alone',
      [ended(0, { durationSeconds: 50, talkSeconds: 40 })],
      { state: 'ended', answered: true, ringSeconds: 10, talkSeconds: 40 },
      { at: NINE, stopsAt: NINE },
    ],
    [
      'that left a voicemail waits, though a machine answered',
      [ringing(), answered(10 * SECOND), voicemail(30 * SECOND), ended(31 * SECOND, { talkSeconds: 20 })],
      { state: 'missed', answered: false, voicemail: true, voicemailUrl: 'https://x/v.mp3' },
      { waits: true, stopsAt: null },
    ],
    [
      'keeps the digits that were pressed',
      [
        ringing(),
        call('call.keyed', { digits: '2', purpose: 'ivr' }, { at: 1000 }),
        call('call.keyed', { digits: '9', purpose: 'survey' }, { at: 2000 }),
      ],
      {
        digits: [
          { digits: '2', purpose: 'ivr', at: NINE + 1000 },
          { digits: '9', purpose: 'survey', at: NINE + 2000 },
        ],
      },
      {},
    ],
    [
      'out that is answered stops the clock at the answer',
      [out('ringing', 0), out('answered', 8 * SECOND), out('ended', 60 * SECOND)],
      { state: 'ended', direction: 'outbound', agent: 'ext-7', ringSeconds: 8, talkSeconds: 52 },
      {
        customer: false,
        waits: false,
        stopsAt: NINE + 8 * SECOND,
        identifier: 'phone::+84900000123',
        author: { kind: 'agent', id: 'ext-7' },
      },
    ],
    [
      'out that nobody takes is missed, and nobody waits for it',
      [out('ringing', 0), out('ended', 40 * SECOND)],
      { state: 'missed', answered: false, agent: 'ext-7' },
      { customer: false, waits: false, stopsAt: null, call: { missed: true, answered: false, inbound: false } },
    ],
  ];

  it.each(cases)('%s', (_, events, state, item) => {
    for (const order of permutations(events)) {
      expect(foldItem([...order, ...events])).toMatchObject({ ...item, callState: state });
    }
  });

  it('names the customer who called, whoever the first event speaks of', () => {
    const picked = answered(-1000, { author: AGENT, direction: 'inbound' });
    expect(foldItem([picked, ringing()])).toMatchObject({
      at: NINE - 1000,
      author: { kind: 'customer' },
      identifier: `phone::${CALLER.identifiers[0]!.value}`,
    });
  });

  it('missed was received when its end was: a resolve while it rang does not cover it', () => {
    const end = call('call.missed', {}, { at: MINUTE, delay: 500 });
    expect(foldItem([ringing(), end]).receivedAt).toBe(NINE + MINUTE + 500);
    expect(foldItem([ringing(), answered(MINUTE)]).receivedAt).toBe(NINE + 300);
  });
});
