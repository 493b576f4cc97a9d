import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { simpleParser, type AddressObject } from 'mailparser';
import { MalformedPayload } from '@lienmach/contracts';
import { safeName } from './attachment-name.js';
import { decodeText } from './charset.js';
import { headerText, headerValue } from './header-text.js';
import { addressesIn, messageId, messageIds, replyTokenOf } from './mail-address.js';
import { readMail, unflowed } from './mail-reading.js';
import { mailTime } from './mail-time.js';
import { normaliseMail } from './mail.normalise.js';
import { parseMime, splitMultipart } from './mime-tree.js';
import { decodeQuotedPrintable } from './transfer-encoding.js';

const folder = new URL('../fixtures/mail/', import.meta.url);
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => ({ name, bytes: readFileSync(new URL(name, folder)) }));

describe('mailparser sees the same', () => {
  const addresses = (list: AddressObject | AddressObject[] | undefined): string[] =>
    [list ?? []].flat().flatMap(({ value }) => value.flatMap(({ address }) => address ?? []));

  // where it is known to be wrong: mislabelled bytes (12), an unknown charset (13)
  it.each(samples.filter(({ name }) => !/^1[23]-/.test(name)))('in $name', async ({ bytes }) => {
    const theirs = await simpleParser(bytes, { skipImageLinks: true, skipTextToHtml: true });
    const ours = readMail(bytes);
    expect(ours.subject?.normalize('NFC')).toBe(theirs.subject?.normalize('NFC'));
    expect(ours.from?.address).toBe(addresses(theirs.from)[0]);
    expect(ours.to.map(({ address }) => address)).toEqual(addresses(theirs.to));
    const files = theirs.attachments.filter(({ contentType }) => !contentType.startsWith('text/rfc822'));
    if (!ours.report) {
      expect(ours.attachments.map(({ fileName }) => fileName ?? undefined)).toEqual(
        files.map(({ filename }) => filename),
      );
      expect(ours.attachments.map(({ bytes: content }) => content)).toEqual(files.map(({ content }) => content));
      const words = (text: string | null | undefined) => (text ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
      if (ours.text !== null) expect(words(ours.text)).toBe(words(theirs.text));
    }
  });
});

describe('any bytes', () => {
  const account = { tenant: 't', channel: 'email', vendor: 'smtp', id: 'a@b.example', settings: {}, ownNumbers: [] };
  const envelope = { from: null, to: [], authentication: 'pass', fallbackId: 'sha256:x', vendorData: {} } as const;
  const read = (bytes: Buffer): void => {
    try {
      const { events } = normaliseMail(readMail(bytes), envelope, account);
      for (const { data } of events) JSON.stringify(data);
    } catch (error) {
      if (!(error instanceof MalformedPayload)) throw error;
    }
  };

  it('are a mail or malformed, never an error of ours', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => read(Buffer.from(bytes))),
      { numRuns: 300 },
    );
  });

  it('of a sample with pieces cut out, doubled or changed too', () => {
    const piece = fc.record({
      sample: fc.nat(),
      from: fc.nat(),
      length: fc.nat(200),
      put: fc.uint8Array({ maxLength: 60 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
        let bytes = samples[pieces[0]!.sample % samples.length]!.bytes;
        for (const { from, length, put } of pieces) {
          const at = from % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]);
        }
        read(bytes);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('bombs', () => {
  it.each([
    ['nested messages', 'Content-Type: message/rfc822\r\n\r\n'.repeat(40)],
    ['parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(700)}`],
    ['headers', `X: ${'y'.repeat(300_000)}\r\n\r\n`],
  ])('of %s are malformed', (_what, mail) => {
    expect(() => parseMime(Buffer.from(mail))).toThrow(MalformedPayload);
  });

  it('of delimiters without line ends take no time', () => {
    const started = performance.now();
    splitMultipart(Buffer.from(`--b\r\n${'--b'.repeat(400_000)}`), 'b');
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('charsets', () => {
  it.each(['utf-16le', 'utf-7', 'gb18030'])('%s is read by its label', (charset) => {
    expect(decodeText(iconv.encode('Đổi hàng', charset), charset)).toEqual({ text: 'Đổi hàng', guessed: false });
  });

  it('windows-1258 writes accents after their letters, which are joined', () => {
    expect(decodeText(Buffer.from([0xd0, 0xf4, 0xd2, 0x69]), 'windows-1258')).toEqual({ text: 'Đổi', guessed: false });
  });

  it('UTF-8 wins over every label, and a guess is marked', () => {
    expect(decodeText(Buffer.from('Đổi'), 'iso-8859-1')).toEqual({ text: 'Đổi', guessed: false });
    expect(decodeText(Buffer.from('Đổi'), 'x-unknown-vn')).toEqual({ text: 'Đổi', guessed: true });
    expect(decodeText(Buffer.from([0xd0, 0xf4]), 'x-unknown-vn').guessed).toBe(true);
  });

  it('leaves no control characters and no halves of characters', () => {
    expect(decodeText(Buffer.from('a\u0000b\r\nc\u202f\ufeff')).text).toBe('ab\nc\u202f');
  });
});

describe('headers', () => {
  it('join words that were split in the middle of a character', () => {
    const bytes = Buffer.from('Đổi size');
    const word = (part: Buffer) => `=?UTF-8?B?${part.toString('base64')}?=`;
    expect(headerText(`Re: ${word(bytes.subarray(0, 3))} ${word(bytes.subarray(3))} xong`)).toBe('Re: Đổi size xong');
  });

  it('have parameters in pieces, with charset, quoted and bare', () => {
    const { value, params } = headerValue(
      `Attachment; filename*0*=UTF-8''H%C3%B3a%20; filename*1="đơn.pdf"; size=3; x="a;\\"b"`.replace('đơn', 'don'),
    );
    expect([value, ...params]).toEqual(['attachment', ['size', '3'], ['x', 'a;"b'], ['filename', 'Hóa don.pdf']]);
  });

  it('name people after splitting, so that an encoded comma separates nothing', () => {
    expect(addressesIn('=?UTF-8?Q?L=C3=AA=2C_Th=E1=BB=8B?= <le@A.Example>, b@c.example, không phải')).toEqual([
      { address: 'le@a.example', name: 'Lê, Thị' },
      { address: 'b@c.example', name: null },
    ]);
  });

  it('name messages with brackets, however they came', () => {
    expect(messageId('out.1@shop.example')).toBe('<out.1@shop.example>');
    expect(messageId(' <out.1@shop.example> ')).toBe('<out.1@shop.example>');
    expect([messageId('<>'), messageId('a b'), messageId(null)]).toEqual([null, null, null]);
    expect(messageIds('<a@b.c> junk <d@e.f>\t<a@b.c>')).toEqual(['<a@b.c>', '<d@e.f>']);
  });

  it('hold a reply token only of its own shape', () => {
    expect(replyTokenOf(['cskh+tin@shop.example', 'cskh+t.Zk3vQ9@shop.example'])).toBe('Zk3vQ9');
    expect(replyTokenOf(['cskh+t.x@shop.example', 't.Zk3vQ9@shop.example'])).toBeNull();
  });

  it.each([
    ['Mon, 3 Mar 2025 09:15:00 +0700', '2025-03-03T02:15:00.000Z'],
    ['3 Mar 2025 09:15:00 +0700 (ICT)', '2025-03-03T02:15:00.000Z'],
    ['Mon, 3 Mar 2025 09:15:00', '2025-03-03T02:15:00.000Z'],
    ['Mon, 3 Mar 2025 02:15:00 GMT', '2025-03-03T02:15:00.000Z'],
  ])('date %s', (text, iso) => expect(new Date(mailTime(text)!).toISOString()).toBe(iso));

  it('date of nothing', () => expect([mailTime('hôm qua'), mailTime(null)]).toEqual([null, null]));
});

describe('bodies', () => {
  it('in quoted-printable keep what is broken, and drop spaces that were added', () => {
    const read = (text: string) => decodeQuotedPrintable(Buffer.from(text)).toString();
    expect(read('a=3Db=\r\nc  \r\nd=ZZ=C3=A1=')).toBe('a=bc\r\nd=ZZá');
  });

  it('flow together within one depth of quotes', () => {
    expect(unflowed('một \nhai\n> ba \n> bốn\n-- \nký', false)).toBe('một hai\n> ba bốn\n-- \nký');
    expect(unflowed('một \nhai', true)).toBe('mộthai');
  });

  it('end at delimiters that stand on a line of their own', () => {
    const parts = splitMultipart(Buffer.from('preamble\n--b\nx --b y\n--bb\nz\n--b  \n\n--b--\nepilogue'), 'b');
    expect(parts.map(String)).toEqual(['x --b y\n--bb\nz', '']);
  });
});

describe('names of attachments', () => {
  it.each([
    ['../../etc/passwd.exe', 'passwd.exe'],
    ['C:\\Windows\\a.txt', 'a.txt'],
    ['.htaccess', 'htaccess'],
    ['con.txt', '_con.txt'],
    ['hóa đơn\u202Efdp.exe', 'hóa đơnfdp.exe'],
    ['a\u0000b|c?.pdf', 'abc.pdf'],
    ['..', 'attachment-3.pdf'],
    [null, 'attachment-3.pdf'],
  ])('%j', (given, safe) => expect(safeName(given, 'application/pdf', 3)).toBe(safe));

  it('are short and keep their extension', () => {
    const name = safeName(`${'đ'.repeat(400)}.docx`, 'x/y', 1);
    expect([name.length, name.endsWith('.docx')]).toEqual([150, true]);
  });
});
