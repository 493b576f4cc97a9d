import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createGatheringProducer, kafkaConnectionFromEnv } from '@lienmach/kafka';
import type { AppProcess } from '@lienmach/tools';
import pg from 'pg';
import {
  ZaloServer,
  createTopics,
  demo,
  newSettings,
  officialAccount,
  replyRecord,
  startApp,
  temporaryFolder,
  waitUntil,
  type Settings,
} from '../support/index.js';

jest.setTimeout(120_000);

const CUSTOMER = '246845883529197922';
const file = join(temporaryFolder('accounts'), 'accounts.json');

function writeAccount(tokens: object): void {
  const account = { channel: 'zalo', ...officialAccount, appSecret: 'app-secret', ...tokens };
  writeFileSync(file, JSON.stringify({ tenants: [{ id: demo.tenant, name: demo.tenant, accounts: [account] }] }));
}

describe('an adapter whose tokens are renewed, killed in the middle of it', () => {
  let vendor: ZaloServer;
  let settings: Settings;
  let adapter: AppProcess;
  let producer: ReturnType<typeof createGatheringProducer>;
  let database: pg.Pool;

  beforeEach(async () => {
    vendor = await ZaloServer.start();
    writeAccount({ refreshToken: 'refresh-1' });
    settings = await newSettings({
      ACCOUNTS_FILE: file,
      ZALO_API_URL: vendor.url,
      ZALO_OAUTH_URL: vendor.url,
      ZALO_PUBLIC_URL: 'https://hooks.example.com',
    });
    await createTopics(settings);
    producer = createGatheringProducer(kafkaConnectionFromEnv(settings, 'test'));
    database = new pg.Pool({ connectionString: settings['DATABASE_URL'], max: 2 });
  });
  const stop = async (): Promise<void> => {
    await adapter?.stop();
    await producer?.close();
    await database?.end();
    await vendor?.stop();
  };
  afterEach(stop);

  /** Killed while the vendor has been asked and has not answered; the next process does not wait for the lease. */
  async function killedInExchange(end: 'lost' | 'stuck'): Promise<void> {
    vendor.onExchange = () => end;
    adapter = await startApp('adapter-zalo', settings);
    await waitUntil('the exchange', () => vendor.exchanges.length > 0);
    await adapter.kill('SIGKILL');
    vendor.onExchange = () => 'answer';
    const { rowCount } = await database.query(
      `UPDATE channel.token SET attempt_at = attempt_at - interval '1 hour' WHERE attempt IS NOT NULL`,
    );
    expect(rowCount).toBe(1);
  }

  async function ask(): Promise<string> {
    const { id, record } = replyRecord({
      tenant: demo.tenant,
      data: {
        channel: 'zalo',
        vendor: 'zalo',
        account: officialAccount.id,
        thread: CUSTOMER,
        to: { type: 'zalo_oa_uid', scope: officialAccount.id, value: CUSTOMER },
      },
    });
    await producer.send([record], { deadlineMs: 10_000 });
    return id;
  }
  const reply = async (id: string) =>
    (
      await database.query<{ state: string; attempts: number }>(
        'SELECT state, attempts FROM channel.outbound WHERE id = $1',
        [id],
      )
    ).rows[0];
  const isSent = (id: string) =>
    waitUntil('the reply to be sent', async () => (await reply(id))?.state === 'done', { within: 30_000 });

  it('asks once more with the old token, and goes on where the vendor had not answered', async () => {
    await killedInExchange('stuck');
    adapter = await startApp('adapter-zalo', settings);
    await isSent(await ask());
    expect(vendor.exchanges).toEqual(['refresh-1', 'refresh-1']);
    expect(vendor.calls).toMatchObject([{ accessToken: 'access-2', user: CUSTOMER }]);
  });

  it('says that the account must be connected anew where he had, and replies wait for that', async () => {
    await killedInExchange('lost');
    adapter = await startApp('adapter-zalo', settings);
    const id = await ask();
    const { refused, connect_url: address } = await waitUntil('the refusal', async () => {
      const { rows } = await database.query<{ refused: string | null; connect_url: string }>(
        'SELECT refused, connect_url FROM channel.token',
      );
      return rows[0]?.refused ? rows[0] : undefined;
    });
    expect(refused).toBe('error -14014 of Zalo');
    expect(address).toContain(`/v4/oa/permission?app_id=${officialAccount.appId}&redirect_uri=https%3A%2F%2Fhooks`);
    await waitUntil('the reply to be held', async () => {
      const { rows } = await database.query('SELECT 1 FROM channel.outbound_pause');
      return rows.length > 0 && (await reply(id))?.attempts === 1;
    });
    expect((await reply(id))?.state).toBe('waiting');
    expect([vendor.exchanges, vendor.calls]).toEqual([['refresh-1', 'refresh-1'], []]);

    await adapter.stop();
    writeAccount({ refreshToken: vendor.consent().refreshToken });
    adapter = await startApp('adapter-zalo', settings);
    await isSent(id);
    expect(vendor.calls).toHaveLength(1);
  });
});
