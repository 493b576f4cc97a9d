import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedPayload, type ReceiptData } from '@lienmach/contracts';
import { decodeGsm } from '../gsm-alphabet.js';
import { PduStream } from './smpp-pdu.js';
import { normaliseSmpp } from './smpp.normalise.js';
import { readSmpp } from './smpp.payload.js';

interface Library {
  PDU: new (command: string, fields: object) => { toBuffer(): Buffer };
}
const smpp = createRequire(import.meta.url)('smpp') as Library;

const address = { source_addr: '84900000001', source_addr_ton: 1, destination_addr: '8079' };
const pdu = (fields: object) => new smpp.PDU('deliver_sm', { ...address, ...fields }).toBuffer();
const read = (fields: object) => readSmpp(Buffer.from(pdu(fields).toString('hex')));
const udh = (...bytes: number[]) => Buffer.from([bytes.length, ...bytes]);

describe('texts that another implementation has written', () => {
  const gsm = fc.string({
    unit: fc.constantFrom(...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà^{}\\[~]|€'),
    minLength: 1,
    maxLength: 60,
  });

  it.each([
    ['the default alphabet', 0, gsm],
    ['UCS-2', 8, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })],
    ['Latin-1', 3, fc.string({ unit: fc.constantFrom(...'aZ áéüß§'), minLength: 1, maxLength: 60 })],
  ])('in %s are read', (_name, data_coding, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(read({ data_coding, short_message: text })).toMatchObject({ kind: 'message', text });
      }),
      { numRuns: 200 },
    );
  });

  it('stand in the payload where they are long', () => {
    const text = 'dài '.repeat(100);
    expect(read({ data_coding: 8, message_payload: text })).toMatchObject({ text });
  });

  it('are none where they are binary', () => {
    expect(read({ data_coding: 4, short_message: Buffer.from([1, 2]) })).toMatchObject({ text: null });
  });

  it('keep an alphabet beside a message class', () => {
    expect(read({ data_coding: 0xf0, short_message: Buffer.from('alo') })).toMatchObject({ text: 'alo' });
    expect(read({ data_coding: 0x18, short_message: Buffer.from('\0a') })).toMatchObject({ text: 'a' });
  });
});

it('an unknown extension is read as its own character, a cut one as nothing', () => {
  expect(decodeGsm(Buffer.from([0x1b, 0x41, 0x1b]))).toBe('A');
});

describe('the place of a part', () => {
  const concat = (fields: object) => {
    const payload = read({ data_coding: 0, ...fields });
    return payload.kind === 'message' ? payload.concat : undefined;
  };
  const text = (header: Buffer) => ({ short_message: { udh: header, message: 'x' } });

  it.each([
    ['an 8-bit reference', text(udh(0, 3, 109, 2, 1)), { ref: '109', total: 2, part: 1 }],
    ['a 16-bit reference', text(udh(8, 4, 1, 2, 3, 3)), { ref: '258', total: 3, part: 3 }],
    ['another element before it', text(udh(5, 4, 0, 1, 0, 2, 0, 3, 7, 2, 2)), { ref: '7', total: 2, part: 2 }],
    [
      'optional parameters',
      { short_message: 'x', sar_msg_ref_num: 258, sar_total_segments: 2, sar_segment_seqnum: 1 },
      { ref: '258', total: 2, part: 1 },
    ],
  ])('is in %s', (_name, fields, place) => expect(concat(fields)).toEqual(place));

  it.each([
    ['part 1 of 1', text(udh(0, 3, 1, 1, 1))],
    ['part 3 of 2', text(udh(0, 3, 1, 2, 3))],
    ['part 0', text(udh(0, 3, 1, 2, 0))],
    ['an element that ends too early', text(udh(0, 3, 1))],
    ['no header', { short_message: 'x' }],
  ])('is not in %s', (_name, fields) => expect(concat(fields)).toBeNull());
});

describe('a receipt', () => {
  const settings = { host: 'h', port: 1, systemId: 'i', password: 'p' };
  const account = { tenant: 'demo', channel: 'sms', vendor: 'smpp', id: '8079', settings, ownNumbers: [] };
  const targets = (id: string, receiptIds?: 'as-sent' | 'hex-to-decimal' | 'decimal-to-hex') => {
    const payload = read({ esm_class: 4, short_message: `id:${id} stat:DELIVRD err:000` });
    const { events } = normaliseSmpp(payload, { ...account, settings: { ...settings, receiptIds } }, 0, false);
    return (events[0]?.data as ReceiptData | undefined)?.targets;
  };

  it('names its message as the account says', () => {
    expect(targets('0A1B2C3D')).toEqual(['0A1B2C3D']);
    expect(targets('0A1B2C3D', 'hex-to-decimal')).toEqual(['169552957']);
    expect(targets('169552957', 'decimal-to-hex')).toEqual(['A1B2C3D']);
    expect(targets('x-1', 'hex-to-decimal')).toEqual(['x-1']);
  });

  it('is by its optional parameters where they say something else than the text', () => {
    const payload = read({
      esm_class: 4,
      short_message: 'id:1 stat:DELIVRD err:000',
      receipted_message_id: '2',
      message_state: 5,
    });
    expect(payload).toMatchObject({ id: '2', state: 'UNDELIV' });
  });

  it('without id or state is malformed', () => {
    expect(() => read({ esm_class: 4, short_message: 'delivered' })).toThrow(MalformedPayload);
  });
});

describe('bytes that are no message', () => {
  it('are malformed, whatever they are', () => {
    const start = pdu({ data_coding: 8, short_message: { udh: udh(0, 3, 109, 2, 1), message: 'Chào' } });
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ maxLength: 8 }), fc.nat(start.length), (at, put, cut) => {
        const from = at % start.length;
        const bytes = Buffer.concat([start.subarray(0, from), put, start.subarray(from + cut)]);
        if (bytes.length >= 4) bytes.writeUInt32BE(bytes.length, 0);
        try {
          readSmpp(Buffer.from(bytes.toString('hex')));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedPayload);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a stream of PDUs', () => {
  it('is cut where they end, however it comes', () => {
    const pdus = ['a', 'b'.repeat(140), 'c'].map((text) => pdu({ short_message: text }));
    const all = Buffer.concat(pdus);
    fc.assert(
      fc.property(fc.array(fc.nat(all.length), { maxLength: 6 }), (cuts) => {
        const stream = new PduStream();
        const ends = [...cuts, all.length].sort((a, b) => a - b);
        const got = ends.flatMap((end, at) => stream.take(all.subarray(ends[at - 1] ?? 0, end)));
        expect(got).toEqual(pdus);
      }),
    );
  });

  it.each([0, 15, 100_000])('ends at a length of %i', (length) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(length);
    expect(() => new PduStream().take(head)).toThrow(RangeError);
  });
});
