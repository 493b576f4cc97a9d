import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource, type ActDto, type JobStartedDto, type MadeTokenDto } from '../../../apps/core/src/public.js';
import { seedConversation, seedEvidence, seedIdentifier, seedItem, seedPerson, seedThread } from './seed.js';
import { newWorld, type Asking, type OpenApi, type Operation, type World } from './world.js';

let world: World;
let stopWorkingOff: () => Promise<void>;
let calls: Call[];

interface Call {
  name: string;
  method: string;
  url: string;
  /** Made anew for each request: what is new must have a new id. */
  body: Record<string, unknown> | string | undefined;
  type: string | undefined;
  hasId: boolean;
}

const NDJSON = 'application/x-ndjson';
const VALUE = '7788990011223344';
/** Everything of tenant demo that another tenant could ask for, by the collection in the path. */
const ids: Record<string, string> = {};
const fields: Record<string, unknown> = {
  reason: 'a test',
  role: 'agent',
  name: 'a test',
  text: 'a test {code}',
  week: {},
  channel: 'facebook',
  get id() {
    return `new-${randomUUID()}`;
  },
};

beforeAll(async () => {
  world = await newWorld();
  stopWorkingOff = await world.workOffMarks();
  await seedThread(world);
  const one = await seedIdentifier(world, { value: VALUE, name: 'Nguyễn Văn Bí Mật' });
  const two = await seedIdentifier(world, { type: 'phone', scope: null, value: '+84900000123' });
  ids['people'] = await seedPerson(world, [one]);
  fields['personId'] = await seedPerson(world, [two]);
  const conversation = await seedConversation(world, { personId: ids['people'], identifier: one.id });
  ids['conversations'] = conversation.id;
  const { thread, segment } = conversation;
  // lately enough to be answered
  const at = new Date(Date.now() - 60 * 60 * 1000).toISOString();
  const state = { text: 'bi mat nha, SĐT em 0900 000 123' };
  await seedItem(world, { identifier: one.id, at, thread, segment, state });
  const other = await seedConversation(world, { personId: ids['people'], identifier: one.id });
  const second = await seedConversation(world, { personId: ids['people'], identifier: one.id });
  await world.sql('UPDATE core.segment SET conversation_id = $1 WHERE id = $2', [conversation.id, second.segment]);
  for (const { segment: earlier } of [other, second])
    await seedItem(world, { identifier: one.id, at: '2026-11-20T02:00:00Z', segment: earlier });
  fields['conversationId'] = other.id;
  fields['segmentId'] = second.segment;
  ids['identifiers'] = two.id;
  const claimed = await seedIdentifier(world, { type: 'phone', scope: null, value: '+84900000124' });
  await seedEvidence(world, { kind: 'claim', a: one.id, b: claimed.id });
  fields['identifierId'] = claimed.id;
  const [confirmation] = await world.sql<{ id: string }>(
    `INSERT INTO core.confirmation (tenant, id, claimant_id, identifier_id, channel, account, code_hash, guesses, at, expires_at, actor, idempotency_key, request_hash)
     VALUES ('demo', gen_random_uuid(), $1, $2, 'sms', 'brand', '', 5, now() - interval '2 days', now(), 'a', 'k', '') RETURNING id`,
    [one.id, two.id],
  );
  ids['confirmations'] = confirmation!.id;
  ids['profile-edits'] = randomUUID();
  await world.sql(
    `INSERT INTO core.profile_edit (tenant, id, identifier_id, field, value, at, actor, reason) VALUES ('demo', $1, $2, 'name', 'Bí Mật', now(), 'a', 'r')`,
    [ids['profile-edits'], one.id],
  );
  ids['evidence'] = await seedEvidence(world, { kind: 'claim', a: one.id, b: two.id });
  const act = await world.ask<ActDto>('POST', `/v1/conversations/${conversation.id}/resolve`);
  ids['acts'] = act.body.actId;
  const made = await world.ask<MadeTokenDto>('POST', '/v1/tokens', {
    body: { tenant: 'demo', role: 'agent', name: 'to be revoked' },
  });
  ids['tokens'] = made.body.id;
  const imported = { token: undefined, type: NDJSON, body: '{"crmId":"7","phones":["0900000124"]}' };
  ids['jobs'] = ((await ask('post', '/v1/identities/import', imported)).body as JobStartedDto).jobId;
  ids['accounts'] = 'page-of-demo';
  await world.sql(
    `WITH told AS (INSERT INTO channel.definition (channel, vendor, settings_schema, secrets, doors) VALUES ('facebook', 'facebook', '{}', '{}', '{}'))
     INSERT INTO channel.account (tenant, channel, vendor, id) VALUES ('demo', 'facebook', 'facebook', $1), ('demo', 'sms', 'twilio', '+84900000199')`,
    [ids['accounts']],
  );
  // no adapter runs here: what it would answer to a test of the account is there at once
  await world.sql(
    `CREATE FUNCTION channel.answer_at_once() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN NEW.ok := true; NEW.detail := ''; NEW.answered_at := now(); RETURN NEW; END $$`,
  );
  await world.sql(
    'CREATE TRIGGER answered BEFORE INSERT ON channel.account_test FOR EACH ROW EXECUTE FUNCTION channel.answer_at_once()',
  );
  calls = callsOf(await world.openapi());
}, 60_000);
afterAll(async () => {
  await stopWorkingOff();
  await world.close();
});

/** One call per operation of the OpenAPI document, so that a new endpoint is covered by itself; a stream has no end to wait for, live.spec.ts reads it. */
function callsOf(document: OpenApi): Call[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(
        ([, { responses }]) => !Object.values(responses).some(({ content }) => 'text/event-stream' in (content ?? {})),
      )
      .map(([method, operation]) => ({
        name: `${method} ${path}`,
        method,
        url: urlOf(path, operation),
        get body() {
          return bodyOf(document, operation);
        },
        type: Object.keys(operation.requestBody?.content ?? {})[0],
        hasId: path.includes('{id}'),
      })),
  );
}

function urlOf(path: string, operation: Operation): string {
  const filled = path
    .replace('{channel}/{vendor}', 'facebook/facebook')
    .replace('{id}', () => known(ids, path.split('/')[2]!))
    .replace('{type}/{value}', `fb_psid/${VALUE}?scope=1234567890`);
  expect(filled).not.toContain('{');
  const wanted = operation.parameters.filter((one) => one.in === 'query' && one.required);
  return filled + wanted.map((one) => `?${one.name}=${one.name === 'q' ? 'Bí Mật' : ''}`).join('');
}

function bodyOf(document: OpenApi, operation: Operation): Record<string, unknown> | string | undefined {
  const lines = operation.requestBody?.content[NDJSON];
  if (lines) return lines.schema.example;
  const reference = operation.requestBody?.content['application/json']?.schema.$ref;
  if (!reference) return undefined;
  const { properties, required = [] } = document.components.schemas[reference.split('/').at(-1)!]!;
  const names = new Set([...required, ...['personId', 'segmentId', 'text'].filter((name) => name in properties)]);
  return Object.fromEntries([...names].map((name) => [name, known(fields, name)]));
}

function known<T>(values: Record<string, T>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`this test does not know what "${name}" is: give it one of tenant demo`);
  return value;
}

const counts = (): Promise<object[]> =>
  world.sql(
    `SELECT (SELECT count(*) FROM core.evidence) AS evidence, (SELECT count(*) FROM core.retraction) AS retractions,
            (SELECT count(*) FROM core.act) AS acts, (SELECT count(*) FROM core.act_undo) AS undos, (SELECT count(*) FROM core.reply) AS replies,
            (SELECT count(*) FROM core.confirmation) AS confirmations, (SELECT count(*) FROM core.profile_edit) AS edits,
            (SELECT count(*) FROM core.profile_edit_undo) AS edits_undone,
            (SELECT count(*) FROM core.calendar WHERE tenant = 'demo') AS calendars,
            (SELECT count(*) FROM core.job WHERE tenant = 'demo') AS jobs,
            (SELECT count(*) FROM core.api_token WHERE tenant = 'demo' AND revoked_at IS NULL) AS tokens,
            (SELECT jsonb_agg(a ORDER BY id) FROM channel.account a WHERE tenant = 'demo') AS accounts`,
  );

/** With the headers that only some need. */
const ask = (method: string, url: string, { token, body, type }: Asking & { type?: string }) =>
  world.ask(method, url, {
    token,
    body,
    headers: { 'idempotency-key': 'a test', ...(type && { 'content-type': type }) },
  });

describe('over every endpoint', () => {
  it("another tenant's token finds nothing of ours and changes nothing", async () => {
    const stranger = await world.token('other', 'admin');
    const before = await counts();

    for (const { name, method, url, body, type, hasId } of calls) {
      const answer = await ask(method, url, { token: stranger, body, type });
      const text = JSON.stringify(answer.body);
      if (hasId) expect([name, answer.status]).toEqual([name, 404]);
      for (const secret of [
        ...Object.values(ids),
        ...['personId', 'conversationId', 'segmentId', 'identifierId'].map((name) => String(fields[name])),
        'Mật',
        'bi mat',
        '84900000123',
      ]) {
        if (!hasId) expect(`${name} ${text}`).not.toContain(secret);
      }
    }

    expect(calls.length).toBeGreaterThanOrEqual(15);
    expect(await counts()).toEqual(before);
  });

  it('no token is 401, and so is a wrong one', async () => {
    for (const { name, method, url, body, type } of calls) {
      for (const token of ['', 'lm_wrong']) {
        const answer = await ask(method, url, { token, body, type });
        expect([name, answer.status, answer.headers['www-authenticate']]).toEqual([name, 401, 'Bearer']);
      }
    }
  });

  it('analysts may read and may not write', async () => {
    const analyst = await world.token('demo', 'analyst');
    for (const { name, method, url, body, type } of calls) {
      const answer = await ask(method, url, { token: analyst, body, type });
      const expected = method === 'get' && !url.startsWith('/v1/tokens') ? 200 : 403;
      expect([name, answer.status]).toEqual([name, expected]);
      expect([name, JSON.stringify(answer.body)]).not.toEqual([
        name,
        expect.stringMatching(/Mật|84900000123|0900 000 123/),
      ]);
    }
  });

  it('an id that is none, or is nobody’s, is 404', async () => {
    for (const { name, method, url, body, type, hasId } of calls) {
      if (!hasId) continue;
      for (const id of ['x', "1' OR 1=1", '00000000-0000-4000-8000-000000000000']) {
        const answer = await ask(method, url.replace(/(\/v1\/[\w-]+\/)[^/?]+/, `$1${encodeURIComponent(id)}`), {
          body,
          type,
        });
        expect([name, answer.status]).toEqual([name, 404]);
      }
    }
  });

  it('our own token is answered: the proofs above prove something', async () => {
    const own = await world.token('demo', 'admin');
    for (const { name, method, url, body, type } of calls) {
      const answer = await ask(method, url, { token: own, body, type });
      expect([name, [200, 201, 202, 204].includes(answer.status)]).toEqual([name, true]);
      if (url.includes('?q='))
        expect([name, JSON.stringify(answer.body)]).toEqual([name, expect.stringContaining('Mật')]);
    }
  });
});

describe('the database itself', () => {
  it('shows the API role no row while no tenant is named, and only the named one after', async () => {
    const source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_api' }).initialize();
    const tables: { name: string }[] = await source.query(
      `SELECT DISTINCT c.table_schema || '.' || c.table_name AS name FROM information_schema.columns c JOIN information_schema.role_table_grants g USING (table_schema, table_name)
       WHERE c.table_schema IN ('core', 'channel') AND c.column_name = 'tenant' AND g.grantee = 'lienmach_api' AND g.privilege_type = 'SELECT'`,
    );
    const rowsSeen = async (tenant: string | null): Promise<number> => {
      const runner = source.createQueryRunner();
      await runner.query('BEGIN');
      if (tenant !== null) await runner.query(`SELECT set_config('app.tenant', $1, true)`, [tenant]);
      const union = tables.map(({ name }) => `SELECT tenant FROM ${name}`).join(' UNION ALL ');
      const seen = (await runner.query(union)) as { tenant: string }[];
      await runner.query('ROLLBACK');
      await runner.release();
      expect(seen.filter((row) => row.tenant !== tenant)).toEqual([]);
      return seen.length;
    };

    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['core.item', 'channel.account']));
    expect(tables.length).toBeGreaterThan(15);
    expect(await rowsSeen(null)).toBe(0);
    expect(await rowsSeen('')).toBe(0);
    expect(await rowsSeen('demo')).toBeGreaterThan(5);
    await source.destroy();
  });

  it('lets the API role write no row of another tenant', async () => {
    const source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_api' }).initialize();
    const runner = source.createQueryRunner();
    await runner.query('BEGIN');
    await runner.query(`SELECT set_config('app.tenant', 'other', true)`);

    await expect(
      runner.query(`INSERT INTO core.dirty (tenant, at, identity, refold) VALUES ('demo', now(), true, true)`),
    ).rejects.toThrow(/row-level security/);

    await runner.query('ROLLBACK');
    await runner.release();
    await source.destroy();
  });
});
