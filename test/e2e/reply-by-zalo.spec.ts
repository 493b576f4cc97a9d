import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  demo,
  officialAccount,
  Pipeline,
  startStack,
  temporaryFolder,
  waitUntil,
  zaloRequest,
  ZaloServer,
  type TimelineItem,
} from '../support/index.js';

const CUSTOMER = '246845883529197922';
const TEXT = 'Dạ chiều nay giao ạ';

describe('a reply to a message on Zalo', () => {
  let vendor: ZaloServer;
  let pipeline: Pipeline;

  beforeAll(async () => {
    vendor = await ZaloServer.start();
    const file = join(temporaryFolder('accounts'), 'accounts.json');
    const account = { channel: 'zalo', ...officialAccount, appSecret: 'app-secret', refreshToken: 'refresh-1' };
    writeFileSync(file, JSON.stringify({ tenants: [{ id: demo.tenant, name: demo.tenant, accounts: [account] }] }));
    const settings = { ACCOUNTS_FILE: file, ZALO_API_URL: vendor.url, ZALO_OAUTH_URL: vendor.url };
    pipeline = new Pipeline(await startStack(['core', 'adapter-zalo'], settings));
  }, 120_000);

  afterAll(async () => {
    await pipeline?.stop();
    await vendor?.stop();
  }, 30_000);

  async function happened(event: { event_name: string; [field: string]: unknown }): Promise<void> {
    expect(await pipeline.send(zaloRequest({ at: Date.now(), ...event }))).toMatchObject({ status: 200 });
  }
  const fromOa = { sender: { id: officialAccount.id }, recipient: { id: CUSTOMER } };

  it('leaves once, and its echo and receipts show on the same item, though the echo comes first', async () => {
    await happened({
      event_name: 'user_send_text',
      sender: { id: CUSTOMER },
      recipient: { id: officialAccount.id },
      message: { text: 'Đơn của em đâu ạ?', msg_id: 'm-1' },
    });
    const conversation = await waitUntil('the conversation', async () => {
      const [person] = await pipeline.api.peopleOf('zalo_oa_uid', CUSTOMER, officialAccount.id);
      return person && (await pipeline.api.person(person)).conversations[0]?.id;
    });
    const id = vendor.idOf(TEXT);
    vendor.answer = async () => {
      await happened({ event_name: 'oa_send_text', ...fromOa, message: { text: TEXT, msg_id: id } });
      return 0;
    };
    const key = { 'idempotency-key': randomUUID() };
    const path = `/v1/conversations/${conversation}/replies`;
    const reply = await pipeline.api.post<{ id: string; channel: string }>(path, { text: TEXT }, key);
    expect(reply.channel).toBe('zalo');
    expect(await pipeline.api.post(path, { text: TEXT }, key)).toEqual(reply);

    const delivery = (state: string): Promise<TimelineItem> =>
      waitUntil(`the reply to be ${state}`, async () =>
        (await pipeline.api.conversation(conversation)).items.find(
          (item) => item.id === reply.id && item.delivery === state,
        ),
      );
    await delivery('sent');
    await happened({ event_name: 'user_received_message', ...fromOa, message: { msg_id: id } });
    await delivery('delivered');
    await happened({ event_name: 'user_seen_message', ...fromOa, message: { msg_ids: [id] } });
    expect(await delivery('read')).toMatchObject({ direction: 'outbound', text: TEXT, author: { kind: 'agent' } });
    await waitUntil('everything to be told', () => pipeline.isIdle());
    expect((await pipeline.api.conversation(conversation)).items).toHaveLength(2);
    expect(vendor.exchanges).toEqual(['refresh-1']);
    expect(vendor.calls).toEqual([{ accessToken: 'access-2', user: CUSTOMER, text: TEXT, quotes: null }]);
  }, 60_000);

  it('comes by an account that can be tested', async () => {
    const path = `/v1/accounts/zalo/zalo/${officialAccount.id}`;
    expect(await pipeline.api.post(`${path}/test`, {})).toEqual({ ok: true, detail: 'Cửa hàng' });
    const { token } = await pipeline.api.get<{ token: { expiresAt: string; reconnect: unknown } }>(path);
    expect(Date.parse(token.expiresAt)).toBeGreaterThan(Date.now() + 24 * 3_600_000);
    expect(token.reconnect).toBeNull();
  }, 30_000);

  it('that comes after the window says so', async () => {
    vendor.answer = () => -230;
    const [person] = await pipeline.api.peopleOf('zalo_oa_uid', CUSTOMER, officialAccount.id);
    const conversation = (await pipeline.api.person(person!)).conversations[0]!.id;
    const { id } = await pipeline.api.post<{ id: string }>(
      `/v1/conversations/${conversation}/replies`,
      { text: 'Alo?' },
      { 'idempotency-key': randomUUID() },
    );
    const failed = await waitUntil('the refusal', async () =>
      (await pipeline.api.conversation(conversation)).items.find(
        (item) => item.id === id && item.delivery === 'failed',
      ),
    );
    expect(failed).toMatchObject({ reason: expect.stringMatching(/^outside-window: /) });
  }, 60_000);
});
