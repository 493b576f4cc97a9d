import { describe, expect, it } from '@jest/globals';
import { MalformedPayload } from '@lienmach/contracts';
import { readStringee } from './stringee.payload.js';

const ringing = { call_id: 'call-1', call_status: 'ringing' };

describe('a body of Stringee', () => {
  it('gives its fields, numbers as strings too, and keeps the rest', () => {
    const from = { number: 84900000001, alias: '84900000001', is_online: false, type: 'external' };
    expect(
      readStringee({
        ...ringing,
        call_id: 77,
        timestamp_ms: '1740968103200',
        from,
        callCreatedReason: '',
        project_id: 25,
      }),
    ).toMatchObject({
      callId: '77',
      status: 'ringing',
      time: 1740968103200,
      from: { number: '84900000001', alias: '84900000001', internal: false },
      to: { number: null, alias: null, internal: false },
      createdReason: null,
      digits: null,
      rest: { project_id: 25 },
    });
  });

  it('about no call is readable', () => {
    expect(readStringee({ event: 'room-created', room_id: 'r-1' }).callId).toBeNull();
  });

  it.each<[string, unknown]>([
    ['the body must be one JSON object', []],
    ['the body must be one JSON object', 'ended'],
    ['call_id is missing', { call_status: 'ended' }],
    ['call_id is missing', { recording_url: 'https://api.stringee.com/1' }],
    ['call_id is missing', { dtmf: '5', call_id: '' }],
    ['call_id must be a string', { ...ringing, call_id: {} }],
    ['call_status must be a string', { ...ringing, call_status: ['ended'] }],
    ['timestamp_ms must be a number', { ...ringing, timestamp_ms: 'now' }],
    ['from must be an object', { ...ringing, from: '84900000001' }],
    ['number must be a string', { ...ringing, to: { number: [] } }],
  ])('%s: %j', (problem, body) => {
    expect(() => readStringee(body)).toThrow(new MalformedPayload(problem));
  });
});
