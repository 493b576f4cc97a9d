import { randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Health, JsonLogger, Shutdown, type ProcessContext } from '@lienmach/platform';
import pg from 'pg';
import {
  CoreSettings,
  createCore,
  createDataSource,
  itemWords,
  ResolveService,
  type MadeTokenDto,
} from '../../../apps/core/src/public.js';
import { adminToken, createDatabase, temporaryFolder } from '../../support/index.js';

export interface Answer<T> {
  status: number;
  headers: Record<string, unknown>;
  body: T;
}

export interface Asking {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Operation {
  parameters: { in: string; name: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, unknown>; required?: string[] }> };
}

/** Core's API over a database of its own, two tenants, rows seeded by SQL. */
export interface World {
  readonly databaseUrl: string;
  ask<T = unknown>(method: string, url: string, asking?: Asking): Promise<Answer<T>>;
  sql<T extends object>(text: string, parameters?: unknown[]): Promise<T[]>;
  /** A token of that role. */
  token(tenant: string, role: string): Promise<string>;
  openapi(): Promise<OpenApi>;
  /** Works dirty marks off as soon as they are announced, as core's own loop would, by default by taking them away; returns how to stop. */
  workOffMarks(work?: () => Promise<void>): Promise<() => Promise<void>>;
  takeMarksAway(): Promise<void>;
  close(): Promise<void>;
}

const ACCOUNTS = JSON.stringify({
  tenants: [
    { id: 'demo', name: 'Demo' },
    { id: 'other', name: 'Other' },
  ],
});

/** Settings of a process that serves the API alone. */
export function apiSettings(databaseUrl: string, changed: Partial<CoreSettings> = {}): CoreSettings {
  const accountsFile = join(temporaryFolder('api'), 'accounts.json');
  writeFileSync(accountsFile, ACCOUNTS);
  return Object.assign(new CoreSettings(), {
    databaseUrl,
    secretsKey: randomBytes(32),
    accountsFile,
    coreRoles: ['api'],
    adminToken,
    lienmachEmbedded: true,
    ...changed,
  });
}

/** A process that ends by `shutdown.run` without ending the test. */
export function quietProcess(): ProcessContext {
  const logger = JsonLogger.create({ name: 'test', level: 'silent' });
  return { name: 'test', logger, health: new Health(), shutdown: new Shutdown(logger, 9_000, () => undefined) };
}

/** A world in which transaction 2 runs too: at once after whatever the API writes, and when it is asked for. */
export interface ResolvingWorld extends World {
  resolveAll(): Promise<void>;
}

export async function newResolvingWorld(): Promise<ResolvingWorld> {
  const world = await newWorld();
  const source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_ingest' }).initialize();
  const resolveAll = async (): Promise<void> => {
    const service = new ResolveService(source);
    while ((await service.resolveSome(100)).marks > 0);
  };
  const stopWorkingOff = await world.workOffMarks(resolveAll);
  const close = async (): Promise<void> => {
    await stopWorkingOff();
    await source.destroy();
    await world.close();
  };
  return { ...world, resolveAll, close };
}

export async function newWorld(changed: Partial<CoreSettings> = {}): Promise<World> {
  const database = await createDatabase();
  const context = quietProcess();
  const app = await createCore(context, apiSettings(database.url, changed));
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });

  const world: World = {
    databaseUrl: database.url,
    async ask<T>(method: string, url: string, { token = adminToken, body, headers = {} }: Asking = {}) {
      const reply = await app.inject({
        method: method.toUpperCase() as 'GET',
        url,
        headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
        ...(body !== undefined && { payload: body as object }),
      });
      const text = reply.body;
      return { status: reply.statusCode, headers: reply.headers, body: (text ? JSON.parse(text) : null) as T };
    },
    async sql<T extends object>(text: string, parameters: unknown[] = []) {
      return (await pool.query<T>(text, parameters)).rows;
    },
    async token(tenant, role) {
      const made = await world.ask<MadeTokenDto>('POST', '/v1/tokens', {
        body: { tenant, role, name: `${role} of ${tenant}` },
      });
      return made.body.token;
    },
    async openapi() {
      return (await world.ask<OpenApi>('GET', '/v1/openapi.json', { token: '' })).body;
    },
    async workOffMarks(work = () => world.takeMarksAway()) {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      let working = Promise.resolve();
      client.on('notification', () => {
        working = working.then(work);
      });
      await client.query('LISTEN core_dirty');
      return async () => {
        await working;
        await client.end();
      };
    },
    async takeMarksAway() {
      await pool.query('DELETE FROM core.dirty');
    },
    async close() {
      await context.shutdown.run('end of the test');
      await pool.end();
      await database.drop();
    },
  };
  return world;
}

export interface SeededIdentifier {
  id: string;
  /** Id of the person whose id-giving member it is. */
  seed: string;
}

export async function seedIdentifier(
  world: World,
  fields: { tenant?: string; type?: string; scope?: string | null; value?: string; class?: string; name?: string } = {},
): Promise<SeededIdentifier> {
  const made = { id: randomUUID(), seed: randomUUID() };
  const { tenant = 'demo', type = 'fb_psid', scope = '1234567890', value = randomUUID(), name = null } = fields;
  await world.sql(
    `INSERT INTO core.identifier (tenant, id, type, scope, value, class, name, name_at, first_own_at, first_own_hash, person_seed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '2026-01-01', $2, $9)`,
    [tenant, made.id, type, scope, value, fields.class ?? 'personal', name, name && '2026-01-01', made.seed],
  );
  return made;
}

/** A person of the given identifiers, whose first gives the id. */
export async function seedPerson(
  world: World,
  identifiers: readonly SeededIdentifier[],
  { tenant = 'demo', level = 'corroborated' } = {},
): Promise<string> {
  const [root] = identifiers as [SeededIdentifier];
  await world.sql(
    `INSERT INTO core.person (tenant, id, root_identifier_id, root_epoch, last_at) VALUES ($1, $2, $3, 1, now())`,
    [tenant, root.seed, root.id],
  );
  for (const { id } of identifiers) {
    await world.sql(
      `INSERT INTO core.node (tenant, identifier_id, epoch, person_id, level) VALUES ($1, $2, 1, $3, $4)
       ON CONFLICT (tenant, identifier_id, epoch) DO UPDATE SET person_id = excluded.person_id, level = excluded.level`,
      [tenant, id, root.seed, id === root.id ? 'verified' : level],
    );
  }
  return root.seed;
}

export interface SeededItem {
  tenant?: string;
  identifier: string;
  at: string;
  thread?: string;
  segment?: string | null;
  channel?: string;
  kind?: string;
  hash?: string;
  state?: object;
}

const THREAD = '0f6d2c1e-6c2f-4b0a-9d38-000000000001';

export async function seedThread(world: World, { tenant = 'demo', id = THREAD } = {}): Promise<string> {
  await world.sql(
    `INSERT INTO core.thread (tenant, id, channel, account, thread) VALUES ($1, $2, 'facebook', '1234567890', '77') ON CONFLICT DO NOTHING`,
    [tenant, id],
  );
  return id;
}

/** An item with the whole state that the fold would leave. Returns its id. */
export async function seedItem(world: World, item: SeededItem): Promise<string> {
  const id = randomUUID();
  const { tenant = 'demo', channel = 'facebook', kind = 'message', hash = randomUUID(), at } = item;
  const state = {
    hasBase: true,
    late: false,
    kind,
    type: 'message.received',
    channel,
    vendor: channel,
    account: '1234567890',
    thread: '77',
    direction: 'inbound',
    author: { kind: 'customer', name: 'Nguyễn An', id: null },
    text: 'SĐT em 0900 000 123',
    attachments: [],
    replyTo: null,
    edited: false,
    removed: false,
    hidden: false,
    reactions: [],
    delivery: null,
    callState: null,
    at: Date.parse(at),
    ...item.state,
  };
  await world.sql(
    `INSERT INTO core.item (tenant, id, thread_id, channel, account, brand, family, kind, at, hash, received_at, shown, identifier_id, owned,
       customer, counts, waits, thanks, segment_id, state)
     VALUES ($1, $2, $3, $4, '1234567890', 'demo', 'chat', $5, $6, $7, $6, true, $8, true, true, true, true, false, $9, $10)`,
    [tenant, id, item.thread ?? THREAD, channel, kind, at, hash, item.identifier, item.segment ?? null, state],
  );
  await world.sql('INSERT INTO core.item_words (tenant, item_id, at, words) VALUES ($1, $2, $3, $4)', [
    tenant,
    id,
    at,
    itemWords(tenant, state as unknown as Parameters<typeof itemWords>[1]),
  ]);
  return id;
}

export async function seedConversation(
  world: World,
  fields: {
    personId: string;
    identifier: string;
    tenant?: string;
    state?: string;
    waitingSince?: string;
    lastAt?: string;
  },
): Promise<{ id: string; segment: string; thread: string }> {
  const { tenant = 'demo', personId, identifier, state = 'open', waitingSince = null } = fields;
  const { lastAt = '2026-11-20T02:00:00Z' } = fields;
  const made = {
    id: randomUUID(),
    segment: randomUUID(),
    thread: await seedThread(world, { tenant, id: randomUUID() }),
  };
  await world.sql(
    `INSERT INTO core.conversation (tenant, id, person_id, brand, state, started_at, last_at, channels, ambiguous, waiting_since)
     VALUES ($1, $2, $3, 'demo', $4, '2026-11-20T01:00:00Z', $5, '{facebook}', false, $6)`,
    [tenant, made.id, personId, state, lastAt, waitingSince],
  );
  await world.sql(
    `INSERT INTO core.segment (tenant, id, person_id, thread_id, identifier_id, channel, account, conversation_id, started_at, started_by, last_at)
     VALUES ($1, $2, $3, $4, $5, 'facebook', '1234567890', $6, '2026-11-20T01:00:00Z', $2, $7)`,
    [tenant, made.segment, personId, made.thread, identifier, made.id, lastAt],
  );
  return made;
}

export async function seedEvidence(
  world: World,
  fields: {
    kind: string;
    a: string;
    b: string | null;
    tenant?: string;
    at?: string;
    strength?: string;
    actor?: string;
  },
): Promise<string> {
  const id = randomUUID();
  const { tenant = 'demo', kind, a, b, at = '2026-11-20T02:00:00Z', strength = 'claimed', actor = null } = fields;
  await world.sql(
    `INSERT INTO core.evidence (tenant, id, kind, strength, a, b, at, actor, rule) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'I3')`,
    [tenant, id, kind, strength, a, b, at, actor],
  );
  return id;
}
