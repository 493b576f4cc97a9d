import { describe, expect, it } from '@jest/globals';
import { eventsOf, type InboundSms, type SmsReceipt } from './sms-event.rules.js';

const account = { id: 'acme', vendor: 'twilio', settings: {} };
const message: InboundSms = {
  kind: 'message',
  id: 'm-1',
  from: '0900000001',
  to: '8079',
  text: 'alo',
  time: 1,
  vendorData: {},
};
const receipt: SmsReceipt = {
  kind: 'receipt',
  type: 'message.failed',
  target: 'out-1',
  to: '0900000001',
  time: null,
  reason: 'why',
  vendorData: {},
};

describe('the parts of a body', () => {
  it('become events, kinds that are counted, and problems, each for itself', () => {
    const parts = [
      message,
      { kind: 'other', name: 'status sent' } as const,
      { kind: 'broken', reason: 'no id' } as const,
      { ...message, id: 'm-2', from: ' ' },
      { ...receipt, to: '' },
      receipt,
    ];
    const { events, unknown, malformed } = eventsOf(parts, account);
    expect(events.map(({ type, data }) => [type, data.vendorEventId])).toEqual([
      ['message.received', 'm-1'],
      ['message.failed', 'message.failed|out-1|%2B84900000001'],
    ]);
    expect(unknown).toEqual(['status sent']);
    expect(malformed).toEqual([
      { account: 'acme', reason: 'no id' },
      { account: 'acme', reason: 'the number of the customer is missing' },
      { account: 'acme', reason: 'the number of the customer is missing' },
    ]);
  });

  it('one id for many recipients makes one receipt each; each state is an event of its own', () => {
    const ids = [receipt, { ...receipt, to: '0900000002' }, { ...receipt, type: 'message.delivered' as const }].flatMap(
      (part) => eventsOf([part], account).events.map(({ data }) => data.vendorEventId),
    );
    expect(new Set(ids).size).toBe(3);
  });
});

describe('opting out', () => {
  const eventsFor = (part: Partial<InboundSms>, settings = {}) =>
    eventsOf([{ ...message, ...part }], { ...account, settings }).events;

  it('comes beside the message and has its time', () => {
    expect(eventsFor({ text: 'TC' })).toMatchObject([
      { type: 'message.received', data: { content: { text: 'TC' } } },
      {
        type: 'contact.opted-out',
        time: 1,
        identifier: 'phone::+84900000001',
        data: { vendorEventId: 'contact.opted-out|m-1', vendorData: { message: 'm-1' } },
      },
    ]);
  });

  it('is only marked where a person must decide', () => {
    const [only, ...others] = eventsFor({ text: 'DK' });
    expect(only?.data.vendorData).toEqual({ to: '8079', consentCandidate: 'opted-in' });
    expect(others).toEqual([]);
  });

  it("is by the account's own words and the vendor's word", () => {
    expect(eventsFor({ text: 'TC' }, { optOutWords: ['NGUNG'] })).toHaveLength(1);
    expect(eventsFor({ text: 'gì cũng được', consent: 'opted-in' })[1]?.type).toBe('contact.opted-in');
  });

  it('is nothing that a machine could mean', () => {
    expect(eventsFor({ from: 'VIETTEL', text: 'STOP' })).toMatchObject([{ data: { automatic: 'list' } }]);
    expect(eventsFor({ text: null })).toHaveLength(1);
  });
});
