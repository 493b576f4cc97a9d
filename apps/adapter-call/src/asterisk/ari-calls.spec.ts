import { describe, expect, it } from '@jest/globals';
import { AriCalls } from './ari-calls.js';
import { readAri } from './asterisk.payload.js';

const event = (type: string, channels: Record<string, string>, rest: object = {}) => {
  const ends = Object.entries(channels).map(([name, id]) => [name, { id }]);
  return readAri({ type, ...Object.fromEntries(ends), ...rest });
};

describe('the call of a channel', () => {
  it('is the channel that dials, over any number of dials', () => {
    const calls = new AriCalls();
    expect(calls.callOf(event('StasisStart', { channel: 'a' }))).toBe('a');
    expect(calls.callOf(event('Dial', { caller: 'a', peer: 'b' }))).toBe('a');
    expect(calls.callOf(event('Dial', { caller: 'b', peer: 'c' }))).toBe('a');
    for (const channel of ['b', 'c']) expect(calls.callOf(event('ChannelHold', { channel }))).toBe('a');
    expect(calls.callOf(event('ChannelHold', { channel: 'x' }))).toBe('x');
  });

  it('takes in the channels that an attended transfer joins to it', () => {
    const calls = new AriCalls();
    calls.callOf(event('Dial', { caller: 'a', peer: 'b' }));
    calls.callOf(event('Dial', { caller: 'b2', peer: 'c' }));
    expect(calls.callOf(event('ChannelHold', { channel: 'c' }))).toBe('b2');
    const transfer = { transferer_first_leg: 'b', transferer_second_leg: 'b2', transferee: 'a', transfer_target: 'c' };
    expect(calls.callOf(event('BridgeAttendedTransfer', transfer))).toBe('a');
    for (const channel of ['b2', 'c']) expect(calls.callOf(event('ChannelDestroyed', { channel }))).toBe('a');
  });

  it('is found for a recording by its target', () => {
    const calls = new AriCalls();
    calls.callOf(event('Dial', { caller: 'a', peer: 'b' }));
    const recording = (target_uri: string) => event('RecordingFinished', {}, { recording: { name: 'r', target_uri } });
    expect(calls.callOf(recording('channel:b'))).toBe('a');
    expect(calls.callOf(recording('bridge:x'))).toBeNull();
  });

  it('is forgotten, the oldest first, when there are too many', () => {
    const calls = new AriCalls(2);
    for (const peer of ['b', 'c', 'd']) calls.callOf(event('Dial', { caller: 'a', peer }));
    const found = ['b', 'c', 'd'].map((channel) => calls.callOf(event('ChannelHold', { channel })));
    expect(found).toEqual(['b', 'a', 'a']);
  });
});
