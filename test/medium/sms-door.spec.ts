import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ChannelEvent, MessageData } from '@lienmach/contracts';
import { kafkaConnectionFromEnv, readToEnd } from '@lienmach/kafka';
import type { AppProcess } from '@lienmach/tools';
import {
  createTopics,
  type DoorFixture,
  doorFixture,
  fixtureAccounts,
  newSettings,
  sendFixture,
  type Settings,
  startApp,
  waitUntil,
} from '../support/index.js';

jest.setTimeout(120_000);

const fixture = (vendor: string, name: string): DoorFixture => doorFixture('sms', vendor, name);

const whole = fixture('twilio', 'message');
const first = fixture('vonage', 'part-1-of-2');
const second = fixture('vonage', 'part-2-of-2');
const shortCode = fixture('esms', 'message');

describe('the doors for SMS of a running adapter', () => {
  let settings: Settings;
  let app: AppProcess;

  beforeAll(async () => {
    const file = fixtureAccounts('sms', [whole, first, shortCode]);
    settings = await newSettings({ ACCOUNTS_FILE: file, SMS_PUBLIC_URL: 'https://hooks.example.com' });
    await createTopics(settings);
    app = await startApp('adapter-sms', settings);
  });

  afterAll(() => app?.stop());

  const send = (one: DoorFixture): Promise<[status: number, body: string]> => sendFixture(app, one);

  async function events(): Promise<ChannelEvent<MessageData>[]> {
    const read: ChannelEvent<MessageData>[] = [];
    await readToEnd(kafkaConnectionFromEnv(settings, 'test'), 'channel.sms.v1', ({ value }) =>
      read.push(JSON.parse(String(value)) as ChannelEvent<MessageData>),
    );
    return read;
  }

  it('take what the vendor signed for the public address, and answer as it asks', async () => {
    expect(await send(whole)).toEqual([200, '<?xml version="1.0" encoding="UTF-8"?><Response/>']);
    expect(await send(shortCode)).toEqual([200, expect.stringContaining('<Smsid>MO0000000001</Smsid>')]);
    expect((await send({ ...whole, raw: `${whole.raw}&x=1` }))[0]).toBe(401);
    expect((await send({ ...shortCode, target: shortCode.target.replace('path-secret', 'path-secreT') }))[0]).toBe(404);
    expect((await events()).map(({ data }) => data.content.text).sort()).toEqual([
      'HOTRO doi tra DH-2025-0001',
      'Đơn hàng DH-2025-0001 đến đâu rồi ạ? 2+3=5 & 100%',
    ]);
  });

  it('join the parts of a long message, though the process is killed in between', async () => {
    expect((await send(second))[0]).toBe(200);
    await app.kill();
    app = await startApp('adapter-sms', settings);
    expect((await send(first))[0]).toBe(200);
    expect((await send(second))[0]).toBe(200);
    const joined = await waitUntil('the joined message', async () =>
      (await events()).find(({ data }) => data.vendor === 'vonage'),
    );
    expect(joined).toMatchObject({
      identifier: 'phone::+84900000001',
      time: '2025-03-03T02:15:01.000Z',
      data: {
        vendorEventId: '0B000000A1B2C3D1',
        content: {
          text: 'Chào shop, tôi đặt đơn DH-2025-0001 từ thứ Sáu tuần trước nhưng tới hôm nay vẫn chưa thấy ai gọi. Phí ship = bao nhiêu & khi nào?',
        },
        vendorData: { to: '84900000100', parts: ['0B000000A1B2C3D1', '0B000000A1B2C3D2'] },
      },
    });
  });
});
