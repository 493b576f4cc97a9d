import { describe, expect, it } from '@jest/globals';
import { sealForCommand } from '@lienmach/accounts';
import type { OutboundReply, SendOutcome } from './outbound-reply.js';
import type { Claimed, SentSoFar } from './outbound.repository.js';
import { later } from './outcomes.js';
import { oneByOne, sendMessages, withSecret } from './reply-messages.js';

const ONE = { kind: 'image', url: 'https://shop.example.com/1.jpg', name: null } as const;
const TWO = { kind: 'file', url: 'https://shop.example.com/2.pdf', name: '2.pdf' } as const;
const command = {
  id: 'c0ffee00-0000-4000-8000-000000000001',
  data: {
    thread: 't1',
    to: { type: 'phone', scope: null, value: '+84900000123' },
    text: 'Dạ',
    attachments: [ONE, TWO],
    lastCustomerAt: '2026-11-20T02:15:00.000Z',
    replyTo: 'm1',
  },
} as unknown as Claimed['command'];
const NOTHING: SentSoFar = { messages: 0, ids: [] };
const ok = (id: string): SendOutcome => ({ kind: 'sent', ids: [id] });

/** Answers the calls one by one, and keeps what was called and committed, in its order. */
function sending(outcomes: SendOutcome[], { soFar = NOTHING, goesOn = true, isOurs = true } = {}) {
  const log: unknown[] = [];
  const result = sendMessages(
    { messagesOf: oneByOne },
    { command, soFar },
    {
      send: (message) => {
        log.push(message.text || message.attachments[0]?.url);
        return Promise.resolve(outcomes.shift()!);
      },
      advance: (next) => {
        log.push(next.messages);
        return Promise.resolve(isOurs);
      },
      goesOn: () => goesOn,
    },
  );
  return { log, result };
}

describe('a reply of several messages', () => {
  it('sends one after the other, each committed before the next is begun', async () => {
    const { log, result } = sending([ok('a'), ok('b'), ok('c')]);
    expect((await result).outcome).toEqual({ kind: 'sent', ids: ['a', 'b', 'c'] });
    expect(log).toEqual(['Dạ', 1, ONE.url, 2, TWO.url]);
  });

  it('stops at the first that is not taken, and tells what went out', async () => {
    const { log, result } = sending([ok('a'), later('busy')]);
    expect(await result).toEqual({ outcome: later('busy'), soFar: { messages: 1, ids: ['a'] } });
    expect(log).toEqual(['Dạ', 1, ONE.url]);
  });

  it('goes on behind what went out', async () => {
    const { log, result } = sending([ok('b'), ok('c')], { soFar: { messages: 1, ids: ['a'] } });
    expect((await result).outcome).toEqual({ kind: 'sent', ids: ['a', 'b', 'c'] });
    expect(log).toEqual([ONE.url, 2, TWO.url]);
  });

  it('of a process that ends, the rest is left to another', async () => {
    const { log, result } = sending([ok('a')], { goesOn: false });
    expect(await result).toMatchObject({ outcome: { kind: 'not-taken', retryAfterMs: 0 }, soFar: { messages: 1 } });
    expect(log).toEqual(['Dạ', 1]);
  });

  it('whose claim was taken away sends nothing more', async () => {
    const { log, result } = sending([ok('a')], { isOurs: false });
    expect((await result).outcome.kind).toBe('unknown');
    expect(log).toEqual(['Dạ', 1]);
  });

  it('of a vendor who takes it whole is one message', async () => {
    const outcome = await sendMessages(
      {},
      { command, soFar: NOTHING },
      {
        send: ({ text, attachments }) => Promise.resolve(ok(`${text} ${attachments.length}`)),
        advance: () => Promise.reject(new Error('there is nothing behind it')),
        goesOn: () => true,
      },
    );
    expect(outcome).toMatchObject({ outcome: ok('Dạ 2') });
  });

  it('quotes with the first of them', () => {
    const reply = { text: '', attachments: [ONE, TWO], replyTo: 'm1' } as unknown as OutboundReply;
    expect(oneByOne(reply).map(({ replyTo, attachments }) => [replyTo, attachments])).toEqual([
      ['m1', [ONE]],
      [null, [TWO]],
    ]);
  });
});

describe('what only the customer may read', () => {
  const key = Buffer.alloc(32, 1);
  const of = (sealedFor: object, by = key) => {
    const named = { tenant: 'demo', id: command.id };
    const sealed = sealForCommand(by, { ...named, ...sealedFor }, '$&1234');
    return { ...command, ...named, data: { ...command.data, text: 'Mã: ******.', sealed } };
  };

  it('stands in the place of the mask for the vendor', () => {
    const asked = of({});
    expect(withSecret(asked, key).data.text).toBe('Mã: $&1234.');
    expect(asked.data.text).toBe('Mã: ******.');
    expect(withSecret(command, key)).toBe(command);
  });

  it('opens for no other command, tenant or key', () => {
    expect(() => withSecret(of({ id: 'another' }), key)).toThrow();
    expect(() => withSecret(of({ tenant: 'other' }), key)).toThrow();
    expect(() => withSecret(of({}, Buffer.alloc(32, 2)), key)).toThrow();
  });
});
