import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ChannelAccount, DraftEvent, Normalised } from '@lienmach/adapter-kit';
import type { MessageData, ReceiptData } from '@lienmach/contracts';
import { readMail } from './mail-reading.js';
import { normaliseMail } from './mail.normalise.js';
import type { MailEnvelope } from './mail.payload.js';

const account: ChannelAccount<object> = {
  tenant: 'demo',
  channel: 'email',
  vendor: 'smtp',
  id: 'cskh@shop.example',
  settings: {},
  ownNumbers: ['cskh@shop.example', 'ban-hang@shop.example'],
};
const envelope: MailEnvelope = {
  from: 'khach.a@khach.example',
  to: ['cskh@shop.example'],
  authentication: 'none',
  fallbackId: 'sha256:0',
  vendorData: {},
};

const sample = (name: string): Buffer => readFileSync(new URL(`../fixtures/mail/${name}.eml`, import.meta.url));
const normalised = (mail: string | Buffer, told: Partial<MailEnvelope> = {}): Normalised =>
  normaliseMail(readMail(Buffer.from(mail)), { ...envelope, ...told }, account);
const only = (result: Normalised): DraftEvent => {
  expect(result).toMatchObject({ events: [expect.anything()], unknown: [], malformed: [] });
  return result.events[0]!;
};
const message = (mail: string | Buffer, told?: Partial<MailEnvelope>): DraftEvent<MessageData> =>
  only(normalised(mail, told)) as DraftEvent<MessageData>;
const text = (lines: readonly string[], body = 'x'): string => `${lines.join('\r\n')}\r\n\r\n${body}`;

describe('the samples', () => {
  it.each([
    ['01-vi-utf8-8bit', 'Hỏi về đơn hàng DH-2025-0001', 'Chào shop,\n\nĐơn hàng DH-2025-0001 của tôi đến đâu rồi ạ?'],
    ['02-vi-quoted-printable', 'Yêu cầu hoàn tiền đơn hàng DH-2025-0002', 'Chào anh/chị,\n\nTôi muốn hoàn tiền'],
    ['03-vi-base64', 'Giờ mở cửa & đổi size', 'Xin chào,\n\nCho tôi hỏi giờ mở cửa'],
    ['09-html-only', 'Đặt hàng', 'Tôi muốn đặt 2 chai.\nĐịa chỉ:\n12 Đường Mẫu, Quận 1\n'],
    ['11-charset-windows-1258', 'Đổi hàng', 'Tôi cần hỗ trợ đổi hàng. Tiếng Việt có dấu.'],
    ['12-charset-mislabelled-utf8-as-latin1', 'Đơn hàng chưa tới', 'Nội dung là UTF-8 nhưng khai báo iso-8859-1'],
    ['13-no-message-id-no-date-unknown-charset', '(khong co ma)', 'Thư không có Message-ID, không có Date'],
    ['16-vi-nfd-normalization', 'Hủy đơn hàng', 'Tôi muốn hủy đơn hàng DH-2025-0005.'],
  ])('%s: subject and text are right, in NFC', (name, subject, beginning) => {
    const { data } = message(sample(name));
    expect(data.subject).toBe(subject);
    expect(data.content.text?.startsWith(beginning)).toBe(true);
    expect(data.content.text).toBe(data.content.text?.normalize('NFC'));
  });

  it('04: a Gmail reply without its quote, in the thread of its first reference', () => {
    const { data } = message(sample('04-gmail-vi-reply-chain'));
    expect(data).toMatchObject({
      thread: '<s01.20250303@khach.example>',
      vendorEventId: '<s04.20250303@mail.khach.example>',
      content: { text: 'Cảm ơn shop, tôi đã nhận được hàng rồi ạ.', replyTo: '<out.0001.a@shop.example>' },
      replyToken: 'Zk3vQ9',
    });
    expect(data.fullText).toContain('Đơn DH-2025-0001 đã giao lúc 13:50');
  });

  it('05: an Outlook reply of a person, though it suppresses automatic answers', () => {
    expect(message(sample('05-outlook-vi-reply')).data).toMatchObject({
      automatic: null,
      content: { text: 'Em kiểm tra lại giúp chị, size M chị mặc bị chật.' },
      vendorData: { suppressAutoResponse: 'DR, OOF, AutoReply' },
    });
  });

  it('06: an out-of-office note is automatic', () => {
    expect(message(sample('06-auto-reply-ooo')).data.automatic).toBe('auto-reply');
  });

  it('07: a bounce is the failure of the mail that it names', () => {
    const { type, data } = only(normalised(sample('07-dsn-bounce-hard')));
    expect([type, (data as ReceiptData).targets]).toEqual(['message.failed', ['<out.0007.a@shop.example>']]);
    expect((data as ReceiptData).reason).toMatch(
      /^khong\.ton\.tai@khach\.example: 5\.1\.1: 550 5\.1\.1 .*User unknown$/,
    );
  });

  it('08: what may still arrive has not failed', () => {
    expect(normalised(sample('08-dsn-delayed-not-final'))).toMatchObject({
      events: [],
      unknown: ['delivery report delayed'],
    });
  });

  it('10: attachments have safe names, the inline image among them, their bytes named by hash', () => {
    const result = normalised(sample('10-attachments-vi-filenames'));
    const { content, vendorData } = (only(result) as DraftEvent<MessageData>).data;
    expect(content.attachments.map(({ kind, name }) => [kind, name])).toEqual([
      ['image', 'anh.png'],
      ['file', 'Hóa đơn tháng ba 2025.pdf'],
      ['file', 'Bảng kê chi tiết.pdf'],
      ['file', 'passwd.exe'],
      ['file', 'attachment-5.pdf'],
    ]);
    expect(vendorData).toMatchObject({ originalNames: ['../../etc/passwd.exe'] });
    const kept = new Set(result.files?.map(({ sha256 }) => `sha256:${sha256}`));
    expect(new Set(content.attachments.map(({ vendorId }) => vendorId))).toEqual(kept);
    expect(kept.size).toBe(3);
  });

  it('13: without Message-ID and Date the fallback id and the receipt stand in', () => {
    const { time, data } = message(sample('13-no-message-id-no-date-unknown-charset'));
    expect({ time, data }).toMatchObject({
      time: null,
      data: { vendorEventId: 'sha256:0', thread: 'sha256:0', vendorData: { undated: true, guessedCharset: true } },
    });
  });

  it('14: a token without references, soft line breaks joined', () => {
    expect(message(sample('14-plus-token-reply-no-references')).data).toMatchObject({
      thread: '<s14.20250303@khach.example>',
      replyToken: 'Zk3vQ9',
      content: {
        text: 'Dòng này được bẻ mềm theo format=flowed nên khi hiển thị phải nối lại thành một dòng.\nDòng cứng.',
      },
    });
  });

  it('15: our own mail come back hangs on nobody and is no mail of a person', () => {
    const event = message(sample('15-mail-loop'));
    expect(event.identifier).toBeUndefined();
    expect(event.data).toMatchObject({
      author: { kind: 'system', identifiers: [] },
      participants: [],
      automatic: 'list',
      vendorData: { loop: true },
    });
  });

  it('17: a read receipt', () => {
    const { type, data } = only(normalised(sample('17-read-receipt-mdn')));
    expect([type, (data as ReceiptData).targets]).toEqual(['message.read', ['<out.0003.a@shop.example>']]);
  });

  it('18: a message inside is a file and stands in the full text alone', () => {
    const { data } = message(sample('18-forwarded-rfc822-attachment'));
    expect(data.content).toMatchObject({
      text: 'Nhờ bộ phận CSKH xử lý giúp.',
      attachments: [{ name: 'khieu-nai.eml', contentType: 'message/rfc822' }],
    });
    expect(data.fullText).toContain('Subject: Khiếu nại');
    expect(data.fullText).toContain('Tôi không hài lòng với dịch vụ.');
  });
});

describe('who wrote', () => {
  const head = ['From: Lan <lan@khach.example>', 'To: cskh@shop.example', 'Message-ID: <m1@khach.example>'];

  it('is the address where From is proven', () => {
    const event = message(text(head), { authentication: 'pass' });
    expect(event).toMatchObject({ subject: 'lan@khach.example', identifier: 'email::lan@khach.example', claims: [] });
    expect(event.data.author).toEqual({
      kind: 'customer',
      identifiers: [{ type: 'email', scope: null, value: 'lan@khach.example' }],
      name: 'Lan',
    });
  });

  it.each(['none', 'fail'] as const)(
    'is the thread where the verdict is %s, and the address a claim',
    (authentication) => {
      const event = message(text(head), { authentication });
      expect(event).toMatchObject({
        identifier: 'mail_thread:cskh@shop.example:<m1@khach.example>',
        claims: [{ type: 'email', value: 'lan@khach.example', where: 'header' }],
      });
    },
  );

  it('is nobody proven where two addresses or two headers stand in From', () => {
    const second = text(['From: Giả <boss@khach.example>', ...head]);
    const list = text(['From: a@khach.example, lan@khach.example', ...head.slice(1)]);
    for (const mail of [second, list])
      expect(message(mail, { authentication: 'pass' }).data).toMatchObject({
        authentication: 'none',
        author: { identifiers: [{ type: 'mail_thread' }] },
      });
  });

  it('claims the address that the answer shall go to', () => {
    const { claims } = message(text([...head, 'Reply-To: chong.lan@khach.example']), { authentication: 'pass' });
    expect(claims).toEqual([{ type: 'email', value: 'chong.lan@khach.example', where: 'header' }]);
  });

  it("is the customer behind a form of the business's own site", () => {
    const form = text(['From: cskh@shop.example', 'Reply-To: Lan <lan@khach.example>', 'To: cskh@shop.example']);
    expect(message(form)).toMatchObject({
      data: { author: { kind: 'customer', name: 'Lan' }, direction: 'inbound' },
      claims: [{ value: 'lan@khach.example' }],
    });
  });

  it('is an agent where an address of ours is proven, and else stops no clock', () => {
    const mail = text([
      'From: Ban hang <ban-hang@shop.example>',
      'To: lan@khach.example',
      'Message-ID: <a1@shop.example>',
    ]);
    expect(message(mail, { authentication: 'pass' })).toMatchObject({
      type: 'message.sent',
      identifier: 'email::lan@khach.example',
      data: { direction: 'outbound', author: { kind: 'agent', identifiers: [] } },
    });
    expect(message(mail, { authentication: 'none' })).toMatchObject({
      type: 'message.received',
      data: { direction: 'inbound', author: { kind: 'customer', identifiers: [{ type: 'mail_thread' }] } },
    });
  });

  it('takes everyone else along as a participant, but not the business', () => {
    const { data } = message(text([...head, 'Cc: Minh <minh@khach.example>, CSKH <cskh+t.abcd@SHOP.example>']));
    expect(data.participants).toEqual([
      { kind: 'customer', identifiers: [{ type: 'email', scope: null, value: 'minh@khach.example' }], name: 'Minh' },
    ]);
  });
});

it('counts the address that a mail came to as ours, whatever the account is called', () => {
  const other = { ...account, id: 'acme', ownNumbers: [] };
  const mail = readMail(Buffer.from(text(['From: lan@khach.example', 'To: cskh+t.Zk3vQ9@shop.example'])));
  const told = { ...envelope, to: ['cskh+t.Zk3vQ9@shop.example'] };
  expect(only(normaliseMail(mail, told, other)).data).toMatchObject({ participants: [], replyToken: 'Zk3vQ9' });
});

describe('what is automatic', () => {
  const with_ = (...lines: string[]) =>
    message(text(['From: a@khach.example', 'Message-ID: <auto@khach.example>', ...lines])).data.automatic;

  it.each([
    ['auto-reply', 'Auto-Submitted: auto-replied (vacation)'],
    ['auto-reply', 'Auto-Submitted: auto-generated'],
    ['auto-reply', 'X-Autoreply: yes'],
    ['auto-reply', 'Subject: Automatic reply: Re: DH1'],
    ['list', 'List-Id: <tin.shop.example>'],
    ['list', 'List-Unsubscribe: <mailto:x@y.example>'],
    ['list', 'Precedence: bulk'],
    ['calendar', 'Content-Type: text/calendar; method=REQUEST'],
  ])('%s by %s', (kind, line) => expect(with_(line)).toBe(kind));

  it.each([
    'Auto-Submitted: no',
    'X-Auto-Response-Suppress: All',
    'Subject: Trả lời: tự động hóa',
    'Precedence: first-class',
  ])('not by %s', (line) => expect(with_(line)).toBeNull());

  it('by an empty sender of the envelope', () => {
    expect(message(text(['From: a@khach.example']), { from: '' }).data.automatic).toBe('auto-reply');
  });
});

describe('reports', () => {
  const report = (type: string, part: string, original: string) =>
    [
      'From: MAILER-DAEMON@mx.example',
      'Message-ID: <report@mx.example>',
      `Content-Type: multipart/report; report-type=x; boundary=b`,
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'words',
      '--b',
      `Content-Type: ${type}`,
      '',
      part,
      '--b',
      'Content-Type: message/rfc822',
      '',
      original,
      '--b--',
      '',
    ].join('\r\n');
  const status = (...actions: string[]) =>
    [
      'Reporting-MTA: dns; mx',
      ...actions.map((action) => `\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: ${action}`),
    ].join('\r\n');
  const ours = 'Message-ID: <out.1@shop.example>\r\nReferences: <root@khach.example> <x@y.example>\r\n\r\nx';

  it('belong to the thread of the mail that they are about', () => {
    const { data } = only(normalised(report('message/delivery-status', status('failed'), ours)));
    expect(data).toMatchObject({ thread: '<root@khach.example>', targets: ['<out.1@shop.example>'] });
  });

  it('tell of several recipients what is final', () => {
    const { events, unknown } = normalised(
      report('message/delivery-status', status('failed', 'delivered', 'relayed'), ours),
    );
    expect([events.map(({ type }) => type), unknown]).toEqual([
      ['message.failed', 'message.delivered'],
      ['delivery report relayed'],
    ]);
  });

  it('that name no mail of ours are shown as what they are', () => {
    const { data, type } = only(normalised(report('message/delivery-status', status('failed'), 'Subject: x\r\n\r\nx')));
    expect([type, (data as MessageData).content.text]).toEqual(['message.received', 'words']);
  });

  it('of a mail that was deleted unread say nothing of reading', () => {
    const part = 'Disposition: manual-action/MDN-sent-manually; deleted\r\nOriginal-Message-ID: <out.1@shop.example>';
    expect(normalised(report('message/disposition-notification', part, ours)).unknown).toEqual(['disposition deleted']);
  });
});
