import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts } from '@lienmach/tools';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import {
  MailServer,
  NameServer,
  Pipeline,
  demo,
  startStack,
  temporaryFolder,
  waitUntil,
  type Conversation,
  type TimelineItem,
} from '../support/index.js';

const SHOP = 'cskh@shop.example';
const CUSTOMER = 'an@khach.example';
const ROOT = '<q1@khach.example>';

describe('a reply by mail', () => {
  let mail: MailServer;
  let names: NameServer;
  let pipeline: Pipeline;
  let door: Transporter;
  let conversation: string;

  beforeAll(async () => {
    mail = await MailServer.start();
    names = await NameServer.start({ 'khach.example': 'v=spf1 ip4:127.0.0.1 -all' });
    const [port] = (await freePorts(1)) as [number];
    const file = join(temporaryFolder('accounts'), 'accounts.json');
    const account = { channel: 'email', vendor: 'smtp', id: SHOP, smtp: { host: '127.0.0.1', port: mail.port } };
    writeFileSync(file, JSON.stringify({ tenants: [{ id: demo.tenant, name: demo.tenant, accounts: [account] }] }));
    pipeline = new Pipeline(
      await startStack(['core', 'adapter-email'], {
        ACCOUNTS_FILE: file,
        EMAIL_SMTP_PORT: String(port),
        EMAIL_DNS_SERVERS: names.address,
      }),
    );
    door = createTransport({ host: '127.0.0.1', port, requireTLS: true, tls: { rejectUnauthorized: false } });
    await write({ messageId: ROOT, subject: 'Đơn DH1024', text: 'Đơn của em đâu rồi ạ?' });
    conversation = await waitUntil('the conversation', async () => {
      const [person] = await pipeline.api.peopleOf('email', CUSTOMER);
      return person && (await pipeline.api.person(person)).conversations[0]?.id;
    });
  }, 120_000);

  afterAll(async () => {
    door?.close();
    await pipeline?.stop();
    await mail?.stop();
    await names?.stop();
  }, 30_000);

  // the date of a mail has whole seconds: each is after whatever came before it
  let written = 0;
  const later = (): Date => new Date(Date.now() + (written += 1) * 2_000);
  const write = (options: SendMailOptions) =>
    door.sendMail({ from: `An <${CUSTOMER}>`, to: SHOP, date: later(), ...options });
  const items = async (): Promise<TimelineItem[]> => (await pipeline.api.conversation(conversation)).items;
  const itemWith = (what: string, fits: (item: TimelineItem) => boolean): Promise<TimelineItem> =>
    waitUntil(what, async () => (await items()).find(fits));
  const delivery = (id: string, state: string) =>
    itemWith(`the reply to be ${state}`, (item) => item.id === id && item.delivery === state);

  /** An agent answers; returns the mail that it became. */
  async function answer(text: string) {
    const path = `/v1/conversations/${conversation}/replies`;
    const reply = await pipeline.api.post<{ id: string }>(path, { text }, { 'idempotency-key': randomUUID() });
    expect(reply).toMatchObject({ conversationId: conversation, channel: 'email', warnings: [] });
    await delivery(reply.id, 'sent');
    const [sent, ...more] = mail.of(reply.id);
    expect(more).toEqual([]);
    return { id: reply.id, ...sent! };
  }

  it('goes out in the thread, and the answer of the customer comes back into it', async () => {
    const { id, headers, to } = await answer('Dạ chiều nay giao ạ');
    expect(to).toEqual([CUSTOMER]);
    expect(headers).toMatchObject({ 'in-reply-to': ROOT, references: ROOT, from: SHOP });
    const messageId = headers['message-id']!;
    await write({
      messageId: '<q2@khach.example>',
      subject: 'Re: Đơn DH1024',
      inReplyTo: messageId,
      references: [ROOT, messageId],
      text: 'Dạ em cảm ơn, mấy giờ vậy ạ?',
    });
    const answered = await itemWith('the answer', ({ text }) => text?.includes('mấy giờ') === true);
    expect(answered).toMatchObject({ thread: ROOT, type: 'message.received' });

    await write({
      messageId: '<mdn@khach.example>',
      to: SHOP,
      subject: 'Read',
      raw: readReceipt(messageId),
      envelope: { from: CUSTOMER, to: SHOP },
    });
    await delivery(id, 'read');
    const { segments }: Conversation = await pipeline.api.conversation(conversation);
    expect(segments.map(({ thread, linkedBy }) => [thread, linkedBy])).toEqual([[ROOT, null]]);
  }, 60_000);

  it.each([
    ['References alone', (sent: Record<string, string>) => ({ references: [sent['message-id']!] })],
    ['the plus token alone', (sent: Record<string, string>) => ({ to: sent['reply-to']! })],
  ])('is found by %s, and the answer joins the conversation', async (by, options) => {
    const { headers } = await answer(`Dạ, ${by}`);
    const messageId = `<${randomUUID()}@khach.example>`;
    await write({ messageId, subject: 'Hỏi thêm', text: `Hỏi thêm: ${by}`, ...options(headers) });
    const item = await itemWith('the answer', ({ text }) => text === `Hỏi thêm: ${by}`);
    expect(item.thread).not.toBe(ROOT);
    const { segments, personId } = await pipeline.api.conversation(conversation);
    expect(segments.find(({ thread }) => thread === item.thread)?.linkedBy).toBe('reference');
    expect(await pipeline.api.peopleOf('email', CUSTOMER)).toEqual([personId]);
  });

  it('that bounces turns to failed, with what the other server said', async () => {
    const { id, headers } = await answer('Dạ 15 giờ ạ');
    await write({ raw: bounce(headers['message-id']!), envelope: { from: '', to: SHOP } });
    expect(await delivery(id, 'failed')).toMatchObject({ reason: expect.stringContaining('5.1.1') as unknown });
  }, 60_000);
});

const report = (type: string, fields: string, original: string): string =>
  [
    'From: Mail Delivery System <mailer-daemon@khach.example>',
    `To: ${SHOP}`,
    'Subject: report',
    `Message-ID: <${randomUUID()}@khach.example>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary="b"`,
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'A report.',
    '--b',
    `Content-Type: message/${type}`,
    '',
    fields,
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${original}`,
    `References: ${ROOT}`,
    '',
    '--b--',
    '',
  ].join('\r\n');

const bounce = (original: string): string =>
  report(
    'delivery-status',
    `Reporting-MTA: dns; mx.khach.example\r\n\r\nFinal-Recipient: rfc822; ${CUSTOMER}\r\nAction: failed\r\nStatus: 5.1.1\r\n`,
    original,
  );
const readReceipt = (original: string): string =>
  report(
    'disposition-notification',
    `Final-Recipient: rfc822; ${CUSTOMER}\r\nOriginal-Message-ID: ${original}\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n`,
    original,
  );
