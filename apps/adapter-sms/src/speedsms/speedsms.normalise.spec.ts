import { describe, expect, it } from '@jest/globals';
import { normaliseSpeedsms } from './speedsms.normalise.js';
import { readSpeedsms } from './speedsms.payload.js';

const account = {
  tenant: 'demo',
  channel: 'sms',
  vendor: 'speedsms',
  id: 'a',
  settings: { secret: 's' },
  ownNumbers: [],
};
const NINE = Date.UTC(2026, 10, 20, 9);

describe('a message without id and time', () => {
  const idOf = (fields: object, receivedAt?: number) =>
    normaliseSpeedsms(
      readSpeedsms({ type: 'sms', phone: '84900000001', content: 'ok', ...fields }),
      account,
      receivedAt,
    ).events[0]?.data.vendorEventId;

  it('is the same when it comes again at once', () => expect(idOf({}, NINE)).toBe(idOf({}, NINE + 60_000)));

  it.each([
    ['later', {}, NINE + 600_000],
    ['of another number', { phone: '84900000002' }, NINE],
    ['with other words', { content: 'OK' }, NINE],
  ])('is another %s', (_what, fields, receivedAt) => expect(idOf(fields, receivedAt)).not.toBe(idOf({}, NINE)));

  it('has the vendor’s id should it name one', () => expect(idOf({ id: 77 }, NINE)).toBe('77'));
});

it.each([
  [0, ['message.delivered'], []],
  [1, [], ['status on its way']],
  [63, [], ['status on its way']],
  [64, ['message.failed'], []],
  [-1, ['message.failed'], []],
])('status %s', (status, types, unknown) => {
  const report = readSpeedsms({ type: 'report', tranId: 1, phone: '84900000001', status });
  const read = normaliseSpeedsms(report, account);
  expect([read.events.map(({ type }) => type), read.unknown]).toEqual([types, unknown]);
});

it.each([
  { type: 'report', tranId: 1, phone: '84900000001' },
  { type: 'report', tranId: 1, phone: '849', status: 'x' },
  { content: 'alo' },
])('%j is malformed', (body) => expect(() => readSpeedsms(body)).toThrow(/status|phone/));
