import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChannelEvent, EventType } from '@lienmach/contracts';
import { AGENT, BOT, CUSTOMER, call, content, event, received, sent } from './fixtures/events.js';
import { foldItem } from './item.rules.js';

const time = fc.integer({ min: 0, max: 5 }).map((second) => second * 1000);
const delay = fc.constantFrom(0, 300, 5000);
const author = fc.constantFrom(CUSTOMER, AGENT, BOT);
const rest = fc.record({ at: time, delay, id: fc.constantFrom('x', 'y', 'z', 'm1') });

const aboutMessage: fc.Arbitrary<ChannelEvent> = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'cảm ơn'), rest).map(([text, more]) => received(text, more)),
  fc.tuple(fc.constantFrom('b', 'c'), rest, author).map(([text, more, by]) => sent(text, more, by)),
  fc
    .tuple(fc.constantFrom<EventType>('message.queued', 'message.sent'), fc.constantFrom('cmd', null), rest)
    .map(([type, commandId, more]) => event(type, { ...content('f'), claims: [], author: AGENT, commandId }, more)),
  fc
    .tuple(fc.constantFrom('d', 'e', null), fc.constantFrom(1, 2, null), rest)
    .map(([text, editNumber, more]) => event('message.edited', { ...content(text), target: 'm1', editNumber }, more)),
  rest.map((more) => event('message.removed', { target: 'm1' }, more)),
  fc.tuple(fc.boolean(), rest).map(([hidden, more]) => event('comment.hidden', { target: 'm1', hidden }, more)),
  fc
    .tuple(
      fc.constantFrom<EventType>('reaction.added', 'reaction.removed'),
      fc.constantFrom('love', 'sad', null),
      author,
      rest,
    )
    .map(([type, reaction, by, more]) => event(type, { target: 'm1', reaction, emoji: null, author: by }, more)),
  fc
    .tuple(
      fc.constantFrom<EventType>('message.delivered', 'message.read', 'message.failed', 'message.unconfirmed'),
      rest,
    )
    .map(([type, more]) => event(type, { targets: ['m1'], watermark: null, reason: 'r' }, more)),
);
const seconds = fc.constantFrom(null, 0, 3, 40);
const leg = fc.constantFrom(null, 'a', 'b');
const aboutCall: fc.Arbitrary<ChannelEvent> = fc.oneof(
  fc
    .record({
      type: fc.constantFrom<EventType>(
        'call.ringing',
        'call.queued',
        'call.answered',
        'call.held',
        'call.transferred',
        'call.ended',
        'call.missed',
      ),
      legId: leg,
      talkSeconds: seconds,
      durationSeconds: seconds,
      direction: fc.constantFrom('inbound', 'outbound', 'internal'),
      rest,
    })
    .map(({ type, rest: more, ...data }) =>
      call(type, { ...data, agent: data.legId === null ? null : { id: data.legId, name: null } }, more),
    ),
  fc.tuple(seconds, rest).map(([durationSeconds, more]) => call('call.recorded', { url: 'u', durationSeconds }, more)),
  rest.map((more) => call('voicemail.left', { url: 'v', durationSeconds: 4 }, more)),
  rest.map((more) => call('call.keyed', { digits: '1', purpose: 'survey' }, more)),
);

/** Some events, and the same in another order with repeats. */
const retold = (one: fc.Arbitrary<ChannelEvent>) =>
  fc
    .array(one, { minLength: 1, maxLength: 8 })
    .chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }), fc.subarray(events)),
    );

const RUNS = { numRuns: 500 };

describe('an item', () => {
  it.each([
    ['message', aboutMessage],
    ['call', aboutCall],
  ])('of a %s is the same in every order and however often its events came', (_, one) => {
    fc.assert(
      fc.property(retold(one), ([events, shuffled, again]) => {
        expect(foldItem([...shuffled, ...again])).toEqual(foldItem(events));
      }),
      RUNS,
    );
  });

  it('of a call never waits and is answered at once, nor both missed and answered', () => {
    fc.assert(
      fc.property(fc.array(aboutCall, { minLength: 1, maxLength: 8 }), (events) => {
        const { callState, call: flags, stopsAt, at, waits } = foldItem(events);
        expect(flags!.missed && flags!.answered).toBe(false);
        expect(stopsAt !== null).toBe(callState!.answered);
        if (stopsAt !== null) expect(stopsAt).toBeGreaterThanOrEqual(at);
        if (waits) expect(callState!.direction).toBe('inbound');
        expect(callState!.ringSeconds ?? 0).toBeGreaterThanOrEqual(0);
        expect(callState!.talkSeconds ?? 0).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });
});
