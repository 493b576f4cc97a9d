import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountDirectory, type AccountDefinition, type Seed } from '@lienmach/accounts';
import { JsonLogger } from '@lienmach/platform';
import type { AccountsDto, AccountWithChangesDto, ProblemDto } from '../../../apps/core/src/public.js';
import { waitUntil } from '../../support/index.js';
import { newWorld, type World } from './world.js';

const secretsKey = Buffer.alloc(32, 9);
const words = { type: 'string', minLength: 1 };

/** A vendor that signs, with the account in the path. */
const signed: AccountDefinition = {
  channel: 'call',
  vendor: 'signed',
  secrets: ['secret', 'apiKey'],
  settingsSchema: {
    type: 'object',
    properties: {
      secret: { ...words, errorMessage: 'secret must be set: the PBX signs with it' },
      apiKey: words,
      hotlines: { type: 'array', items: { type: 'string' } },
    },
    required: ['secret'],
    additionalProperties: false,
  },
  doors: ['/hooks/signed/:account'],
  validate: ({ hotlines = [] }) => ((hotlines as string[]).includes('bad') ? ['hotlines: bad is no number'] : []),
  ownNumbers: ({ hotlines = [] }) => hotlines as string[],
};

/** A vendor that signs nothing: a secret stands in the path. */
const unsigned: AccountDefinition = { ...signed, vendor: 'unsigned', doors: ['/hooks/unsigned/:secret'] };

let world: World;
let adapter: AccountDirectory;
const open: AccountDirectory[] = [];

/** What an adapter holds of the accounts, as `runAdapter` does. */
async function startAdapter(seed?: Seed): Promise<AccountDirectory> {
  const directory = new AccountDirectory({
    databaseUrl: world.databaseUrl,
    secretsKey,
    logger: JsonLogger.create({ name: 'test', level: 'silent' }),
    channel: 'call',
    definitions: [signed, unsigned],
    publicUrl: 'https://hooks.example.com',
    seed,
  });
  open.push(directory);
  await directory.start();
  return directory;
}

beforeAll(async () => {
  world = await newWorld({ secretsKey });
  adapter = await startAdapter();
});
afterAll(async () => {
  await Promise.all(open.map((each) => each.stop()));
  await world.close();
});
afterEach(() => world.sql('TRUNCATE channel.account, channel.account_change, channel.token, channel.outbound_pause'));

const add = (body: object, headers = {}) =>
  world.ask<AccountWithChangesDto & ProblemDto>('POST', '/v1/accounts', { body, headers });
const change = (path: string, body: object) =>
  world.ask<AccountWithChangesDto & ProblemDto>('PATCH', `/v1/accounts/call/${path}`, { body });
const get = (path: string, asking = {}) => world.ask<AccountWithChangesDto>('GET', `/v1/accounts/call/${path}`, asking);
const pbx = { channel: 'call', vendor: 'signed', id: 'pbx-1', secret: 'pbx-secret', hotlines: ['1900000001'] };

describe('accounts', () => {
  it('are tested by whoever knows the vendor, and nothing is left of the question', async () => {
    await add(pbx);
    const asked = world.ask<{ ok: boolean; detail: string }>('POST', '/v1/accounts/call/signed/pbx-1/test');
    const key = await waitUntil('the question', async () => {
      const [row] = await world.sql<{ key: string }>(
        `UPDATE channel.account_test SET ok = false, detail = 'wrong key', answered_at = now()
         RETURNING concat_ws(' ', tenant, channel, vendor, account) AS key`,
      );
      return row?.key;
    });
    expect(key).toBe('demo call signed pbx-1');
    expect(await asked).toMatchObject({ status: 200, body: { ok: false, detail: 'wrong key' } });
    expect(await world.sql('SELECT 1 FROM channel.account_test')).toEqual([]);

    expect((await world.ask('POST', '/v1/accounts/call/signed/pbx-2/test')).status).toBe(404);
    const token = await world.token('demo', 'supervisor');
    expect((await world.ask('POST', '/v1/accounts/call/signed/pbx-1/test', { token })).status).toBe(403);
  });

  it('tell why their replies wait, as long as they do', async () => {
    await add(pbx);
    await world.sql(
      `INSERT INTO channel.outbound_pause (tenant, channel, vendor, account, until, reason, account_version)
       SELECT tenant, channel, vendor, id, '2100-01-01T00:00:00Z', 'no-balance: pay', version FROM channel.account`,
    );
    expect((await get('signed/pbx-1')).body.pause).toEqual({
      reason: 'no-balance: pay',
      until: '2100-01-01T00:00:00.000Z',
    });
    await world.sql(`UPDATE channel.outbound_pause SET until = now() - interval '1 second'`);
    expect((await get('signed/pbx-1')).body.pause).toBeNull();
  });

  it('tell how the tokens stand that their adapter renews, and the address of the consent to admins alone', async () => {
    const { body: made } = await add(pbx);
    expect(made.token).toBeNull();
    await world.sql(
      `INSERT INTO channel.token (tenant, channel, vendor, account, given_hash, given_version, pair, expires_at, renewed_at, refused, connect_url)
       SELECT tenant, channel, vendor, id, '', version, 'sealed', '2026-11-21T03:00:00Z', '2026-11-20T02:00:00Z', NULL, NULL FROM channel.account`,
    );
    const fresh = { expiresAt: '2026-11-21T03:00:00.000Z', renewedAt: '2026-11-20T02:00:00.000Z', reconnect: null };
    expect((await get('signed/pbx-1')).body.token).toEqual(fresh);

    await world.sql(`UPDATE channel.token SET refused = 'spent', connect_url = 'https://vendor.example/consent'`);
    const reconnect = { reason: 'spent', url: 'https://vendor.example/consent' };
    expect((await get('signed/pbx-1')).body.token).toEqual({ ...fresh, reconnect });
    const agent = await get('signed/pbx-1', { token: await world.token('demo', 'agent') });
    expect(agent.body.token).toEqual({ ...fresh, reconnect: { ...reconnect, url: null } });

    await world.sql(`UPDATE channel.token SET tenant = 'somebody-else'`);
    expect((await get('signed/pbx-1')).body.token).toBeNull();
  });

  it('are added as they stand in ACCOUNTS_FILE, used by the adapter at once, their secrets never shown', async () => {
    const made = await add(pbx);

    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      channel: 'call',
      vendor: 'signed',
      id: 'pbx-1',
      brand: null,
      enabled: true,
      settings: { hotlines: ['1900000001'] },
      secrets: { secret: 'set', apiKey: 'unset' },
      webhooks: ['https://hooks.example.com/hooks/signed/pbx-1'],
      problems: [],
      changes: [{ actor: 'operator', kind: 'created', fields: ['brand', 'enabled', 'secret', 'hotlines'] }],
    });
    await waitUntil('the adapter to know it', () => adapter.find('call', 'signed', 'pbx-1'));
    expect(adapter.find('call', 'signed', 'pbx-1')).toMatchObject({
      tenant: 'demo',
      settings: { secret: 'pbx-secret', hotlines: ['1900000001'] },
    });
    await waitUntil('the own numbers', async () => (await get('signed/pbx-1')).body.ownNumbers.length === 1);
    const list = await world.ask('GET', '/v1/accounts');
    const rows = await world.sql(
      `SELECT a::text, encode(secrets, 'escape') FROM channel.account a UNION ALL SELECT c::text, '' FROM channel.account_change c`,
    );
    for (const shown of [made.body, (await get('signed/pbx-1')).body, list.body, rows]) {
      expect(JSON.stringify(shown)).toContain('pbx-1');
      expect(JSON.stringify(shown)).not.toContain('pbx-secret');
    }
  });

  it('take their settings in `settings` as well, but not twice', async () => {
    const { secret, hotlines, ...key } = pbx;
    expect((await add({ ...key, settings: { secret, hotlines } })).body.secrets).toEqual({
      secret: 'set',
      apiKey: 'unset',
    });
    const twice = await add({ ...pbx, id: 'pbx-2', settings: { secret } });
    expect([twice.status, twice.body.errors]).toEqual([422, [{ field: 'secret', detail: expect.any(String) }]]);
  });

  it('of a vendor that signs nothing get a secret address, for admins to copy', async () => {
    const { body } = await add({ channel: 'call', vendor: 'unsigned', id: 'pbx-1' });

    const [address] = body.webhooks as [string];
    expect(address).toMatch(/^https:\/\/hooks\.example\.com\/hooks\/unsigned\/[\w-]{32}$/);
    expect(body.secrets).toMatchObject({ secret: 'set' });
    const secret = address.split('/').at(-1)!;
    await waitUntil('the adapter to know it', () => adapter.findByPathSecret('call', 'unsigned', secret));
    const token = await world.token('demo', 'agent');
    expect((await get('unsigned/pbx-1', { token })).body.webhooks).toEqual([
      'https://hooks.example.com/hooks/unsigned/***',
    ]);

    const renewed = await change('unsigned/pbx-1', { secret: null });
    expect(renewed.body.webhooks[0]).toMatch(/\/[\w-]{32}$/);
    expect(renewed.body.webhooks[0]).not.toBe(address);
    await waitUntil('the old one to be void', () => !adapter.findByPathSecret('call', 'unsigned', secret));
  });

  it.each([
    [{ ...pbx, secret: undefined }, 'secret', 'must be set: the PBX signs with it'],
    [{ ...pbx, hotlines: [1] }, 'hotlines.0', 'must be string'],
    [{ ...pbx, colour: 'red' }, 'colour', 'unknown, expected some of apiKey, hotlines, secret'],
    [{ ...pbx, channel: 'telex' }, 'channel', 'no adapter of that channel has ever run here, expected one of call'],
    [{ ...pbx, vendor: undefined }, 'vendor', 'missing, expected one of signed, unsigned'],
    [{ ...pbx, vendor: 'other' }, 'vendor', 'unknown, expected one of signed, unsigned'],
    [{ ...pbx, id: 7 }, 'id', 'must be the id that the vendor knows the account by, as text without spaces around it'],
    [
      { ...pbx, id: ' x' },
      'id',
      'must be the id that the vendor knows the account by, as text without spaces around it',
    ],
    [{ ...pbx, enabled: 'no' }, 'enabled', 'must be true or false'],
    [[], 'body', 'must be a JSON object'],
  ])('refuses %j', async (body, field, detail) => {
    const refused = await add(body);
    expect([refused.status, refused.body.errors]).toEqual([422, [{ field, detail }]]);
    expect(await world.sql('SELECT 1 FROM channel.account')).toEqual([]);
  });

  it('are changed field by field; secrets that are not named stay', async () => {
    await add({ ...pbx, apiKey: 'key-1' });
    const answer = await change('signed/pbx-1', { hotlines: ['1900000002'], apiKey: null, brand: 'gold' });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      brand: 'gold',
      settings: { hotlines: ['1900000002'] },
      secrets: { secret: 'set', apiKey: 'unset' },
    });
    expect(answer.body.changes[0]).toMatchObject({ kind: 'changed', fields: ['brand', 'apiKey', 'hotlines'] });
    await waitUntil('the adapter to follow', () => adapter.ownNumbers('demo').includes('1900000002'));
    expect(adapter.find('call', 'signed', 'pbx-1')?.settings).toEqual({
      secret: 'pbx-secret',
      hotlines: ['1900000002'],
    });
    expect((await change('signed/pbx-1', { secret: null })).body.errors).toMatchObject([{ field: 'secret' }]);
    expect((await change('signed/pbx-1', { id: 'pbx-9' })).body.errors).toMatchObject([{ field: 'id' }]);
    expect((await change('signed/pbx-1', { brand: 'gold', id: 'pbx-1' })).body.changes).toHaveLength(2);
  });

  it('are switched off and on, and tell by whom', async () => {
    await add(pbx);
    await waitUntil('the adapter to know it', () => adapter.find('call', 'signed', 'pbx-1'));
    const token = await world.token('demo', 'admin');
    const off = await world.ask<AccountWithChangesDto>('PATCH', '/v1/accounts/call/signed/pbx-1', {
      token,
      body: { enabled: false },
    });

    expect(off.body).toMatchObject({ enabled: false, changes: [{ actor: 'admin of demo', fields: ['enabled'] }, {}] });
    await waitUntil('the door to be shut', () => !adapter.find('call', 'signed', 'pbx-1'));
    await change('signed/pbx-1', { enabled: true });
    await waitUntil('the door to be open', () => adapter.find('call', 'signed', 'pbx-1'));
  });

  it('show what their adapter finds wrong with them, until it is mended', async () => {
    await add({ ...pbx, hotlines: ['bad'] });
    const problems = async () => (await get('signed/pbx-1')).body.problems;
    await waitUntil('the problem', async () => (await problems()).includes('hotlines: bad is no number'));
    await change('signed/pbx-1', { hotlines: ['1900000001'] });
    await waitUntil('no problem', async () => (await problems()).length === 0);
  });

  it('belong to one tenant, and nobody is told to which', async () => {
    await add(pbx);
    const again = await add(pbx);
    const foreign = await add({ ...pbx, secret: 'mine' }, { 'x-tenant': 'other' });

    expect([again.status, again.body.detail]).toEqual([409, 'The account is there already: change it by PATCH']);
    expect([foreign.status, foreign.body.detail]).toEqual([409, 'The account is taken']);
    expect(JSON.stringify(foreign.body)).not.toContain('demo');
    expect((await get('signed/pbx-1', { headers: { 'x-tenant': 'other' } })).status).toBe(404);
  });

  it('are changed by admins alone', async () => {
    await add(pbx);
    for (const role of ['supervisor', 'agent', 'service', 'analyst']) {
      const token = await world.token('demo', role);
      expect((await get('signed/pbx-1', { token })).status).toBe(200);
      const asking = { token, body: { enabled: false } };
      expect((await world.ask('PATCH', '/v1/accounts/call/signed/pbx-1', asking)).status).toBe(403);
      expect((await world.ask('POST', '/v1/accounts', { token, body: { ...pbx, id: 'pbx-2' } })).status).toBe(403);
    }
  });

  it('come in pages', async () => {
    for (const id of ['c', 'a', 'b']) await add({ ...pbx, id });
    await add({ ...pbx, id: 'foreign' }, { 'x-tenant': 'other' });
    const first = await world.ask<AccountsDto>('GET', '/v1/accounts?limit=2');
    const second = await world.ask<AccountsDto>('GET', `/v1/accounts?limit=2&cursor=${first.body.next}`);

    expect([...first.body.items, ...second.body.items].map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(second.body.next).toBeNull();
  });
});

describe('an account that stands in ACCOUNTS_FILE too', () => {
  const { channel, vendor, id, ...settings } = pbx;
  const seedOf = (changed: object): Seed => ({
    tenants: [{ id: 'demo', name: 'Demo', brand: 'demo', orderCodePattern: null }],
    accounts: [
      { tenant: 'demo', channel, vendor, id, brand: null, enabled: true, settings: { ...settings, ...changed } },
    ],
  });
  const hotlines = async () => (await get('signed/pbx-1')).body.settings['hotlines'];

  it('keeps what was changed by API until its entry in the file changes', async () => {
    await startAdapter(seedOf({}));
    await change('signed/pbx-1', { hotlines: ['1900000002'] });
    await startAdapter(seedOf({}));
    expect(await hotlines()).toEqual(['1900000002']);

    await startAdapter(seedOf({ hotlines: ['1900000003'] }));
    expect(await hotlines()).toEqual(['1900000003']);
    const { changes } = (await get('signed/pbx-1')).body;
    expect(changes.map(({ actor, kind }) => [actor, kind])).toEqual([
      ['ACCOUNTS_FILE', 'changed'],
      ['operator', 'changed'],
      ['ACCOUNTS_FILE', 'created'],
    ]);
  });
});
