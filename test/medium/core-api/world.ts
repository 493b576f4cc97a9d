import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Health, JsonLogger, Shutdown, type ProcessContext } from '@lienmach/platform';
import pg from 'pg';
import {
  CoreSettings,
  createCore,
  createDataSource,
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
  /** An object travels as JSON, a text as it is: `headers` say what it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Operation {
  parameters: { in: string; name: string; required?: boolean }[];
  requestBody?: { content: Record<string, { schema: { $ref: string; example?: string } }> };
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

export async function newResolvingWorld(changed: Partial<CoreSettings> = {}): Promise<ResolvingWorld> {
  const world = await newWorld(changed);
  const source = await createDataSource({ url: world.databaseUrl, role: 'lienmach_ingest' }).initialize();
  const resolveAll = async (): Promise<void> => {
    const service = new ResolveService(source);
    for (;;) {
      while ((await service.resolveSome(100)).marks > 0);
      // what the other one holds, who works off whenever the API says that there is something, was passed over
      if ((await world.sql('SELECT FROM core.dirty LIMIT 1')).length === 0) return;
    }
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
