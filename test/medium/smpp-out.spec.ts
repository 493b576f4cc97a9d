import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { channelTopic, type ChannelEvent } from '@lienmach/contracts';
import { createGatheringProducer, kafkaConnectionFromEnv, readToEnd, type KafkaRecord } from '@lienmach/kafka';
import type { AppProcess } from '@lienmach/tools';
import pg from 'pg';
import {
  createTopics,
  newSettings,
  replyRecord,
  SmppServer,
  startApp,
  temporaryFolder,
  waitUntil,
  type Settings,
  type SmppPdu,
} from '../support/index.js';

jest.setTimeout(120_000);

const CUSTOMER = '+84900000123';
const ACCOUNT = '8079';
const RTHROTTLED = 0x58;

let settings: Settings;
let smsc: SmppServer;
let adapter: AppProcess;
let producer: ReturnType<typeof createGatheringProducer>;
let database: pg.Pool;

beforeAll(async () => {
  smsc = await SmppServer.start();
  const file = join(temporaryFolder('accounts'), 'accounts.json');
  const access = { host: '127.0.0.1', port: smsc.port, systemId: 'acme', password: 'smpp-secret' };
  const accounts = [{ channel: 'sms', vendor: 'smpp', id: ACCOUNT, ...access }];
  writeFileSync(file, JSON.stringify({ tenants: [{ id: 'demo', name: 'demo', accounts }] }));
  settings = await newSettings({ ACCOUNTS_FILE: file });
  await createTopics(settings);
  producer = createGatheringProducer(kafkaConnectionFromEnv(settings, 'test'));
  database = new pg.Pool({ connectionString: settings['DATABASE_URL'], max: 2 });
  adapter = await startApp('adapter-sms', settings);
});

afterEach(() => {
  smsc.submit = (pdu, connection) => smsc.take(pdu, connection);
});

afterAll(async () => {
  await adapter?.stop();
  await producer?.close();
  await database?.end();
  await smsc?.stop();
});

/** Puts a reply on the topic; its text is its id, so that it is found among what the SMSC got. */
async function ask(text?: string): Promise<string> {
  const id = randomUUID();
  const to = { type: 'phone' as const, scope: null, value: CUSTOMER };
  const data = { channel: 'sms', vendor: 'smpp', account: ACCOUNT, thread: CUSTOMER, to, text: text ?? id };
  await producer.send([replyRecord({ tenant: 'demo', id, data }).record], { deadlineMs: 10_000 });
  return id;
}

async function events(): Promise<ChannelEvent[]> {
  const records: KafkaRecord[] = [];
  await readToEnd(kafkaConnectionFromEnv(settings, 'test'), channelTopic('sms'), (record) => records.push(record));
  return records.map(({ value }) => JSON.parse(String(value)) as ChannelEvent);
}

const told = (id: string): Promise<ChannelEvent> =>
  waitUntil(
    `the topic to tell of ${id}`,
    async () => (await events()).find(({ data }) => data.vendorEventId.startsWith(id)),
    {
      within: 30_000,
    },
  );
const textOf = (pdu: SmppPdu): string => (pdu['short_message'] as { message: string }).message;
const submittedAs = (text: string): SmppPdu[] => smsc.submitted.filter((pdu) => textOf(pdu) === text);

describe('a reply by SMPP', () => {
  it('goes out in parts once, and receipts name it by the ids of all of them', async () => {
    const text = 'Dạ, đơn của chị chiều nay giao ạ. '.repeat(4).trim();
    const id = await ask(text);
    expect(await told(id)).toMatchObject({
      type: 'message.sent',
      data: { commandId: id, sentAs: ['1', '2', '3'], content: { text } },
    });
    expect(smsc.submitted.map(textOf).join('')).toBe(text);
    for (const part of ['1', '2', '3']) {
      const receipt = { source_addr: '84900000123', destination_addr: ACCOUNT, esm_class: 4 };
      const short_message = `id:${part} done date:2503031406 stat:DELIVRD err:000`;
      expect(await smsc.deliver({ ...receipt, short_message })).toBe(0);
    }
    const receipts = (await events()).filter(({ type }) => type === 'message.delivered');
    expect(receipts.map(({ data }) => data.kind === 'receipt' && data.targets)).toEqual([['1'], ['2'], ['3']]);
  });

  it('waits with everything of its account where the SMSC is throttled, and goes out once', async () => {
    let refuses = 1;
    smsc.submit = (pdu, connection) =>
      refuses-- > 0 ? connection.send(pdu.response({ command_status: RTHROTTLED })) : smsc.take(pdu, connection);
    const id = await ask();
    await waitUntil('the account to wait', async () => {
      const { rows } = await database.query('SELECT reason FROM channel.outbound_pause WHERE account = $1', [ACCOUNT]);
      return (rows as { reason: string }[]).some(({ reason }) => reason.startsWith('rate-limit'));
    });
    expect(await told(id)).toMatchObject({ type: 'message.sent', data: { commandId: id } });
    expect(submittedAs(id)).toHaveLength(2);
  });

  it('is unconfirmed where the session was lost before its answer, and never sent again', async () => {
    smsc.submit = (_pdu, connection) => connection.destroy();
    const before = smsc.bound.length;
    const id = await ask();
    expect(await told(id)).toMatchObject({
      type: 'message.unconfirmed',
      data: { targets: [id], reason: expect.stringContaining('the connection was lost') as unknown },
    });
    await smsc.connection(before + 1);
    smsc.submit = (pdu, connection) => smsc.take(pdu, connection);
    const next = await ask();
    expect(await told(next)).toMatchObject({ type: 'message.sent' });
    expect(submittedAs(id)).toHaveLength(1);
  });

  it('is heard out by a process that ends', async () => {
    const answers: (() => void)[] = [];
    smsc.submit = (pdu, connection) => void answers.push(() => smsc.take(pdu, connection));
    const id = await ask();
    await waitUntil('the SMSC to have it', () => answers.length > 0);
    const stopped = adapter.stop();
    // the session takes no more questions and still hears answers
    const timer = setTimeout(() => answers[0]!(), 500);
    await stopped;
    clearTimeout(timer);
    expect(await told(id)).toMatchObject({ type: 'message.sent', data: { commandId: id } });
    adapter = await startApp('adapter-sms', settings);
    const next = await ask();
    smsc.submit = (pdu, connection) => smsc.take(pdu, connection);
    await told(next);
    expect(submittedAs(id)).toHaveLength(1);
  });
});
