import { describe, expect, it } from '@jest/globals';
import { MalformedPayload } from '@lienmach/contracts';
import { readCommand } from './outbound.consumer.js';

const COMMAND = {
  specversion: '1.0',
  id: 'c0ffee00-0000-4000-8000-000000000001',
  type: 'reply.requested',
  time: '2026-11-20T02:15:30.120Z',
  tenant: 'demo',
  data: {
    channel: 'sample',
    vendor: 'sample',
    account: 'a1',
    thread: 't1',
    to: { type: 'phone', scope: null, value: '+84900000123' },
    text: 'Dạ',
    author: 'Lan',
    lastCustomerAt: '2026-11-20T02:15:00.000Z',
  },
};
const read = (value: unknown) =>
  readCommand({ value: typeof value === 'string' ? Buffer.from(value) : Buffer.from(JSON.stringify(value)) }, 'sample');

describe('a command', () => {
  it('is read as it stands on the topic', () => {
    expect(read(COMMAND)).toEqual(COMMAND);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'no JSON'],
    ['null', 'null', 'not known'],
    ['another type', { ...COMMAND, type: 'reply.withdrawn' }, 'reply.withdrawn is not known'],
    ['an id that is none', { ...COMMAND, id: '7' }, 'no id'],
    ['no tenant', { ...COMMAND, tenant: '' }, 'no id, tenant or time'],
    ['a time that is none', { ...COMMAND, time: 'now' }, 'no id, tenant or time'],
    ['a text that is none', { ...COMMAND, data: { ...COMMAND.data, text: 5 } }, 'data/text'],
    ['nothing to say', { ...COMMAND, data: { ...COMMAND.data, text: '' } }, 'neither a text nor attachments'],
    ['no customer', { ...COMMAND, data: { ...COMMAND.data, to: {} } }, 'data/to'],
    ['another channel', { ...COMMAND, data: { ...COMMAND.data, channel: 'other' } }, 'is for other'],
  ])('with %s is refused', (_, value, sentence) => {
    expect(() => read(value)).toThrow(MalformedPayload);
    expect(() => read(value)).toThrow(sentence);
  });
});
