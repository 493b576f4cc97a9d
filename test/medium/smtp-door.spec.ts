import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTransport, type Transporter } from 'nodemailer';
import type { ChannelEvent, MessageData } from '@lienmach/contracts';
import { headerText, kafkaConnectionFromEnv, readToEnd, type KafkaRecord } from '@lienmach/kafka';
import { freePorts, type AppProcess } from '@lienmach/tools';
import { createTopics, newSettings, startApp, temporaryFolder, type Settings } from '../support/index.js';

jest.setTimeout(120_000);

const MAILBOX = 'cskh@shop.example';
const FROM = 'Khách A <khach.a@khach.example>';

/** Every line that the door says until it closes or `QUIT` is answered. */
function talk(port: number, lines: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    const left = [...lines, 'QUIT'];
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        said.push(text.slice(0, end));
        text = text.slice(end + 2);
        const next = /^\d{3} /.test(said.at(-1) ?? '') ? left.shift() : undefined;
        if (next !== undefined) socket.write(`${next}\r\n`);
      }
    });
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
  });
}

describe('the SMTP door', () => {
  let settings: Settings;
  let app: AppProcess;
  let port: number;
  let client: Transporter;

  beforeAll(async () => {
    [port] = (await freePorts(1)) as [number];
    const accounts = join(temporaryFolder('accounts'), 'accounts.json');
    const tenant = { id: 'demo', name: 'demo', accounts: [{ channel: 'email', vendor: 'smtp', id: MAILBOX }] };
    writeFileSync(accounts, JSON.stringify({ tenants: [tenant] }));
    settings = await newSettings({
      ACCOUNTS_FILE: accounts,
      EMAIL_SMTP_PORT: String(port),
      EMAIL_DNS_SERVERS: '127.0.0.1:9',
    });
    await createTopics(settings);
    app = await startApp('adapter-email', settings);
    client = createTransport({ host: '127.0.0.1', port, requireTLS: true, tls: { rejectUnauthorized: false } });
  });

  afterAll(async () => {
    client?.close();
    await app?.stop();
  });

  async function recordsOf(topic: string): Promise<KafkaRecord[]> {
    const records: KafkaRecord[] = [];
    await readToEnd(kafkaConnectionFromEnv(settings, 'test'), topic, (record) => records.push(record));
    return records;
  }

  const eventOf = async (id: string): Promise<MessageData> => {
    const events = (await recordsOf('channel.email.v1')).map(({ value }) => JSON.parse(String(value)) as ChannelEvent);
    const found = events.find(({ data }) => data.vendorEventId === id);
    expect(found?.type).toBe('message.received');
    return found!.data as MessageData;
  };

  const blob = (name: string | null | undefined): Buffer => {
    const sha256 = name?.replace('sha256:', '') ?? '';
    return readFileSync(join(settings['DATA_DIR']!, 'blobs', sha256.slice(0, 2), sha256));
  };

  it('takes a mail over STARTTLS and says 250 when mail, event and attachment are kept', async () => {
    const messageId = '<medium-1@khach.example>';
    const attachment = Buffer.from('ảnh lỗi');
    const { response } = await client.sendMail({
      from: FROM,
      to: 'cskh+t.Zk3vQ9@shop.example',
      subject: 'Đổi size',
      text: 'Em đổi size M nhé, 0900 000 123.\n\nTrân trọng,\nA',
      messageId,
      attachments: [{ filename: 'ảnh.png', content: attachment }],
    });
    expect(response).toMatch(/^250 /);
    const data = await eventOf(messageId);
    expect(data).toMatchObject({
      subject: 'Đổi size',
      content: { text: 'Em đổi size M nhé, 0900 000 123.', attachments: [{ kind: 'image', name: 'ảnh.png' }] },
      fullText: 'Em đổi size M nhé, 0900 000 123.\n\nTrân trọng,\nA',
      replyToken: 'Zk3vQ9',
    });
    expect(data.claims).toContainEqual({ type: 'phone', value: '+84900000123', where: 'text' });
    expect(blob(data.content.attachments[0]?.vendorId)).toEqual(attachment);
    const raw = (await recordsOf('raw.email.v1')).find(({ value }) => value?.includes(messageId));
    expect(raw && [headerText(raw, 'signature'), headerText(raw, 'x-envelope-to')]).toEqual([
      'none',
      'cskh+t.Zk3vQ9@shop.example',
    ]);
  });

  it('keeps a mail that is too large for a record as a blob that the record names', async () => {
    const messageId = '<medium-2@khach.example>';
    const large = Buffer.alloc(5 * 1024 * 1024, 'x');
    await client.sendMail({ from: FROM, to: MAILBOX, messageId, attachments: [{ filename: 'a.bin', content: large }] });
    const [attached] = (await eventOf(messageId)).content.attachments;
    expect(attached?.size).toBe(large.length);
    const named = (await recordsOf('raw.email.v1')).flatMap((record) => headerText(record, 'blob') ?? []);
    const bytes = blob(named.at(-1));
    expect(bytes.includes(messageId)).toBe(true);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(named.at(-1));
  });

  it('refuses whom it does not know and what is too large, for good', async () => {
    const unknown = await talk(port, ['EHLO test', 'MAIL FROM:<a@b.example>', 'RCPT TO:<nobody@shop.example>']);
    expect(unknown).toContain('550 5.1.1 no such mailbox here');
    const large = await talk(port, ['EHLO test', 'MAIL FROM:<a@b.example> SIZE=50331649']);
    expect(large.filter((line) => line.startsWith('552'))).toHaveLength(1);
  });

  it('takes a bounce, whose sender is empty', async () => {
    const lines = ['EHLO test', 'MAIL FROM:<>', `RCPT TO:<${MAILBOX}>`, 'DATA', 'Subject: x\r\n\r\n..dot\r\n.'];
    expect(await talk(port, lines)).toContain('250 2.0.0 kept');
    const raw = await recordsOf('raw.email.v1');
    expect(raw.map(({ value }) => String(value))).toContainEqual(expect.stringMatching(/\r\n\.dot\r\n$/));
  });
});
