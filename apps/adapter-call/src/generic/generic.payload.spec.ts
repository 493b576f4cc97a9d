import { describe, expect, it } from '@jest/globals';
import { readGeneric } from './generic.payload.js';

const ringing = { callId: 'c-77', event: 'ringing', direction: 'inbound' };

describe('a body of the call door', () => {
  it.each<[string, object]>([
    ['the least', ringing],
    [
      'nulls for what is not known',
      { ...ringing, eventId: null, legId: null, agent: null, durationSeconds: null, purpose: null },
    ],
    ['empty strings for what is not known', { ...ringing, eventId: '', at: '', recordingUrl: '', cause: '' }],
    ['ids as numbers', { ...ringing, callId: 77, eventId: 1, agent: { id: 101 } }],
    [
      'durations as strings',
      { callId: 'c', event: 'ended', direction: 'inbound', durationSeconds: '107', talkSeconds: '95.5' },
    ],
    ['a recording without a direction', { callId: 'c', event: 'recording', recordingUrl: 'https://pbx.example/1.mp3' }],
    ['keys', { callId: 'c', event: 'keyed', digits: '*5#' }],
    ['a word that we do not know', { callId: 'c', event: 'wrapped-up' }],
  ])('may hold %s', (_, body) => {
    expect(readGeneric(body)).toHaveProperty('event');
  });

  it('keeps what it does not know', () => {
    expect(readGeneric({ ...ringing, trunk: { name: 'viettel' } })).toMatchObject({
      extra: { trunk: { name: 'viettel' } },
    });
  });

  it.each<[unknown, string]>([
    [null, 'the body must be one JSON object'],
    ['ringing', 'the body must be one JSON object'],
    [[ringing], 'the body must be one JSON object'],
    [{ event: 'ringing', direction: 'inbound' }, 'callId should not be empty'],
    [{ ...ringing, callId: '' }, 'callId should not be empty'],
    [{ ...ringing, callId: {} }, 'callId must be a string'],
    // what says of itself what made it
    [{ ...ringing, callId: { constructor: 1 } }, 'callId must be a string'],
    [{ ...ringing, agent: { constructor: 1 } }, 'agent.id should not be empty'],
    [{ callId: 'c', event: '' }, 'event should not be empty'],
    [{ ...ringing, event: 7 }, 'event must be a string'],
    [{ ...ringing, at: '20/11/2026' }, 'at must be an ISO 8601 time such as 2026-11-20T09:20:00+07:00'],
    [{ ...ringing, at: 1795141200 }, 'at must be an ISO 8601 time such as 2026-11-20T09:20:00+07:00'],
    [{ callId: 'c', event: 'ended' }, 'direction must be one of the following values: inbound, outbound, internal'],
    [{ ...ringing, direction: 'in' }, 'direction must be one of the following values: inbound, outbound, internal'],
    [{ ...ringing, agent: {} }, 'agent.id should not be empty'],
    [{ ...ringing, durationSeconds: -1 }, 'durationSeconds must not be less than 0'],
    [{ ...ringing, durationSeconds: '1:47' }, 'durationSeconds must be a number of seconds'],
    [{ ...ringing, endedBy: 'caller' }, 'endedBy must be one of the following values: customer, agent, system'],
    [
      { callId: 'c', event: 'recording', recordingUrl: 'file:///etc/passwd' },
      'recordingUrl must be an http or https address',
    ],
    [{ callId: 'c', event: 'keyed' }, 'digits must be keys of a telephone: 0-9, *, #, A-D'],
    [{ callId: 'c', event: 'keyed', digits: 'five' }, 'digits must be keys of a telephone: 0-9, *, #, A-D'],
    [
      { callId: 'c', event: 'keyed', digits: '5', purpose: 'csat' },
      'purpose must be one of the following values: ivr, survey',
    ],
  ])('%j: %s', (body, problem) => {
    expect(readGeneric(body)).toEqual({ problems: [problem] });
  });
});
