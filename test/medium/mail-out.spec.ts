import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { channelTopic, outboundTopic, threadKey, type ChannelEvent, type ReplyData } from '@lienmach/contracts';
import { createGatheringProducer, kafkaConnectionFromEnv, readToEnd, type KafkaRecord } from '@lienmach/kafka';
import { freePorts, type AppProcess } from '@lienmach/tools';
import pg from 'pg';
import {
  FileServer,
  MailServer,
  createTopics,
  newSettings,
  startApp,
  temporaryFolder,
  waitUntil,
  type Settings,
} from '../support/index.js';

jest.setTimeout(120_000);

const SHOP = 'cskh@shop.example';
const CUSTOMER = 'an@khach.example';
const ROOT = '<q1@khach.example>';
const TOKEN = '5b0f6d2c1e6c2f4b0a9d380a6f1f5f7a';
const AT = new Date().toISOString();

let settings: Settings;
let mail: MailServer;
let files: FileServer;
let adapter: AppProcess;
let producer: ReturnType<typeof createGatheringProducer>;
let database: pg.Pool;

beforeAll(async () => {
  mail = await MailServer.start();
  files = await FileServer.start();
  const [port] = await freePorts(1);
  const file = join(temporaryFolder('accounts'), 'accounts.json');
  const server = { host: '127.0.0.1', port: mail.port };
  const accounts = [
    { id: SHOP, smtp: { ...server, user: 'shop', password: 'right' }, from: `Cửa hàng <${SHOP}>` },
    { id: 'paused@shop.example', smtp: { ...server, user: 'shop', password: 'wrong' } },
    { id: 'away@shop.example', smtp: { ...server, port: 9 } },
    { id: 'mute@shop.example' },
  ].map((account) => ({ channel: 'email', vendor: 'smtp', ...account }));
  writeFileSync(file, JSON.stringify({ tenants: [{ id: 'demo', name: 'demo', accounts }] }));
  settings = await newSettings({ ACCOUNTS_FILE: file, EMAIL_SMTP_PORT: String(port) });
  await createTopics(settings);
  producer = createGatheringProducer(kafkaConnectionFromEnv(settings, 'test'));
  database = new pg.Pool({ connectionString: settings['DATABASE_URL'], max: 2 });
  adapter = await startApp('adapter-email', {
    ...settings,
    ATTACHMENT_NETWORKS: '127.0.0.1',
    NODE_EXTRA_CA_CERTS: files.certificate,
  });
});

afterEach(() => {
  mail.answer = () => 'taken';
  mail.recipient = () => null;
});

afterAll(async () => {
  await adapter?.stop();
  await producer?.close();
  await database?.end();
  await mail?.stop();
  await files?.stop();
});

/** A command on the topic, as core's relay puts it there. Returns its id. */
async function ask({ account = SHOP, id = randomUUID(), ...data }: Partial<ReplyData> & { id?: string } = {}) {
  const thread = data.thread ?? ROOT;
  const command = {
    specversion: '1.0',
    id,
    source: '/core',
    type: 'reply.requested',
    time: AT,
    datacontenttype: 'application/json',
    dataschema: 'urn:lienmach:schema:reply:1',
    subject: thread,
    tenant: 'demo',
    data: {
      channel: 'email',
      vendor: 'smtp',
      account,
      thread,
      to: { type: 'email', scope: null, value: CUSTOMER },
      text: 'Dạ chiều nay giao ạ',
      author: 'Lan',
      lastCustomerAt: AT,
      answers: { vendorEventId: ROOT, subject: 'Đơn DH1024', references: null, vendorData: { from: CUSTOMER } },
      subject: null,
      replyToken: TOKEN,
      ...data,
    },
  };
  const record = { topic: outboundTopic('email'), key: threadKey('demo', 'email', account, thread), value: '' };
  await producer.send([{ ...record, value: JSON.stringify(command) }], { deadlineMs: 10_000 });
  return id;
}

const toldOf = async (id: string): Promise<ChannelEvent[]> => {
  const records: KafkaRecord[] = [];
  await readToEnd(kafkaConnectionFromEnv(settings, 'test'), channelTopic('email'), (record) => records.push(record));
  const events = records.map(({ value }) => JSON.parse(String(value)) as ChannelEvent);
  return events.filter(({ data }) => data.vendorEventId.startsWith(id));
};
const told = (id: string): Promise<ChannelEvent> =>
  waitUntil(`the topic to tell of ${id}`, async () => (await toldOf(id))[0], { within: 30_000 });

describe('a reply by mail', () => {
  it('is handed over once, and told with the Message-ID that it has', async () => {
    const id = await ask();
    await ask({ id });
    expect(await told(id)).toMatchObject({
      type: 'message.sent',
      account: SHOP,
      identifier: `email::${CUSTOMER}`,
      data: { thread: ROOT, commandId: id, sentAs: [`<${id}@shop.example>`], content: { text: 'Dạ chiều nay giao ạ' } },
    });
    const last = await ask();
    await told(last);
    const mails = mail.of(id);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({
      from: SHOP,
      to: [CUSTOMER],
      headers: {
        'message-id': `<${id}@shop.example>`,
        'in-reply-to': ROOT,
        references: ROOT,
        'reply-to': `cskh+t.${TOKEN}@shop.example`,
        to: CUSTOMER,
      },
    });
  });

  it('carries files, fetched from where the agent says they are', async () => {
    const bytes = Buffer.from('%PDF-1.7 hoá đơn');
    files.files.set('/invoice', { type: 'application/pdf', bytes });
    const attachments = [{ kind: 'file', url: files.address('/invoice'), name: 'Hoá đơn.pdf' } as const];
    const id = await ask({ attachments });
    expect(await told(id)).toMatchObject({
      type: 'message.sent',
      data: { content: { attachments: [{ kind: 'file', name: 'Hoá đơn.pdf' }] } },
    });
    const text = mail.of(id)[0]?.text;
    expect(text).toContain(bytes.toString('base64'));
    expect(text).toContain(`filename*0*=utf-8''Ho%C3%A1%20%C4%91%C6%A1n.pdf`);
  });

  it('fetches nothing out of our own network, and says so', async () => {
    const asked = files.asked.length;
    for (const host of ['127.0.0.2', '[::1]', '169.254.169.254']) {
      const id = await ask({ attachments: [{ kind: 'file', url: files.address('/invoice', host), name: null }] });
      expect(await told(id)).toMatchObject({
        type: 'message.failed',
        data: {
          reason: expect.stringMatching(/^attachment-refused: the address of attachment 1 leads into/) as unknown,
        },
      });
      expect(mail.of(id)).toEqual([]);
    }
    expect(files.asked).toHaveLength(asked);
  });

  it('that the server cannot take now is tried again', async () => {
    let tries = 0;
    mail.answer = () => ((tries += 1) === 1 ? { code: 451, text: '4.3.0 try later' } : 'taken');
    const id = await ask();
    expect(await told(id)).toMatchObject({ type: 'message.sent' });
    expect(mail.of(id)).toHaveLength(2);
  });

  it('that the server refuses says why', async () => {
    mail.recipient = () => ({ code: 550, text: '5.1.1 no such user' });
    const id = await ask();
    expect(await told(id)).toMatchObject({
      type: 'message.failed',
      data: { targets: [id], reason: expect.stringMatching(/^no-such-mailbox: .*\(550 5\.1\.1\)$/) as unknown },
    });
    expect(mail.of(id)).toEqual([]);
  });

  it('whose answer was lost is never sent again, and told with the id that a report would name', async () => {
    mail.answer = () => 'lost';
    const id = await ask();
    expect(await told(id)).toMatchObject({
      type: 'message.unconfirmed',
      data: { targets: [id], commandId: id, sentAs: [`<${id}@shop.example>`] },
    });
    mail.answer = () => 'taken';
    await told(await ask());
    expect(mail.of(id)).toHaveLength(1);
  });

  it('of an account whose password does not hold waits for another; a server that is away is tried again', async () => {
    const held = await ask({ account: 'paused@shop.example' });
    const away = await ask({ account: 'away@shop.example' });
    const pause = await waitUntil('the account to be paused', async () => {
      const { rows } = await database.query<{ reason: string }>('SELECT reason FROM channel.outbound_pause');
      return rows[0]?.reason;
    });
    expect(pause).toMatch(/^credentials-refused: /);
    const rows = await waitUntil('both to wait', async () => {
      const { rows: found } = await database.query<{ id: string; state: string; attempts: number }>(
        `SELECT id, state, attempts FROM channel.outbound WHERE id = ANY($1) AND state = 'waiting' AND attempts > 0`,
        [[held, away]],
      );
      return found.length === 2 ? found : undefined;
    });
    expect(rows.find(({ id }) => id === held)?.attempts).toBe(1);
    expect([...(await toldOf(held)), ...(await toldOf(away))]).toEqual([]);
  });

  it('of an account without a server fails with what is missing', async () => {
    expect(await told(await ask({ account: 'mute@shop.example' }))).toMatchObject({
      type: 'message.failed',
      data: { reason: 'credentials-missing: give the account its smtp server' },
    });
  });
});
