import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AccountDirectory, type AccountDefinition, type AccountDirectoryOptions, type Seed } from '@lienmach/accounts';
import { JsonLogger } from '@lienmach/platform';
import pg from 'pg';
import { createDatabase, createEmptyDatabase, waitUntil, type TestDatabase } from '../support/index.js';

const secretsKey = Buffer.alloc(32, 5);
const logger = JsonLogger.create({ name: 'test', level: 'silent' });

const generic: AccountDefinition = {
  channel: 'call',
  vendor: 'generic',
  secrets: ['secret'],
  settingsSchema: { type: 'object' },
  doors: ['/webhooks/call/generic/:account'],
  validate: () => [],
  ownNumbers: (settings) => (settings['hotlines'] ?? []) as string[],
};

const pbx = {
  tenant: 'demo',
  channel: 'call',
  vendor: 'generic',
  id: 'pbx-1',
  brand: null,
  enabled: true,
  settings: { secret: 'pbx-secret', hotlines: ['1900000001'] } as Record<string, unknown>,
};
const seedOf = (...accounts: (typeof pbx)[]): Seed => ({
  tenants: [{ id: 'demo', name: 'Demo', brand: 'shop', orderCodePattern: null }],
  accounts,
});

describe('accounts in PostgreSQL', () => {
  let database: TestDatabase;
  let sql: pg.Client;
  const open: AccountDirectory[] = [];

  async function directory(options: Partial<AccountDirectoryOptions> = {}): Promise<AccountDirectory> {
    const made = new AccountDirectory({
      databaseUrl: database.url,
      secretsKey,
      logger,
      channel: 'call',
      definitions: [generic],
      ...options,
    });
    open.push(made);
    await made.start();
    return made;
  }

  beforeEach(async () => {
    database = await createDatabase();
    sql = new pg.Client({ connectionString: database.url });
    sql.on('error', () => undefined);
    await sql.connect();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.stop()));
    await sql.end();
    await database.drop();
  });

  it('stores secrets sealed and gives them to the channel’s own process alone', async () => {
    const call = await directory({ seed: seedOf(pbx) });
    expect(call.find('call', 'generic', 'pbx-1')?.settings).toEqual(pbx.settings);
    expect(call.findByPathSecret('call', 'generic', 'pbx-secret')?.id).toBe('pbx-1');

    const core = await directory({ channel: null, definitions: [] });
    expect(core.accounts()).toMatchObject([{ id: 'pbx-1', settings: { hotlines: ['1900000001'] } }]);
    expect(core.accounts()[0]?.settings).not.toHaveProperty('secret');
    expect(core.ownNumbers('demo')).toEqual(['1900000001']);
    expect(core.brandOf(pbx)).toBe('shop');
    expect(core.tenantSecret('demo')).toHaveLength(32);

    const { rows } = await sql.query<{ all: string }>(
      `SELECT string_agg(a::text, '') || (SELECT string_agg(encode(secrets, 'escape'), '') FROM channel.account) AS all FROM channel.account a`,
    );
    expect(rows[0]?.all).toContain('pbx-1');
    expect(rows[0]?.all).not.toContain('pbx-secret');
  });

  it('seeds once per content, so that later changes stay, and keeps the tenant’s secret', async () => {
    const first = await directory({ seed: seedOf(pbx) });
    const secret = first.tenantSecret('demo');
    await sql.query(`UPDATE channel.account SET settings = '{"hotlines": ["1900000009"]}'`);

    const again = await directory({ seed: seedOf(pbx) });
    expect(again.find('call', 'generic', 'pbx-1')?.settings['hotlines']).toEqual(['1900000009']);

    const changed = { ...pbx, settings: { ...pbx.settings, hotlines: ['1900000002'] } };
    const last = await directory({ seed: seedOf(changed) });
    expect(last.find('call', 'generic', 'pbx-1')?.settings['hotlines']).toEqual(['1900000002']);
    expect(last.tenantSecret('demo')).toEqual(secret);
  });

  it('may be seeded by many at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => directory({ seed: seedOf(pbx) })));
    const secrets = new Set(all.map((each) => each.tenantSecret('demo')?.toString('hex')));
    expect(secrets.size).toBe(1);
  });

  it('sees a change without a restart, and mends the own numbers that follow from it', async () => {
    const call = await directory({ seed: seedOf(pbx) });
    const core = await directory({ channel: null, definitions: [] });
    await sql.query(`UPDATE channel.account SET settings = '{"hotlines": ["1900000003"]}'`);
    await waitUntil('the changed hotline', () => call.ownNumbers('demo').includes('1900000003'));
    await waitUntil('the hotline in core', () => core.ownNumbers('demo').includes('1900000003'));
    await sql.query(`UPDATE channel.account SET enabled = false`);
    await waitUntil('the account to be off', () => call.find('call', 'generic', 'pbx-1') === undefined);
  });

  it('re-reads where a notification was lost', async () => {
    const call = await directory({ seed: seedOf(pbx), rereadMs: 50 });
    await sql.query('ALTER TABLE channel.account DISABLE TRIGGER account_notify');
    await sql.query(`UPDATE channel.account SET enabled = false`);
    await waitUntil('the account to be off', () => call.find('call', 'generic', 'pbx-1') === undefined);
  });

  it('serves from memory while PostgreSQL is away, and follows again afterwards', async () => {
    const call = await directory({ seed: seedOf(pbx) });
    const admin = await adminOf(database);
    await admin.query(`ALTER DATABASE ${database.name} ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database.name]);
    await waitUntil('the loss to be noticed', () => call.check().problem);
    expect(call.find('call', 'generic', 'pbx-1')?.settings['secret']).toBe('pbx-secret');

    await admin.query(`ALTER DATABASE ${database.name} ALLOW_CONNECTIONS true`);
    await admin.end();
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    await sql.query('UPDATE channel.account SET enabled = false');
    await waitUntil('the account to be off', () => call.find('call', 'generic', 'pbx-1') === undefined);
    expect(call.check()).toEqual({ accounts: 1 });
  });

  it('waits for the migrations, not ready until then', async () => {
    const empty = await createEmptyDatabase();
    try {
      const call = new AccountDirectory({
        databaseUrl: empty.url,
        secretsKey,
        logger,
        channel: 'call',
        definitions: [generic],
      });
      await call.start(300);
      expect(call.loaded).toBe(false);
      expect(() => call.check()).toThrow(/no accounts: .*does not exist/);
      await call.stop();
    } finally {
      await empty.drop();
    }
  });

  it('refuses to start with another SECRETS_KEY', async () => {
    await directory({ seed: seedOf(pbx) });
    await expect(directory({ secretsKey: Buffer.alloc(32, 6) })).rejects.toThrow('SECRETS_KEY does not open');
  });

  it('refuses an account that belongs to another tenant', async () => {
    await directory({ seed: seedOf(pbx) });
    const thief: Seed = {
      tenants: [{ id: 'other', name: 'Other', brand: 'other', orderCodePattern: null }],
      accounts: [{ ...pbx, tenant: 'other' }],
    };
    await expect(directory({ seed: thief })).rejects.toThrow('it belongs to tenant "demo"');
  });

  it('publishes what its channel looks like', async () => {
    await directory({ publicUrl: 'https://hooks.example.com' });
    const { rows } = await sql.query(
      'SELECT channel, vendor, settings_schema, secrets, doors, public_url FROM channel.definition',
    );
    expect(rows).toEqual([
      {
        channel: 'call',
        vendor: 'generic',
        settings_schema: { type: 'object' },
        secrets: ['secret'],
        doors: ['/webhooks/call/generic/:account'],
        public_url: 'https://hooks.example.com',
      },
    ]);
  });
});

/** A connection to the same server that is not to the test's own database. */
async function adminOf(database: TestDatabase): Promise<pg.Client> {
  const url = new URL(database.url);
  url.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  return admin;
}
