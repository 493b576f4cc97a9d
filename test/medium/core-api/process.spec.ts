import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCore } from '../../../apps/core/src/public.js';
import { createDatabase, waitUntil, type TestDatabase } from '../../support/index.js';
import { apiSettings, newWorld, quietProcess, type World } from './world.js';

describe('a process outside embedded mode', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  const refusal = async (changed: Parameters<typeof apiSettings>[1]): Promise<string> => {
    const context = quietProcess();
    try {
      await createCore(context, apiSettings(database.url, { lienmachEmbedded: false, ...changed }));
      return 'started';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await context.shutdown.run('end of the test');
    }
  };

  it('does not start without a first token', async () => {
    expect(await refusal({ adminToken: undefined })).toMatch(/^ADMIN_TOKEN is missing: expected /);
  });

  it('does not start as a superuser, to whom tenants are no bounds', async () => {
    expect(await refusal({})).toMatch(/^DATABASE_URL names a superuser/);
  });
});

describe('a process whose connections PostgreSQL ends', () => {
  let world: World;
  beforeAll(async () => {
    world = await newWorld();
  });
  afterAll(() => world.close());

  it('tells clients to come again, and soon answers by itself', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect((await world.ask('GET', '/v1/conversations')).status).toBe(200);
      await world.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lienmach-api' AND datname = current_database()`,
      );
      const first = await world.ask('GET', '/v1/conversations');
      if (first.status !== 200) expect([first.status, first.headers['retry-after']]).toEqual([503, '2']);
      await waitUntil('an answer', async () => (await world.ask('GET', '/v1/conversations')).status === 200);
    }
  });
});
