import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import type { ChannelAccount, OutboundReply } from '@lienmach/adapter-kit';
import { asSent, sentAs } from './receipt-ids.rules.js';
import { COMMAND, makePdu } from './smpp-pdu.js';
import { AnswerLost, NotSent, SmppWindow, type SmppAnswer } from './smpp-window.js';
import type { SmppSettings } from './smpp.config.js';
import { sendBySmpp, testSmpp } from './smpp.sender.js';

const smpp = createRequire(import.meta.url)('smpp') as {
  PDU: new (bytes: Buffer) => Record<string, unknown> & { short_message: { message: string; udh?: Buffer[] } };
};

const LONG = 'a'.repeat(320);
const taken = (id: string): SmppAnswer => ({ status: 0, body: Buffer.from(`${id}\0`) });
const refused = (status: number): SmppAnswer => ({ status, body: Buffer.alloc(0) });

/** A session that gives these answers, one after the other; an error breaks it. */
function answering(...answers: (SmppAnswer | Error)[]) {
  const pdus: InstanceType<typeof smpp.PDU>[] = [];
  return {
    pdus,
    use: <T>(work: () => Promise<T>): Promise<T> => work(),
    submit: (body: Buffer): Promise<SmppAnswer> => {
      // read by another implementation
      pdus.push(new smpp.PDU(makePdu({ command: COMMAND.submitSm, status: 0, sequence: 1 }, body)));
      const answer = answers.shift() ?? new Error('nobody should have asked');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

function send(session: ReturnType<typeof answering>, text: string, settings: Partial<SmppSettings> = {}, ms = 5_000) {
  const reply = { id: 'c-1', to: { type: 'phone', scope: null, value: '+84900000123' }, text } as OutboundReply;
  const account = { id: '8079', settings: { receiptIds: 'as-sent', ...settings } };
  const context = { signal: AbortSignal.timeout(ms) };
  return sendBySmpp(reply, account as unknown as ChannelAccount<SmppSettings>, context, session);
}

describe('a reply by SMPP', () => {
  it('asks for a receipt, from a short code to a whole number', async () => {
    const session = answering(taken('77'));
    expect(await send(session, 'Da shop gui roi a')).toEqual({ kind: 'sent', ids: ['77'] });
    expect(session.pdus).toEqual([
      expect.objectContaining({
        command: 'submit_sm',
        source_addr: '8079',
        source_addr_ton: 3,
        source_addr_npi: 0,
        destination_addr: '84900000123',
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        esm_class: 0,
        registered_delivery: 1,
        data_coding: 0,
        short_message: { message: 'Da shop gui roi a' },
      }),
    ]);
  });

  it.each([
    ['a name', { sourceAddress: 'SHOP' }, 'SHOP', 5, 0],
    ['a number', { sourceAddress: '+84900000199' }, '84900000199', 1, 1],
    ['what the carrier wants', { sourceTon: 0, sourceNpi: 1 }, '8079', 0, 1],
  ])('comes from %s', async (_, settings, source_addr, source_addr_ton, source_addr_npi) => {
    const session = answering(taken('1'));
    await send(session, 'a', settings);
    expect(session.pdus[0]).toMatchObject({ source_addr, source_addr_ton, source_addr_npi });
  });

  it('of Vietnamese letters goes as UCS-2', async () => {
    const session = answering(taken('1'));
    await send(session, 'Dạ chiều nay giao ạ 😀');
    expect(session.pdus[0]).toMatchObject({ data_coding: 8, short_message: { message: 'Dạ chiều nay giao ạ 😀' } });
  });

  it('that is long goes in parts with one header each, and is known by all of their ids', async () => {
    const session = answering(taken('1'), taken('2'), taken('3'));
    expect(await send(session, LONG)).toEqual({ kind: 'sent', ids: ['1', '2', '3'] });
    expect(session.pdus.map(({ short_message: { message } }) => message).join('')).toBe(LONG);
    const headers = session.pdus.map(({ esm_class, short_message: { udh } }) => [esm_class, ...(udh?.[0] ?? [])]);
    const reference = headers[0]![3];
    expect(headers).toEqual([1, 2, 3].map((part) => [0x40, 0, 3, reference, 3, part]));
  });

  it('goes in parts that SAR parameters tell, where the carrier wants that', async () => {
    const session = answering(taken('1'), taken('2'), taken('3'));
    await send(session, LONG, { longMessages: 'sar' });
    const { sar_msg_ref_num } = session.pdus[0]!;
    expect(session.pdus).toEqual(
      [1, 2, 3].map((sar_segment_seqnum) =>
        expect.objectContaining({ esm_class: 0, sar_msg_ref_num, sar_total_segments: 3, sar_segment_seqnum }),
      ),
    );
    expect(session.pdus.map(({ short_message: { message } }) => message).join('')).toBe(LONG);
  });

  it.each([
    [0x58, { kind: 'not-taken', holds: 'account', reason: expect.stringContaining('rate-limit'), retryAfterMs: 5_000 }],
    [0x14, { kind: 'not-taken', holds: 'account', reason: expect.stringContaining('queue'), retryAfterMs: 15_000 }],
    [0x08, { kind: 'not-taken', reason: expect.any(String) }],
    [0x0a, { kind: 'not-taken', holds: 'account', reason: expect.stringContaining('wrong-sender') }],
    [0x0b, { kind: 'failed', reason: expect.stringContaining('no-such-number') }],
    [0x45, { kind: 'failed', reason: 'refused: status 0x45 of the SMSC' }],
  ])('that is refused with status %i', async (status, outcome) => {
    expect(await send(answering(refused(status)), 'a')).toEqual(outcome);
  });

  it('offers a part again that the SMSC could not take just now, and none that it has', async () => {
    const session = answering(taken('1'), refused(0x58), taken('2'), taken('3'));
    expect(await send(session, LONG)).toEqual({ kind: 'sent', ids: ['1', '2', '3'] });
    expect(session.pdus.map(({ short_message: { udh } }) => udh![0]![4])).toEqual([1, 2, 2, 3]);
  });

  it.each([
    ['refuses', refused(0x45)],
    ['stays busy', refused(0x58)],
    ['is gone before the others were sent', new NotSent('the connection was lost')],
  ])('says that it was cut off where the SMSC took a part and %s', async (_, answer) => {
    const outcome = await send(answering(taken('1'), answer), LONG, {}, 100);
    expect(outcome).toEqual({ kind: 'failed', reason: expect.stringContaining('1 of 3 parts') });
  });

  it('is unconfirmed where the answer to any part was lost, and surely not taken where nothing was sent', async () => {
    const lost = { kind: 'unknown', reason: expect.stringContaining('lost') };
    expect(await send(answering(new AnswerLost('gone')), 'a')).toEqual(lost);
    expect(await send(answering(taken('1'), new AnswerLost('gone')), LONG)).toEqual(lost);
    expect(await send(answering(new NotSent('gone')), 'a')).toMatchObject({ kind: 'not-taken', retryAfterMs: 5_000 });
  });

  it('is known by the id in the notation of its receipts', async () => {
    const session = () => answering(taken('00ab1f'));
    expect(await send(session(), 'a', { receiptIds: 'decimal-to-hex' })).toEqual({ kind: 'sent', ids: ['AB1F'] });
    expect(asSent('43807', 'decimal-to-hex')).toBe('AB1F');
    expect(sentAs('0043807', 'hex-to-decimal')).toBe(asSent('00AB1F', 'hex-to-decimal'));
    expect(sentAs('00ab1f', undefined)).toBe('00ab1f');
  });
});

describe('requests without an answer', () => {
  const signal = AbortSignal.timeout(5_000);

  it('are so many at once; the next goes when one is answered', async () => {
    const window = new SmppWindow(1);
    const sent: number[] = [];
    const ask = (sequence: number) => window.ask(() => (sent.push(sequence), sequence), signal);
    const first = ask(1);
    const second = ask(2);
    await Promise.resolve();
    expect(sent).toEqual([1]);
    expect(window.take(1, taken('a'))).toBe(true);
    expect(await first).toEqual(taken('a'));
    window.take(2, taken('b'));
    expect(await second).toEqual(taken('b'));
    expect(window.take(2, taken('c'))).toBe(false);
  });

  it('are lost with their connection; those that wait were never sent', async () => {
    const window = new SmppWindow(1);
    const asked = [window.ask(() => 1, signal), window.ask(() => 2, signal)];
    const ends = Promise.allSettled(asked);
    await Promise.resolve();
    window.close('gone');
    const [first, second] = await ends;
    expect(first).toMatchObject({ reason: expect.any(AnswerLost) });
    expect(second).toMatchObject({ reason: expect.any(NotSent) });
    await expect(window.ask(() => 3, signal)).rejects.toThrow(NotSent);
  });

  it('are lost when they take too long', async () => {
    const window = new SmppWindow(1);
    const soon = AbortSignal.timeout(20);
    const ends = await Promise.allSettled([window.ask(() => 1, soon), window.ask(() => 2, soon)]);
    expect(ends).toMatchObject([{ reason: expect.any(AnswerLost) }, { reason: expect.any(NotSent) }]);
  });
});

it('a test of the account says how its session stands', () => {
  expect(testSmpp(undefined).ok).toBe(false);
  expect(testSmpp({ trouble: 'the SMSC refused to bind: status 0xd' })).toEqual({
    ok: false,
    detail: 'the SMSC refused to bind: status 0xd',
  });
  expect(testSmpp({ trouble: undefined }).ok).toBe(true);
});
