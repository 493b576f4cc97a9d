import { describe, expect, it } from '@jest/globals';
import { MalformedPayload, type ChannelEvent } from '@lienmach/contracts';
import { messageEvent } from '../testing/events.js';
import { validate } from './validate.step.js';

describe('validate', () => {
  it('takes an event of the contract', () => {
    expect(() => validate(messageEvent())).not.toThrow();
  });

  it.each<[string, (event: ChannelEvent) => unknown]>([
    ['specversion', (event) => ({ ...event, specversion: '0.3' })],
    ['id', (event) => ({ ...event, id: '17' })],
    ['tenant', (event) => ({ ...event, tenant: '' })],
    ['time', (event) => ({ ...event, time: '2026-11-20 02:15' })],
    ['receivedtime', (event) => ({ ...event, receivedtime: '2026-13-20T02:15:30.480Z' })],
    ['type', (event) => ({ ...event, type: 'message.sung' })],
    ['dataschema', (event) => ({ ...event, dataschema: 'urn:lienmach:schema:message:2' })],
    ['/direction', (event) => ({ ...event, data: { ...event.data, direction: 'sideways' } })],
    ["'thread'", (event) => ({ ...event, data: { ...event.data, thread: undefined } })],
  ])('names what breaks it: %s', (name, break_) => {
    const broken = JSON.parse(JSON.stringify(break_(messageEvent()))) as ChannelEvent;
    expect(() => validate(broken)).toThrow(MalformedPayload);
    expect(() => validate(broken)).toThrow(name);
  });
});
