import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { OutboundReply } from '@lienmach/adapter-kit';
import { authenticate } from 'mailauth';
import { mailBytes } from './mail.sender.js';
import { readMail } from './mail-reading.js';
import { normaliseMail } from './mail.normalise.js';
import { replyMailIds, replyMailOf, type ReplyMail } from './reply-mail.rules.js';

const ID = '0f6d2c1e-6c2f-4b0a-9d38-0a6f1f5f7a01';
const TOKEN = '5b0f6d2c1e6c2f4b0a9d380a6f1f5f7a';
const account = { id: 'cskh@shop.example', settings: { from: 'Cửa hàng <cskh@shop.example>' } };
const answers = {
  vendorEventId: '<q2@khach.example>',
  subject: 'Đơn DH1024',
  references: ['<q1@khach.example>'],
  vendorData: { from: 'an@khach.example' },
};
const reply: OutboundReply = {
  id: ID,
  thread: '<q1@khach.example>',
  to: { type: 'email', scope: null, value: 'an@khach.example' },
  text: 'Dạ chiều nay giao ạ\n\nCảm ơn anh chị',
  attachments: [],
  lastCustomerAt: 0,
  replyTo: null,
  answers,
  subject: null,
  replyToken: TOKEN,
};
const mailOf = (changed: Partial<OutboundReply> = {}, settings: object = {}, id = account.id): ReplyMail =>
  replyMailOf({ ...reply, ...changed }, { id, settings: { ...account.settings, ...settings } }) as ReplyMail;
const unproven = { type: 'mail_thread', scope: account.id, value: '<q1@khach.example>' } as const;

describe('a reply as a mail', () => {
  it('names what it answers and where its own answer shall go', () => {
    expect(mailOf()).toEqual({
      messageId: `<${ID}@shop.example>`,
      from: { address: 'cskh@shop.example', name: 'Cửa hàng' },
      to: 'an@khach.example',
      replyTo: `cskh+t.${TOKEN}@shop.example`,
      subject: 'Re: Đơn DH1024',
      inReplyTo: '<q2@khach.example>',
      references: ['<q1@khach.example>', '<q2@khach.example>'],
      text: reply.text,
    });
    expect(replyMailIds(reply, account)).toEqual([mailOf().messageId]);
  });

  it.each([
    ['RE: re: Trả lời: Đơn', 'Re: Đơn'],
    ['Re[2]: Đơn', 'Re: Đơn'],
    ['Fwd: Đơn', 'Re: Fwd: Đơn'],
    ['Relay: Đơn', 'Re: Relay: Đơn'],
    [null, 'Re:'],
  ])('to %j has the subject %j', (subject, expected) => {
    expect(mailOf({ answers: { ...answers, subject } }).subject).toBe(expected);
  });

  it('goes to a proven address itself, else to the one that asked for it, else to the unproven From', () => {
    const vendorData = { from: 'form@shop.example', replyTo: ['binh@khach.example'] };
    expect(mailOf({ answers: { ...answers, vendorData } }).to).toBe('an@khach.example');
    expect(mailOf({ to: unproven, answers: { ...answers, vendorData } }).to).toBe('binh@khach.example');
    expect(mailOf({ to: unproven }).to).toBe('an@khach.example');
    for (const nothing of [null, { ...answers, vendorData: { from: 7, replyTo: 'no list' } }])
      expect(mailOf({ to: unproven, answers: nothing })).toEqual({
        problem: expect.stringMatching(/^address-missing: /) as unknown,
      });
  });

  it('has the token only where a plus address comes back', () => {
    expect(mailOf({}, { plusAddresses: false }).replyTo).toBeNull();
    expect(mailOf({}, { from: 'shop@brand.example' }).replyTo).toBe(`cskh+t.${TOKEN}@shop.example`);
    expect(mailOf({}, { from: 'shop@brand.example', plusAddresses: false }).replyTo).toBe('cskh@shop.example');
    expect(mailOf({ replyToken: null }).replyTo).toBeNull();
    expect(mailOf({}, {}, `${'a'.repeat(40)}@shop.example`).replyTo).toBe(`${'a'.repeat(40)}@shop.example`);
    expect(mailOf({}, {}, 'no-address').replyTo).toBeNull();
  });

  it('that begins a thread has the subject it was given and answers nothing', () => {
    expect(mailOf({ subject: 'Mã xác nhận', answers: null })).toMatchObject({
      subject: 'Mã xác nhận',
      inReplyTo: null,
      references: [],
    });
  });

  it('needs a sender', () => {
    expect(replyMailOf(reply, { id: 'inbox-7', settings: {} })).toEqual({
      problem: expect.stringMatching(/^sender-missing: /) as unknown,
    });
    expect(replyMailIds(reply, { id: 'inbox-7', settings: {} })).toEqual([]);
  });

  it('names no id that a vendor made up, and of many the first and the newest', () => {
    expect(mailOf({ answers: { ...answers, vendorEventId: 'postmark:73e6' } })).toMatchObject({
      inReplyTo: null,
      references: [],
    });
    const references = Array.from({ length: 60 }, (_, at) => `<r${at}@khach.example>`);
    const named = mailOf({ answers: { ...answers, references } }).references;
    expect(named).toEqual(['<r0@khach.example>', ...references.slice(42), '<q2@khach.example>']);
    expect(named).toHaveLength(20);
  });
});

describe('its bytes', () => {
  it('are read by our own door as a mail that answers the customer', async () => {
    const bytes = await mailBytes(mailOf(), [], undefined, Date.UTC(2026, 10, 20, 2));
    const envelope = {
      from: 'cskh@shop.example',
      to: [],
      authentication: 'pass',
      fallbackId: 'x',
      vendorData: {},
    } as const;
    const shop = { tenant: 't', channel: 'email', vendor: 'smtp', ownNumbers: [], ...account };
    const [event] = normaliseMail(readMail(bytes), envelope, shop).events;
    expect(event).toMatchObject({
      type: 'message.sent',
      identifier: 'email::an@khach.example',
      time: Date.UTC(2026, 10, 20, 2),
      data: {
        vendorEventId: `<${ID}@shop.example>`,
        thread: '<q1@khach.example>',
        references: ['<q1@khach.example>', '<q2@khach.example>'],
        author: { name: 'Cửa hàng' },
        content: { text: reply.text, replyTo: '<q2@khach.example>' },
        subject: 'Re: Đơn DH1024',
      },
    });
    const head = bytes.toString('latin1').split('\r\n\r\n')[0]!;
    expect(head).not.toMatch(/^(auto-submitted|precedence|bcc):/im);
    expect(head).toMatch(/^content-type: text\/plain; charset=utf-8/im);
    // no line of it is longer than SMTP takes
    expect(
      Math.max(
        ...bytes
          .toString('latin1')
          .split('\r\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThan(200);
  });

  it('carry files under their names', async () => {
    const files = [
      { filename: 'Biểu phí giao hàng.pdf', contentType: 'application/pdf', content: Buffer.from([0, 255, 10, 13]) },
      { filename: 'chữ.txt', contentType: 'text/plain', content: Buffer.from('Dạ\n') },
    ];
    const mail = readMail(await mailBytes(mailOf(), files, undefined, 0));
    expect(mail.text?.trim()).toBe(reply.text);
    expect(
      mail.attachments.map(({ fileName, contentType, bytes }) => ({ filename: fileName, contentType, content: bytes })),
    ).toEqual(files);
    const alone = readMail(await mailBytes(mailOf({ text: '' }), files.slice(0, 1), undefined, 0));
    expect(alone.attachments).toHaveLength(1);
    expect((alone.text ?? '').trim()).toBe('');
  });

  it('let nothing of a text or a subject become a header', async () => {
    const subject = 'Đơn\r\nBcc: ke-gian@evil.example';
    const bytes = await mailBytes(mailOf({ answers: { ...answers, subject } }), [], undefined, 0);
    expect(bytes.toString('latin1').split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im);
  });

  it('are signed by the domain of the account', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const bytes = await mailBytes(mailOf(), [], { domain: 'shop.example', selector: 's1', privateKey }, 0);
    const asked: string[] = [];
    const resolver = (name: string) => {
      asked.push(name);
      if (name === 's1._domainkey.shop.example')
        return Promise.resolve([[`v=DKIM1; p=${publicKey.toString('base64')}`]]);
      return Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));
    };
    const { dkim } = await authenticate(bytes, { ip: '127.0.0.1', helo: 'x', sender: '', resolver: resolver });
    expect(dkim.results.map(({ status, signingDomain }) => [status.result, signingDomain])).toEqual([
      ['pass', 'shop.example'],
    ]);
    expect(asked).toContain('s1._domainkey.shop.example');
  });
});
