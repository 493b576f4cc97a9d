import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ChannelEvent, MessageData, ReceiptData } from '@lienmach/contracts';
import { kafkaConnectionFromEnv, readToEnd } from '@lienmach/kafka';
import { projectRoot, type AppProcess } from '@lienmach/tools';
import {
  createTopics,
  newSettings,
  smppLibrary,
  SmppServer,
  startApp,
  temporaryFolder,
  waitUntil,
  type Settings,
} from '../support/index.js';

jest.setTimeout(120_000);

/** The fields of a PDU that a fixture holds in hexadecimal digits; the header of its text as bytes, as it is sent. */
function fixture(name: string): object {
  const file = join(projectRoot, `apps/adapter-sms/fixtures/smpp/${name}.json`);
  const { raw } = JSON.parse(readFileSync(file, 'utf8')) as { raw: string };
  const { short_message: text, ...pdu } = new smppLibrary.PDU(Buffer.from(raw, 'hex'));
  const elements = Buffer.concat(text.udh ?? []);
  const short_message = text.udh
    ? { message: text.message, udh: Buffer.concat([Buffer.from([elements.length]), elements]) }
    : text;
  const { source_addr, source_addr_ton, destination_addr, esm_class, data_coding } = pdu;
  return { source_addr, source_addr_ton, destination_addr, esm_class, data_coding, short_message };
}

describe('the SMPP client', () => {
  let settings: Settings;
  let app: AppProcess;
  let smsc: SmppServer;

  beforeAll(async () => {
    smsc = await SmppServer.start();
    let refuses = 1;
    smsc.bindStatus = () => (refuses-- > 0 ? 0x0d : 0);
    const account = { channel: 'sms', vendor: 'smpp', id: '8079' };
    const access = { host: '127.0.0.1', port: smsc.port, systemId: 'acme', password: 'smpp-secret' };
    const file = join(temporaryFolder('accounts'), 'accounts.json');
    const tenant = { id: 'demo', name: 'demo', accounts: [{ ...account, ...access }] };
    writeFileSync(file, JSON.stringify({ tenants: [tenant] }));
    settings = await newSettings({ ACCOUNTS_FILE: file });
    await createTopics(settings);
    app = await startApp('adapter-sms', settings);
  });

  afterAll(async () => {
    await app?.stop();
    await smsc?.stop();
  });

  async function events(): Promise<ChannelEvent<MessageData | ReceiptData>[]> {
    const read: ChannelEvent<MessageData | ReceiptData>[] = [];
    await readToEnd(kafkaConnectionFromEnv(settings, 'test'), 'channel.sms.v1', ({ value }) =>
      read.push(JSON.parse(String(value)) as ChannelEvent<MessageData | ReceiptData>),
    );
    return read;
  }

  const textsOf = (all: readonly ChannelEvent<MessageData | ReceiptData>[]) =>
    all.map(({ data }) => (data.kind === 'message' ? data.content.text : data.targets));

  it('binds with its credentials, again after a refusal, and shows signs of life', async () => {
    const connection = await smsc.connection(1);
    expect(smsc.binds).toEqual([
      { system_id: 'acme', password: 'smpp-secret', status: 0x0d },
      { system_id: 'acme', password: 'smpp-secret', status: 0 },
    ]);
    expect(await new Promise((resolve) => connection.enquire_link((pdu) => resolve(pdu.command)))).toBe(
      'enquire_link_resp',
    );
  });

  it('answers a message after it was kept, whatever its alphabet', async () => {
    const message = { source_addr: '84900000002', source_addr_ton: 1, destination_addr: '8079' };
    expect(await smsc.deliver(fixture('gsm-extension'))).toBe(0);
    expect(await smsc.deliver({ ...message, data_coding: 8, short_message: 'Đơn đâu rồi ạ 😀?' })).toBe(0);
    expect(
      await smsc.deliver({
        ...message,
        esm_class: 4,
        short_message: 'id:77 done date:2503031406 stat:DELIVRD err:000',
      }),
    ).toBe(0);
    expect(textsOf(await events())).toEqual(
      expect.arrayContaining(['HOTRO doi size [M] gia 100€', 'Đơn đâu rồi ạ 😀?', ['77']]),
    );
  });

  it('joins the parts of a long message over a lost connection and a killed process', async () => {
    expect(await smsc.deliver(fixture('part-2-of-2'), await smsc.connection(1))).toBe(0);
    (await smsc.connection(1)).destroy();
    // the same part once more, for all that the SMSC knows
    expect(await smsc.deliver(fixture('part-2-of-2'), await smsc.connection(2))).toBe(0);
    await app.kill();
    app = await startApp('adapter-sms', settings);
    expect(await smsc.deliver(fixture('part-1-of-2'), await smsc.connection(3))).toBe(0);
    const whole =
      'Chào shop, tôi đặt đơn DH-2025-0001 từ thứ Sáu tuần trước nhưng tới hôm nay vẫn chưa thấy ai gọi lại cho tôi cả.';
    await waitUntil('the joined message', async () => textsOf(await events()).includes(whole));
    expect(textsOf(await events()).filter((text) => text?.includes('hôm nay'))).toEqual([whole]);
  });
});
